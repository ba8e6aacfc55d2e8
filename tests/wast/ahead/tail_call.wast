;; Ten million tail calls in the stack of one, whatever way they go: to the function itself, to one with more
;; parameters than registers, through tables, to another instance and back, to the host.
(module $count
  (func $down (export "down") (param i64) (result i64)
    (if (i64.eqz (local.get 0)) (then (return (i64.const 7))))
    (return_call $down (i64.sub (local.get 0) (i64.const 1))))

  (func $few (export "few") (param i64) (result i64)
    (return_call $many (local.get 0)
      (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)
      (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5) (f64.const 6)
      (f64.const 7) (f64.const 8) (f64.const 9) (v128.const i64x2 1 2)))
  (func $many
    (param i64 i64 i64 i64 i64 i64 i64 f64 f64 f64 f64 f64 f64 f64 f64 f64 v128) (result i64)
    (if (i64.eqz (local.get 0))
      (then (return (i64.add (local.get 6) (i64x2.extract_lane 1 (local.get 16))))))
    (return_call $few (i64.sub (local.get 0) (i64.const 1))))

  (type $even (func (param i64) (result i32)))
  (table funcref (elem $even $odd))
  (func $even (export "even") (type $even)
    (if (i64.eqz (local.get 0)) (then (return (i32.const 1))))
    (return_call_indirect (type $even) (i64.sub (local.get 0) (i64.const 1)) (i32.const 1)))
  (func $odd (type $even)
    (if (i64.eqz (local.get 0)) (then (return (i32.const 0))))
    (return_call_indirect (type $even) (i64.sub (local.get 0) (i64.const 1)) (i32.const 0)))

  (type $results (func (param i64)
    (result i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 i64 f64 f64 f64 f64 f64 f64 f64 f64 f64 f64)))
  (func $results (export "results") (type $results)
    (if (i64.eqz (local.get 0))
      (then (return
        (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)
        (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10) (i64.const 11) (i64.const 12)
        (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5)
        (f64.const 6) (f64.const 7) (f64.const 8) (f64.const 9) (f64.const 10))))
    (return_call $results (i64.sub (local.get 0) (i64.const 1)))))

(assert_return (invoke "down" (i64.const 10000000)) (i64.const 7))
(assert_return (invoke "few" (i64.const 5000000)) (i64.const 8))
(assert_return (invoke "even" (i64.const 10000001)) (i32.const 0))
(assert_return (invoke "results" (i64.const 1000000))
  (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4) (i64.const 5) (i64.const 6)
  (i64.const 7) (i64.const 8) (i64.const 9) (i64.const 10) (i64.const 11) (i64.const 12)
  (f64.const 1) (f64.const 2) (f64.const 3) (f64.const 4) (f64.const 5)
  (f64.const 6) (f64.const 7) (f64.const 8) (f64.const 9) (f64.const 10))

;; Two instances that call each other in turn, through an import and through a table that both see.
(module $ping
  (type $step (func (param i64) (result i64)))
  (global $calls (mut i64) (i64.const 0))
  (table (export "table") 1 funcref)
  (func (export "ping") (type $step)
    (global.set $calls (i64.add (global.get $calls) (i64.const 1)))
    (if (i64.eqz (local.get 0)) (then (return (global.get $calls))))
    (return_call_indirect (type $step) (i64.sub (local.get 0) (i64.const 1)) (i32.const 0))))
(register "ping" $ping)
(module $pong
  (type $step (func (param i64) (result i64)))
  (import "ping" "ping" (func $ping (type $step)))
  (import "ping" "table" (table 1 funcref))
  (elem (i32.const 0) $pong)
  (func $pong (type $step) (return_call $ping (local.get 0)))
  (func (export "play") (type $step) (return_call $ping (local.get 0))))
(assert_return (invoke "play" (i64.const 5000000)) (i64.const 5000001))

;; The host as what is called at last.
(module
  (import "spectest" "print_i32" (func $print (param i32)))
  (func $down (export "down") (param i32)
    (if (i32.eqz (local.get 0)) (then (return_call $print (i32.const 1))))
    (return_call $down (i32.sub (local.get 0) (i32.const 1))))
  (table funcref (elem $print))
  (func (export "indirect") (param i32)
    (return_call_indirect (param i32) (local.get 0) (i32.const 0))))
(assert_return (invoke "down" (i32.const 1000)))
(assert_return (invoke "indirect" (i32.const 1000)))

;; A frame that was left can't be seen in a chain that then recurses too deep.
(module
  (func $deep (export "deep") (result i32) (i32.add (i32.const 1) (call $tail)))
  (func $tail (result i32) (return_call $deep)))
(assert_exhaustion (invoke "deep") "call stack exhausted")
