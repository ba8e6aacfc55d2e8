;; The calls of `plain.wat`, each in a `try_table` that nothing is thrown through.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (tag $tag)
  (table (export "table") 1 funcref) (elem (i32.const 0) $work)
  (global $sum (mut i32) (i32.const 0))
  (func $work (param i32) (result i32)
    (if (i32.eq (local.get 0) (i32.const -1)) (then (throw $tag)))
    (i32.add (local.get 0) (i32.const 1)))
  (func $run (param $left i32) (result i32) (local $sum i32)
    (loop $next
      (block $caught
        (try_table (catch $tag $caught)
          (local.set $sum (i32.add (local.get $sum)
            (call_indirect (param i32) (result i32) (local.get $left) (i32.const 0))))))
      (br_if $next (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (local.get $sum))
  (func (export "_start")
    (call $start)
    (global.set $sum (call $run (i32.const 30000000)))
    (call $end)))
