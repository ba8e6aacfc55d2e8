;; A guest that is linked into a program: two functions, one of which can trap, and a memory that the host
;; writes to.
(module $statistics
  (memory (export "memory") 1)

  ;; The mean and the largest of `count` numbers at `address`, of 8 bytes each. Traps if there are none.
  (func $summary (export "summary") (param $address i32) (param $count i32) (result i64 i64)
    (local $sum i64) (local $largest i64) (local $left i32) (local $number i64)
    (local.set $largest (i64.const 0x8000000000000000))
    (local.set $left (local.get $count))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $left)))
        (local.set $number (i64.load (local.get $address)))
        (local.set $sum (i64.add (local.get $sum) (local.get $number)))
        (local.set $largest
          (select (local.get $number) (local.get $largest)
            (i64.gt_s (local.get $number) (local.get $largest))))
        (local.set $address (i32.add (local.get $address) (i32.const 8)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (br $next)))
    (i64.div_s (local.get $sum) (i64.extend_i32_u (local.get $count)))
    (local.get $largest))

  ;; The root of the sum of two squares.
  (func $hypotenuse (export "hypotenuse") (param $a f64) (param $b f64) (result f64)
    (f64.sqrt
      (f64.add
        (f64.mul (local.get $a) (local.get $a))
        (f64.mul (local.get $b) (local.get $b))))))
