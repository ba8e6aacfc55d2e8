;; Vectors as locals, globals, constants, block parameters and results; of conditions only the branch is left.
;; GOLDEN speed: -O speed
(module
  (global $constant v128 (v128.const i32x4 1 2 3 4))
  (global $changes (mut v128) (v128.const i64x2 -1 0))
  (func $set (param v128) (local v128)
    (global.set $changes (i32x4.add (local.get 0) (i32x4.mul (local.get 1) (global.get $constant)))))
  (func $choose (param v128 v128) (result v128)
    (if (result v128) (i32x4.all_true (local.get 0))
      (then (f32x4.add (local.get 0) (local.get 1)))
      (else (i32x4.add (local.get 0) (local.get 1)))))
  (func $either (param v128 v128 i32) (result v128)
    (select (local.get 0) (f64x2.neg (local.get 1)) (local.get 2)))
  (func $call (param i32) (result v128)
    (call $choose (i32x4.splat (local.get 0)) (global.get $changes))))
