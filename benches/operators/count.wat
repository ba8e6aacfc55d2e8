;; How many bytes are equal to one, by masks.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (global $sum (mut i32) (i32.const 0))
  (func $count (param $byte v128) (param $end i32) (result i32) (local $at i32) (local $count i32)
    (loop $next
      (local.set $count (i32.add (local.get $count) (i32.popcnt
        (i8x16.bitmask (i8x16.eq (v128.load (local.get $at)) (local.get $byte))))))
      (br_if $next (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end))))
    (local.get $count))
  (func (export "_start") (local $round i32)
    (call $start)
    (loop $again
      (global.set $sum (i32.add (global.get $sum)
        (call $count (i8x16.splat (local.get $round)) (i32.const 16384))))
      (br_if $again (i32.lt_u
        (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 50000))))
    (call $end)))
