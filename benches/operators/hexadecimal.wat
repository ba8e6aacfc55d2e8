;; Bytes to hexadecimal digits, by looking up in a vector and interleaving.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (func $encode (param $end i32) (local $at i32) (local $x v128) (local $low v128) (local $high v128)
    (loop $next
      (local.set $x (v128.load (local.get $at)))
      (local.set $low (i8x16.swizzle (v128.const i8x16 48 49 50 51 52 53 54 55 56 57 97 98 99 100 101 102)
        (v128.and (local.get $x) (i8x16.splat (i32.const 15)))))
      (local.set $high (i8x16.swizzle (v128.const i8x16 48 49 50 51 52 53 54 55 56 57 97 98 99 100 101 102)
        (i8x16.shr_u (local.get $x) (i32.const 4))))
      (v128.store offset=32768 (i32.shl (local.get $at) (i32.const 1))
        (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $high) (local.get $low)))
      (v128.store offset=32784 (i32.shl (local.get $at) (i32.const 1))
        (i8x16.shuffle 8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31 (local.get $high) (local.get $low)))
      (br_if $next (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end)))))
  (func (export "_start") (local $round i32)
    (call $start)
    (loop $again
      (call $encode (i32.const 8192))
      (br_if $again (i32.lt_u
        (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 50000))))
    (call $end)))
