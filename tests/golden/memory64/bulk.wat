;; Between memories of 32 and 64 bits a length is 32 bits wide; ranges are checked each in its own way.
;; GOLDEN guard: --bounds guard
(module
  (memory $narrow 1)
  (memory $wide i64 1)
  (export "narrow" (memory $narrow))
  (export "wide" (memory $wide))
  (func $to_wide (param i64 i32 i32)
    (memory.copy $wide $narrow (local.get 0) (local.get 1) (local.get 2)))
  (func $within (param i64 i64 i64)
    (memory.copy $wide $wide (local.get 0) (local.get 1) (local.get 2)))
  (func $fill (param i64 i32 i64)
    (memory.fill $wide (local.get 0) (local.get 1) (local.get 2))))
