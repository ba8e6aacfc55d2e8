;; How much a program may write and make. What it writes to a pipe takes no room.
;; RUN: ahead run quotas.wat --dir . --max-files 1
;; RUN[19]: ahead run quotas.wat --dir . --max-files 0 -- second
;; RUN[20]: ahead run quotas.wat --dir . --max-files 0
;; RUN[10]: ahead run quotas.wat --invoke ten --stdout out --max-written 10
;; RUN: show out
;; RUN[4]: ahead run quotas.wat --invoke ten --stdout out --max-written 4
;; RUN: show out
;; RUN[19]: ahead run quotas.wat --invoke ten --stdout out --max-written 0
;; RUN[10]: ahead run quotas.wat --invoke ten --max-written 0
;; RUN[2]: ahead run quotas.wat --max-written lots
;; RUN[2]: ahead run quotas.wat --max-files -1
(module
  (import "wasi_snapshot_preview1" "path_create_directory"
    (func $create (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "made")
  (data (i32.const 32) "0123456789")
  (data (i32.const 48) "\20\00\00\00\0a\00\00\00")
  ;; Writes ten bytes; exits with how many were written, or why not.
  (func (export "ten")
    (local $errno i32)
    (local.set $errno (call $write (i32.const 1) (i32.const 48) (i32.const 1) (i32.const 0)))
    (call $exit (select (local.get $errno) (i32.load (i32.const 0)) (local.get $errno))))
  ;; Makes a directory, of another name if there is an argument; exits with the error.
  (func (export "_start")
    (drop (call $args (i32.const 0) (i32.const 4)))
    (call $exit
      (call $create (i32.const 3) (i32.const 16) (i32.sub (i32.const 5) (i32.load (i32.const 0)))))))
