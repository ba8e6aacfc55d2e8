;; A vector is one hexadecimal number, its first lane in the last digits.
;; RUN: ahead run invoke_vectors.wat --invoke splat 7
;; RUN: ahead run invoke_vectors.wat --invoke lane 0xf0000000e0000000d0000000c
;; RUN: ahead run invoke_vectors.wat --invoke both 1 0xffffffffffffffffffffffffffffffff 2.5
;; RUN[2]: ahead run invoke_vectors.wat --invoke lane 12
;; RUN[2]: ahead run invoke_vectors.wat --invoke lane 0x100000000000000000000000000000000
(module
  (func (export "splat") (param i32) (result v128) (i32x4.splat (local.get 0)))
  (func (export "lane") (param v128) (result i32) (i32x4.extract_lane 1 (local.get 0)))
  (func (export "both") (param i32 v128 f64) (result f64 v128 i32)
    (local.get 2) (i8x16.neg (local.get 1)) (local.get 0)))
