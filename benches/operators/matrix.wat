;; Products of matrices of four rows and columns.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (func $row (param $at i32) (param $b i32) (local $a v128)
    (local.set $a (v128.load (local.get $at)))
    (v128.store offset=32768 (local.get $at)
      (f32x4.add
        (f32x4.add
          (f32x4.mul (f32x4.splat (f32x4.extract_lane 0 (local.get $a))) (v128.load (local.get $b)))
          (f32x4.mul (f32x4.splat (f32x4.extract_lane 1 (local.get $a))) (v128.load offset=16 (local.get $b))))
        (f32x4.add
          (f32x4.mul (f32x4.splat (f32x4.extract_lane 2 (local.get $a))) (v128.load offset=32 (local.get $b)))
          (f32x4.mul (f32x4.splat (f32x4.extract_lane 3 (local.get $a))) (v128.load offset=48 (local.get $b)))))))
  (func $products (param $end i32) (local $at i32)
    (loop $next
      (call $row (local.get $at) (i32.const 16384))
      (br_if $next (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $end)))))
  (func (export "_start") (local $round i32)
    (call $start)
    (loop $again
      (call $products (i32.const 8192))
      (br_if $again (i32.lt_u
        (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 30000))))
    (call $end)))
