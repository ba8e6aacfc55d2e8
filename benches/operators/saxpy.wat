;; y = a * x + y on floats.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (func $saxpy (param $a v128) (param $end i32) (local $at i32)
    (loop $next
      (v128.store offset=32768 (local.get $at)
        (f32x4.add
          (f32x4.mul (local.get $a) (v128.load (local.get $at)))
          (v128.load offset=32768 (local.get $at))))
      (br_if $next (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end)))))
  (func (export "_start") (local $round i32)
    (call $start)
    (loop $again
      (call $saxpy (f32x4.splat (f32.const 0.5)) (i32.const 16384))
      (br_if $again (i32.lt_u
        (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 50000))))
    (call $end)))
