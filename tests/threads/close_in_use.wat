;; Four threads write to a descriptor that is closed under them, and a fifth moves others onto it: a call has the
;; descriptor as it found it, or `badf`.
;; STDOUT-OF: x
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_renumber" (func $renumber (param i32 i32) (result i32)))
  (export "memory" (memory 0))
  (func (export "wasi_thread_start") (param $id i32) (param $place i32) (local $error i32)
    ;; An iovec of one byte.
    (i32.store (local.get $place) (i32.const 64))
    (i32.store offset=4 (local.get $place) (i32.const 1))
    (loop $again
      (local.set $error
        (call $write (i32.const 1) (local.get $place) (i32.const 1) (i32.add (local.get $place) (i32.const 8))))
      (br_if $again (i32.eqz (local.get $error))))
    (if (i32.ne (local.get $error) (i32.const 8)) (then unreachable))
    (drop (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
  (func (export "_start") (local $index i32) (local $done i32)
    (i32.store8 (i32.const 64) (i32.const 120))
    (loop $start
      (if (i32.le_s (call $spawn (i32.add (i32.const 1024) (i32.shl (local.get $index) (i32.const 4)))) (i32.const 0))
        (then unreachable))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $start (i32.lt_u (local.get $index) (i32.const 4))))
    ;; 20 ms
    (drop (memory.atomic.wait32 (i32.const 8) (i32.const 0) (i64.const 20000000)))
    ;; Standard error goes where standard output went, and is closed there.
    (if (call $renumber (i32.const 1) (i32.const 2)) (then unreachable))
    (if (call $close (i32.const 2)) (then unreachable))
    (loop $wait
      (local.set $done (i32.atomic.load (i32.const 0)))
      (if (i32.lt_u (local.get $done) (i32.const 4))
        (then
          (drop (memory.atomic.wait32 (i32.const 0) (local.get $done) (i64.const -1)))
          (br $wait))))))
