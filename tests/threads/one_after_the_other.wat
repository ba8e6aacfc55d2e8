;; More threads than there may be at once, one after the other: a number is free again when its thread is done.
;; OPTIONS: --max-threads 1
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (func (export "wasi_thread_start") (param $id i32) (param $round i32)
    (i32.atomic.store (i32.const 4) (local.get $id))
    (i32.atomic.store (i32.const 0) (local.get $round))
    (drop (memory.atomic.notify (i32.const 0) (i32.const 1))))
  (func (export "_start") (local $round i32) (local $id i32)
    (loop $next
      (local.set $id (call $spawn (i32.add (local.get $round) (i32.const 1))))
      (if (i32.le_s (local.get $id) (i32.const 0)) (then unreachable))
      (if (i32.ge_u (local.get $id) (i32.const 0x20000000)) (then unreachable))
      (drop (memory.atomic.wait32 (i32.const 0) (local.get $round) (i64.const -1)))
      (if (i32.ne (i32.atomic.load (i32.const 4)) (local.get $id)) (then unreachable))
      (local.set $round (i32.add (local.get $round) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $round) (i32.const 300))))))
