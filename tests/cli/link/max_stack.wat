;; An executable keeps how much stack its program has, more than the main thread has or less.
;; RUN: ahead compile max_stack.wat -o plain
;; RUN[134]: ./plain
;; RUN: ahead compile max_stack.wat -o deep --max-stack 64M
;; RUN[7]: ./deep
;; RUN: ahead compile max_stack.wat -o endless --max-stack 999999999G
;; RUN[1]: ./endless
;; RUN[2]: ahead compile max_stack.wat -o max_stack.so --max-stack 64M
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func $depth (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (i32.add (call $depth (i32.sub (local.get 0) (i32.const 1))) (i32.const 1)))
      (else (i32.const 0))))
  (func (export "_start")
    (call $exit (i32.sub (call $depth (i32.const 600000)) (i32.const 599993)))))
