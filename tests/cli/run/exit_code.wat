;; RUN: ahead compile -v exit_code.wat -o exit_code.so --target aarch64 --bounds explicit -O none
;; RUN[2]: ahead run exit_code.wat
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (call $exit (i32.const 2))))
