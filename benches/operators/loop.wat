;; A state machine as a loop: the measure for `tail_call.wat`, which does the same by calls.
(module
  (import "bench" "start" (func $start)) (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (global $sum (mut i64) (i64.const 0))
  (func $run (param $left i64) (param $state i64) (result i64)
    (loop $next
      (if (i64.eqz (local.get $left)) (then (return (local.get $state))))
      (local.set $state (i64.add (i64.mul (local.get $state) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
      (local.set $left (i64.sub (local.get $left) (i64.const 1)))
      (br $next))
    (unreachable))
  (func (export "_start")
    (call $start)
    (global.set $sum (call $run (i64.const 50000000) (i64.const 1)))
    (call $end)))
