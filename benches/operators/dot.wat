;; Dot product of 16-bit numbers.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (global $sum (mut i32) (i32.const 0))
  (func $dot (param $end i32) (result v128) (local $at i32) (local $sum v128)
    (loop $next
      (local.set $sum (i32x4.add (local.get $sum)
        (i32x4.dot_i16x8_s (v128.load (local.get $at)) (v128.load offset=32768 (local.get $at)))))
      (br_if $next (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.get $sum))
  (func (export "_start") (local $round i32)
    (memory.fill (i32.const 0) (i32.const 3) (i32.const 65536))
    (call $start)
    (loop $again
      (global.set $sum (i32.add (global.get $sum)
        (i32x4.extract_lane 0 (call $dot (i32.const 16384)))))
      (br_if $again (i32.lt_u
        (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 50000))))
    (call $end)))
