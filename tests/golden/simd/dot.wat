;; A loop over vectors: widening multiplication and sums of neighbours are one instruction.
;; GOLDEN guard: --bounds guard
;; GOLDEN explicit: --bounds explicit
(module
  (memory 1)
  (func $dot (param $a i32) (param $b i32) (param $count i32) (result i32) (local $sum v128)
    (loop $next
      (local.set $sum (i32x4.add (local.get $sum)
        (i32x4.dot_i16x8_s (v128.load (local.get $a)) (v128.load (local.get $b)))))
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 16)))
      (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (i32.add
      (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
      (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum))))))
