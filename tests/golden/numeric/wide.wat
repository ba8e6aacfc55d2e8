;; 128 bits in two registers: one multiplication, one carry.
;; GOLDEN speed: -O speed
(module
  (func $add (param i64 i64 i64 i64) (result i64 i64)
    (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func $multiply_u (param i64 i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 1)))
  (func $multiply_s (param i64 i64) (result i64 i64) (i64.mul_wide_s (local.get 0) (local.get 1))))
