;; An executable's directories are kept in it and opened where it is started; its command line is its own.
;; RUN: ahead compile directories.wat -o none
;; RUN: ahead compile directories.wat -o own --dir .
;; RUN: ahead compile directories.wat -o readonly --dir .::/:ro
;; RUN: ahead compile directories.wat -o elsewhere --dir missing
;; RUN[8]: ./none --dir .
;; RUN: ./own
;; RUN[20]: ./own
;; RUN[69]: ./readonly
;; RUN[1]: ./elsewhere
;; RUN[2]: ahead compile directories.wat -o own.so --dir .
;; RUN[2]: ahead compile directories.wat -o own --dir :ro
;; RUN: list
(module
  (import "wasi_snapshot_preview1" "path_create_directory"
    (func $create (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "made")
  (func (export "_start")
    (call $exit (call $create (i32.const 3) (i32.const 16) (i32.const 4)))))
