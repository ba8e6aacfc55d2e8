;; A program has the stack of a native one. It can be given another, larger than the main thread's as well.
;; RUN: ahead run max_stack.wat --invoke depth 100000
;; RUN: ahead run max_stack.wat --invoke depth 600000 --max-stack 64M
;; RUN[134]: ahead run max_stack.wat --invoke depth 100000 --max-stack 1M
;; RUN[1]: ahead run max_stack.wat --invoke depth 1 --max-stack 999999999G
;; RUN[2]: ahead run max_stack.wat --invoke depth 1 --max-stack deep
(module
  (func $depth (export "depth") (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (call $depth (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
      (else (i32.const 0)))))
