;; Threads that start threads, all of them without end, until one exits.
;; EXIT: 21
;; OPTIONS: --max-threads 50
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (export "memory" (memory 0))
  (func $bomb (param $depth i32)
    (loop $more
      (if (i32.lt_s (call $spawn (i32.add (local.get $depth) (i32.const 1))) (i32.const 0))
        (then (call $exit (i32.const 21))))
      (br $more)))
  (func (export "wasi_thread_start") (param i32 i32) (call $bomb (local.get 1)))
  (func (export "_start") (call $bomb (i32.const 0))))
