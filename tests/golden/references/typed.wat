;; A call through a reference: two loads, of which the first traps if it is null. The reference in a global
;; that never changes is known, and a table that says of what type its functions are needs no check of it.
;; GOLDEN speed: -O speed
(module
  (type $f (func (param i32) (result i32)))
  (global $known (ref $f) (ref.func $double))
  (table $typed (export "typed") 4 (ref null $f))
  (func $double (type $f) (i32.add (local.get 0) (local.get 0)))
  (func $call (param $f (ref null $f)) (result i32) (call_ref $f (i32.const 1) (local.get $f)))
  (func $tail (param $f (ref $f)) (result i32)
    (return_call_ref $f (i32.const 2) (local.get $f)))
  (func $known (result i32) (call_ref $f (i32.const 3) (global.get $known)))
  (func $typed (param i32) (result i32)
    (call_indirect $typed (type $f) (i32.const 4) (local.get 0)))
  (func $or_zero (param $f (ref null $f)) (result i32)
    (block $null
      (return (call_ref $f (i32.const 5) (br_on_null $null (local.get $f)))))
    (i32.const 0)))
