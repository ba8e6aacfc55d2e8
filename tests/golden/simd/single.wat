;; Operators that take several of CLIF's are one machine instruction where it is there.
;; GOLDEN speed: -O speed
(module
  (memory 1)
  (func $select (param v128 v128 v128 v128) (result v128)
    (v128.bitselect (local.get 0) (local.get 1) (i16x8.gt_s (local.get 2) (local.get 3))))
  (func $pmin (param v128 v128) (result v128) (f32x4.pmin (local.get 0) (local.get 1)))
  (func $pmax (param v128 v128) (result v128) (f64x2.pmax (local.get 0) (local.get 1)))
  (func $neighbours (param v128) (result v128) (i16x8.extadd_pairwise_i8x16_u (local.get 0)))
  (func $products (param v128 v128) (result v128) (i64x2.extmul_high_i32x4_u (local.get 0) (local.get 1)))
  (func $widened (param i32) (result v128) (v128.load16x4_s offset=8 (local.get 0)))
  (func $splat (param i32) (result v128) (v128.load32_splat (local.get 0)))
  (func $lane (param i32 v128) (result v128) (v128.load16_lane 3 (local.get 0) (local.get 1)))
  (func $interleave (param v128 v128) (result v128)
    (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get 0) (local.get 1)))
  (func $shape (param v128 v128) (result i32)
    (i8x16.bitmask (i8x16.eq (f32x4.add (local.get 0) (local.get 1)) (v128.const i64x2 0 0)))))
