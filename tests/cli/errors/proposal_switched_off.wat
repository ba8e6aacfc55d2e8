;; RUN: ahead compile proposal_switched_off.wat -o on.so
;; RUN[1]: ahead compile proposal_switched_off.wat -o off.so --wasm=-multi-value
;; RUN[1]: ahead compile proposal_switched_off.wat -o off.so --wasm mvp
;; RUN: list
(module
  (func $pair (result i32 i32) (i32.const 1) (i32.const 2)))
