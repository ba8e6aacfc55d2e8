;; A trap in a thread ends the program, though the first thread waits for ever.
;; EXIT: 134
;; SAYS: wasm trap: wasm `unreachable`
;; SAYS: boom
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (func $boom unreachable)
  (func (export "wasi_thread_start") (param i32 i32) (call $boom))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))
