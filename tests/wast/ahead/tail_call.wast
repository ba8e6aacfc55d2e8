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

;; A function that calls itself last is a loop, and no call of it may notice. Parameters change places at once.
(module
  (func $swap (export "swap") (param i32 i64 i64 f64 f64) (result i64 i64 f64 f64)
    (if (i32.eqz (local.get 0))
      (then (return (local.get 1) (local.get 2) (local.get 3) (local.get 4))))
    (return_call $swap (i32.sub (local.get 0) (i32.const 1))
      (local.get 2) (local.get 1) (local.get 4) (local.get 3)))

  ;; Each call finds its locals as zero and null, whatever the one before has left in them.
  (func $fresh (export "fresh") (param $left i32) (param $sum i64) (result i64)
    (local $i i32) (local $l i64) (local $f f32) (local $d f64) (local $v v128)
    (local $func funcref) (local $extern externref) (local $exn exnref)
    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (local.get $i))))
    (local.set $sum (i64.add (local.get $sum) (local.get $l)))
    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.reinterpret_f32 (local.get $f)))))
    (local.set $sum (i64.add (local.get $sum) (i64.reinterpret_f64 (local.get $d))))
    (local.set $sum (i64.add (local.get $sum) (i64x2.extract_lane 1 (local.get $v))))
    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.eqz (ref.is_null (local.get $func))))))
    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.eqz (ref.is_null (local.get $extern))))))
    (local.set $sum (i64.add (local.get $sum) (i64.extend_i32_u (i32.eqz (ref.is_null (local.get $exn))))))
    (if (i32.eqz (local.get $left)) (then (return (local.get $sum))))
    (local.set $i (i32.const 1)) (local.set $l (i64.const 2)) (local.set $f (f32.const 3))
    (local.set $d (f64.const 4)) (local.set $v (v128.const i64x2 5 6))
    (local.set $func (ref.func $fresh))
    (local.set $extern (global.get $something))
    (return_call $fresh (i32.sub (local.get $left) (i32.const 1)) (local.get $sum)))
  (global $something (mut externref) (ref.null extern))
  (func (export "give") (param externref) (global.set $something (local.get 0)))

  ;; References and vectors as parameters; a call through a reference that is known.
  (type $carry (func (param i32 externref v128) (result externref v128)))
  (global $itself (ref $carry) (ref.func $carry))
  (func $carry (export "carry") (type $carry)
    (if (i32.eqz (local.get 0)) (then (return (local.get 1) (local.get 2))))
    (return_call_ref $carry (i32.sub (local.get 0) (i32.const 1)) (local.get 1)
      (i64x2.add (local.get 2) (v128.const i64x2 1 2)) (global.get $itself)))

  ;; From all over the body: a loop in a loop, both arms, a table of branches.
  (func $all_over (export "all_over") (param i32 i32) (result i32) (local i32)
    (loop $again
      (if (i32.eqz (local.get 0)) (then (return (local.get 1))))
      (block $2 (block $1 (block $0
        (br_table $0 $1 $2 (i32.rem_u (local.get 0) (i32.const 3))))
        (return_call $all_over (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 1))))
        (local.set 2 (i32.add (local.get 2) (i32.const 100)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (local.set 1 (i32.add (local.get 1) (local.get 2)))
        (br $again))
      (if (i32.and (local.get 0) (i32.const 1))
        (then (return_call $all_over (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 10000))))
        (else (return_call $all_over (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (i32.const 1000000))))))
    (unreachable))

  ;; The memory grows on the way: what was known of its length is not known any more.
  (memory 1)
  (func $grow (export "grow") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (return (memory.size))))
    (drop (memory.grow (i32.const 1)))
    (i32.store (i32.sub (i32.mul (memory.size) (i32.const 65536)) (i32.const 4)) (local.get 0))
    (return_call $grow (i32.sub (local.get 0) (i32.const 1))))
  (func $beyond (export "beyond") (param i32)
    (drop (i32.load8_u (local.get 0)))
    (return_call $beyond (i32.add (local.get 0) (i32.const 65536))))

  ;; An ordinary call of itself still takes stack.
  (func $both (export "both") (param i32) (result i32)
    (if (local.get 0) (then (return_call $both (i32.const 0))))
    (i32.add (i32.const 1) (call $both (i32.const 1)))))
(assert_return (invoke "swap" (i32.const 7) (i64.const 1) (i64.const 2) (f64.const 3) (f64.const 4))
  (i64.const 2) (i64.const 1) (f64.const 4) (f64.const 3))
(assert_return (invoke "give" (ref.extern 5)))
(assert_return (invoke "fresh" (i32.const 1000) (i64.const 42)) (i64.const 42))
(assert_return (invoke "carry" (i32.const 100000) (ref.extern 9) (v128.const i64x2 10 20))
  (ref.extern 9) (v128.const i64x2 100010 200020))
(assert_return (invoke "all_over" (i32.const 11) (i32.const 0)) (i32.const 2020403))
(assert_return (invoke "grow" (i32.const 20)) (i32.const 21))
(assert_trap (invoke "beyond" (i32.const 0)) "out of bounds memory access")
(assert_exhaustion (invoke "both" (i32.const 0)) "call stack exhausted")

;; Handlers around a tail call are those of the frame that it leaves.
(module
  (tag $t (param i32))
  (func $f (export "leave") (param i32) (result i32)
    (if (i32.eqz (local.get 0)) (then (throw $t (i32.const 5))))
    (block $caught (result i32)
      (try_table (catch $t $caught)
        (return_call $f (i32.sub (local.get 0) (i32.const 1))))
      (unreachable)))
  (func $g (export "stay") (param i32 i32) (result i32) (local i32)
    (block $caught (result i32)
      (try_table (catch $t $caught)
        (call $throw (local.get 0)))
      (return (local.get 1)))
    (local.set 2)
    (return_call $g (i32.sub (local.get 0) (i32.const 1)) (i32.add (local.get 1) (local.get 2))))
  (func $throw (param i32) (if (local.get 0) (then (throw $t (local.get 0))))))
(assert_exception (invoke "leave" (i32.const 3)))
(assert_exception (invoke "leave" (i32.const 0)))
(assert_return (invoke "stay" (i32.const 10) (i32.const 1)) (i32.const 56))
