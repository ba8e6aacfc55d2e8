;; Instructions that need more than one of the machine's.
;; GOLDEN speed: -O speed
(module
  (func $min (param f64 f64) (result f64) (f64.min (local.get 0) (local.get 1)))
  (func $nearest (param f32) (result f32) (f32.nearest (local.get 0)))
  (func $copysign (param f64 f64) (result f64) (f64.copysign (local.get 0) (local.get 1)))
  (func $clz (param i32) (result i32) (i32.clz (local.get 0)))
  (func $popcnt (param i64) (result i64) (i64.popcnt (local.get 0)))
  (func $convert (param i64) (result f32) (f32.convert_i64_u (local.get 0)))
  (func $extend (param i64) (result i64) (i64.extend16_s (local.get 0))))
