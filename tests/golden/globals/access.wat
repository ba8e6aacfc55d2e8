;; Own globals are in the vmctx, imported ones a load away.
;; GOLDEN speed: -O speed
(module
  (import "env" "shared" (global $shared (mut i64)))
  (global $own (mut i32) (i32.const 1))
  (global $fixed f64 (f64.const 2.5))
  (func $bump (result i32)
    (global.set $own (i32.add (global.get $own) (i32.const 1)))
    (global.get $own))
  (func $fixed (result f64) (global.get $fixed))
  (func $shared (param i64) (global.set $shared (i64.add (global.get $shared) (local.get 0)))))
