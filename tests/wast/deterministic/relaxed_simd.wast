;; Relaxed vector operators with `--relaxed-simd deterministic`: one result each, on every CPU of every target.
(module
  (func (export "swizzle") (param v128 v128) (result v128)
    (i8x16.relaxed_swizzle (local.get 0) (local.get 1)))
  (func (export "trunc_f32x4_s") (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_s (local.get 0)))
  (func (export "trunc_f32x4_u") (param v128) (result v128) (i32x4.relaxed_trunc_f32x4_u (local.get 0)))
  (func (export "trunc_f64x2_s") (param v128) (result v128) (i32x4.relaxed_trunc_f64x2_s_zero (local.get 0)))
  (func (export "trunc_f64x2_u") (param v128) (result v128) (i32x4.relaxed_trunc_f64x2_u_zero (local.get 0)))
  (func (export "madd") (param v128 v128 v128) (result v128)
    (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "nmadd") (param v128 v128 v128) (result v128)
    (f64x2.relaxed_nmadd (local.get 0) (local.get 1) (local.get 2)))
  (func (export "select8") (param v128 v128 v128) (result v128)
    (i8x16.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (export "select64") (param v128 v128 v128) (result v128)
    (i64x2.relaxed_laneselect (local.get 0) (local.get 1) (local.get 2)))
  (func (export "min") (param v128 v128) (result v128) (f32x4.relaxed_min (local.get 0) (local.get 1)))
  (func (export "max") (param v128 v128) (result v128) (f64x2.relaxed_max (local.get 0) (local.get 1)))
  (func (export "q15mulr") (param v128 v128) (result v128)
    (i16x8.relaxed_q15mulr_s (local.get 0) (local.get 1)))
  (func (export "dot") (param v128 v128) (result v128)
    (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 0) (local.get 1)))
  (func (export "dot_add") (param v128 v128 v128) (result v128)
    (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 0) (local.get 1) (local.get 2))))

;; An index beyond the vector gives 0, whatever its highest bit.
(assert_return
  (invoke "swizzle" (v128.const i8x16 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
    (v128.const i8x16 0 15 16 17 127 128 143 255 1 1 1 1 1 1 1 1))
  (v128.const i8x16 1 16 0 0 0 0 0 0 2 2 2 2 2 2 2 2))
;; What does not fit is the nearest that does; NaN is 0.
(assert_return (invoke "trunc_f32x4_s" (v128.const f32x4 nan 3e9 -3e9 -1.5))
  (v128.const i32x4 0 0x7fffffff 0x80000000 -1))
(assert_return (invoke "trunc_f32x4_u" (v128.const f32x4 nan 5e9 -1 1.5))
  (v128.const i32x4 0 0xffffffff 0 1))
(assert_return (invoke "trunc_f64x2_s" (v128.const f64x2 nan 3e9)) (v128.const i32x4 0 0x7fffffff 0 0))
(assert_return (invoke "trunc_f64x2_u" (v128.const f64x2 -1 5e9)) (v128.const i32x4 0 0xffffffff 0 0))
;; Two roundings: one would leave a small difference.
(assert_return
  (invoke "madd" (v128.const f32x4 0x1.000002p0 1 2 3) (v128.const f32x4 0x1.000002p0 1 2 3)
    (v128.const f32x4 -0x1.000004p0 1 1 1))
  (v128.const f32x4 0 2 5 10))
(assert_return
  (invoke "nmadd" (v128.const f64x2 0x1.0000000000001p0 2) (v128.const f64x2 0x1.0000000000001p0 3)
    (v128.const f64x2 0x1.0000000000002p0 1))
  (v128.const f64x2 0 -5))
;; Bit by bit.
(assert_return
  (invoke "select8" (v128.const i64x2 -1 -1) (v128.const i64x2 0 0) (v128.const i8x16 0x80 0x7f 1 2 0 0 0 0 0 0 0 0 0 0 0 0))
  (v128.const i8x16 0x80 0x7f 1 2 0 0 0 0 0 0 0 0 0 0 0 0))
(assert_return
  (invoke "select64" (v128.const i64x2 -1 -1) (v128.const i64x2 0 0) (v128.const i64x2 0x8000000000000000 1))
  (v128.const i64x2 0x8000000000000000 1))
;; NaN wins, and zeros have an order.
(assert_return (invoke "min" (v128.const f32x4 nan 1 0 -0) (v128.const f32x4 1 nan -0 0))
  (v128.const f32x4 nan:canonical nan:canonical -0 -0))
(assert_return (invoke "max" (v128.const f64x2 1 -0) (v128.const f64x2 nan 0))
  (v128.const f64x2 nan:canonical 0))
(assert_return (invoke "q15mulr" (v128.const i16x8 -32768 16384 0 0 0 0 0 0) (v128.const i16x8 -32768 16384 0 0 0 0 0 0))
  (v128.const i16x8 32767 8192 0 0 0 0 0 0))
;; The second operand's bytes have a sign, and sums wrap.
(assert_return (invoke "dot" (v128.const i8x16 -128 -128 1 2 0 0 0 0 0 0 0 0 0 0 0 0) (v128.const i8x16 -128 -128 3 -1 0 0 0 0 0 0 0 0 0 0 0 0))
  (v128.const i16x8 -32768 1 0 0 0 0 0 0))
(assert_return
  (invoke "dot_add" (v128.const i8x16 1 2 3 4 -1 -1 -1 -1 0 0 0 0 0 0 0 0) (v128.const i8x16 1 1 1 1 2 2 2 2 0 0 0 0 0 0 0 0)
    (v128.const i32x4 100 100 100 100))
  (v128.const i32x4 110 92 100 100))
