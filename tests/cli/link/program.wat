;; An executable: needs no runtime beside it, and says what was missing to make one.
;; RUN: ahead compile program.wat -o program
;; RUN[3]: ./program
;; RUN: ahead inspect program
;; RUN[1]: ahead compile program.wat -o other --linker no-such-linker
;; RUN[1]: ahead compile program.wat -o other --linker false
;; RUN[1]: ahead compile program.wat -o other --runtime-lib missing
;; RUN[1]: ahead compile program.wat -o other --target aarch64 --runtime-lib .
;; RUN: list
(module
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (func (export "_start") (call $exit (i32.const 3))))
