;; A million exceptions, each thrown ten frames further in than it is caught.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (tag $tag (param i32))
  (global $sum (mut i32) (i32.const 0))
  (func $down (param $depth i32) (param $value i32)
    (if (i32.eqz (local.get $depth)) (then (throw $tag (local.get $value))))
    (call $down (i32.sub (local.get $depth) (i32.const 1)) (local.get $value)))
  (func $catch (param $value i32) (result i32)
    (block $caught (result i32)
      (try_table (catch $tag $caught) (call $down (i32.const 9) (local.get $value)))
      (unreachable)))
  (func (export "_start") (local $round i32)
    (call $start)
    (loop $again
      (global.set $sum (i32.add (global.get $sum) (call $catch (local.get $round))))
      (br_if $again (i32.lt_u
        (local.tee $round (i32.add (local.get $round) (i32.const 1))) (i32.const 1000000))))
    (call $end)))
