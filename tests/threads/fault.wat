;; An access beyond the shared memory, in a thread, while the first one computes.
;; EXIT: 134
;; SAYS: out of bounds memory access
;; SAYS: beyond
(module
  (import "env" "memory" (memory 1 2 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (func $beyond (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "wasi_thread_start") (param i32 i32) (drop (call $beyond (local.get 1))))
  (func (export "_start")
    (drop (call $spawn (i32.const 65533)))
    (loop $ever (br $ever))))
