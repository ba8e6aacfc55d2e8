;; RUN[1]: ahead compile proposal_not_built.wat -o proposal.so
;; RUN[1]: ahead compile proposal_not_built.wat -o proposal.so --wasm memory-control
(module
  (memory 1 1)
  (func $parse_header (memory.discard (i32.const 0) (i32.const 0))))
