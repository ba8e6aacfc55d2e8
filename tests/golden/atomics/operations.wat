;; Atomic accesses: the alignment of the host's address is tested, and the memory's own check is that of any
;; access. A shared memory's base never changes in either mode.
;; GOLDEN guard: --bounds guard
;; GOLDEN explicit: --bounds explicit
(module
  (memory 1 4 shared)
  (export "memory" (memory 0))
  (func $load (param i32) (result i32) (i32.atomic.load offset=8 (local.get 0)))
  (func $load8 (param i32) (result i64) (i64.atomic.load8_u (local.get 0)))
  (func $store16 (param i32 i32) (i32.atomic.store16 (local.get 0) (local.get 1)))
  (func $add (param i32 i64) (result i64) (i64.atomic.rmw.add (local.get 0) (local.get 1)))
  (func $xchg8 (param i32 i32) (result i32) (i32.atomic.rmw8.xchg_u (local.get 0) (local.get 1)))
  (func $cas16 (param i32 i32 i32) (result i32)
    (i32.atomic.rmw16.cmpxchg_u (local.get 0) (local.get 1) (local.get 2)))
  (func $fence (atomic.fence))
  (func $wait (param i32 i32 i64) (result i32)
    (memory.atomic.wait32 (local.get 0) (local.get 1) (local.get 2)))
  (func $notify (param i32) (result i32)
    (memory.atomic.notify (local.get 0) (i32.const 1)))
  (func $fill (param i32 i32) (memory.fill (local.get 0) (i32.const 0) (local.get 1))))
