;; Two points at a time, until both have escaped.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (global $sum (mut v128) (v128.const i64x2 0 0))
  (func $escape (param $cx v128) (param $cy v128) (result v128)
    (local $x v128) (local $y v128) (local $xx v128) (local $yy v128) (local $count v128) (local $in v128)
    (local $left i32)
    (local.set $left (i32.const 200))
    (block $done
      (loop $next
        (local.set $xx (f64x2.mul (local.get $x) (local.get $x)))
        (local.set $yy (f64x2.mul (local.get $y) (local.get $y)))
        (local.set $in (f64x2.le (f64x2.add (local.get $xx) (local.get $yy)) (v128.const f64x2 4 4)))
        (br_if $done (i32.eqz (v128.any_true (local.get $in))))
        (local.set $count (i64x2.sub (local.get $count) (local.get $in)))
        (local.set $y (f64x2.add
          (f64x2.mul (f64x2.add (local.get $x) (local.get $x)) (local.get $y)) (local.get $cy)))
        (local.set $x (f64x2.add (f64x2.sub (local.get $xx) (local.get $yy)) (local.get $cx)))
        (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1))))))
    (local.get $count))
  (func (export "_start") (local $i i32) (local $j i32)
    (call $start)
    (loop $row
      (local.set $j (i32.const 0))
      (loop $column
        (global.set $sum (i64x2.add (global.get $sum) (call $escape
          (f64x2.add (v128.const f64x2 -2 -1.99)
            (f64x2.splat (f64.mul (f64.convert_i32_u (local.get $j)) (f64.const 0.02))))
          (f64x2.splat (f64.add (f64.const -1)
            (f64.mul (f64.convert_i32_u (local.get $i)) (f64.const 0.005)))))))
        (br_if $column (i32.lt_u
          (local.tee $j (i32.add (local.get $j) (i32.const 1))) (i32.const 150))))
      (br_if $row (i32.lt_u
        (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 400))))
    (call $end)))
