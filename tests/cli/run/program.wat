;; A WASI command: arguments, environment, output, exit code.
;; RUN: ahead run program.wat
;; RUN[7]: ahead run program.wat -- a b
;; RUN: ahead compile program.wat -o program.so
;; RUN[7]: ahead run program.so -- a b
;; RUN[7]: ahead run program.so a b
;; RUN[5]: ahead run --env A=1 program.so -- --env B=2
(module
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "environ_sizes_get" (func $env (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\20\00\00\00\06\00\00\00")
  (data (i32.const 32) "hello\n")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))
    (drop (call $args (i32.const 64) (i32.const 68)))
    (drop (call $env (i32.const 72) (i32.const 76)))
    (if (i32.load (i32.const 72)) (then (call $exit (i32.const 5))))
    (if (i32.eq (i32.load (i32.const 64)) (i32.const 3)) (then (call $exit (i32.const 7))))))
