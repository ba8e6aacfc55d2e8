;; Sum of absolute differences of bytes.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (global $sum (mut v128) (v128.const i64x2 0 0))
  (func $differences (param $end i32) (result v128)
    (local $at i32) (local $sum v128) (local $x v128) (local $y v128)
    (loop $next
      (local.set $x (v128.load (local.get $at)))
      (local.set $y (v128.load offset=32768 (local.get $at)))
      (local.set $sum (i32x4.add (local.get $sum)
        (i32x4.extadd_pairwise_i16x8_u (i16x8.extadd_pairwise_i8x16_u
          (i8x16.sub (i8x16.max_u (local.get $x) (local.get $y)) (i8x16.min_u (local.get $x) (local.get $y)))))))
      (br_if $next (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.get $sum))
  (func (export "_start") (local $round i32)
    (memory.fill (i32.const 0) (i32.const 9) (i32.const 20000))
    (call $start)
    (loop $again
      (global.set $sum (i32x4.add (global.get $sum) (call $differences (i32.const 16384))))
      (br_if $again (i32.lt_u
        (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 50000))))
    (call $end)))
