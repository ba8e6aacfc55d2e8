;; RUN[1]: ahead compile proposal_not_built.wat -o proposal.so
;; RUN[1]: ahead compile proposal_not_built.wat -o proposal.so --wasm threads
(module
  (memory 1 1)
  (func $parse_header (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0)))))
