;; Directories, what they are called, what can be done in them, and what the program is seen to do.
;; RUN: ahead run directories.wat --dir . --trace wasi
;; RUN: list
;; RUN[20]: ahead run directories.wat --dir .
;; RUN[69]: ahead run directories.wat --dir .:ro
;; RUN[8]: ahead run directories.wat
;; RUN[1]: ahead run directories.wat --dir missing
;; RUN[1]: ahead run directories.wat --dir directories.wat
;; RUN[2]: ahead run directories.wat --dir ::/
;; RUN[2]: ahead run directories.wat --dir . --max-fds 3
;; RUN[2]: ahead run directories.wat --dir . --max-memory 1Q
;; RUN[1]: ahead run directories.wat --dir . --max-memory 64K --stdin missing
;; RUN: ahead run directories.wat --dir . --invoke name
(module
  (import "wasi_snapshot_preview1" "path_create_directory"
    (func $create (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_dir_name"
    (func $name (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "made")
  (func (export "name") (result i32 i32)
    (call $name (i32.const 3) (i32.const 0) (i32.const 16))
    (i32.load8_u (i32.const 0)))
  (func (export "_start")
    (call $exit (call $create (i32.const 3) (i32.const 16) (i32.const 4)))))
