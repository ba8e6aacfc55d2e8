;; A command without threads: exits with what `work` gives.
(module $plain
  (import "wasi_snapshot_preview1" "proc_exit" (func $proc_exit (param i32)))
  (import "host" "work" (func $work (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "twice") (export "work") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func (export "_start") (call $proc_exit (call $work (i32.const 21)))))
