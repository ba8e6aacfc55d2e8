;; 64-bit addresses are compared with the length in both modes, without a sum that could wrap. An offset with
;; which no memory is large enough traps at once.
;; GOLDEN guard: --bounds guard
;; GOLDEN explicit: --bounds explicit
(module
  (memory i64 1)
  (export "memory" (memory 0))
  (func $load (param i64) (result i64) (i64.load offset=8 (local.get 0)))
  (func $store (param i64 i32) (i32.store8 (local.get 0) (local.get 1)))
  (func $constant (result i32) (i32.load (i64.const 65532)))
  (func $far (param i64) (result i32) (i32.load offset=0xffff_ffff_ffff_fffd (local.get 0)))
  (func $size (result i64) (memory.size))
  (func $grow (param i64) (result i64) (memory.grow (local.get 0))))
