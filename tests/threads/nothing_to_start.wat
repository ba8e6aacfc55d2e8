;; Without `wasi_thread_start` there is no thread: `nosys`.
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (func (export "_start")
    (if (i32.ne (call $spawn (i32.const 0)) (i32.const -52)) (then unreachable))))
