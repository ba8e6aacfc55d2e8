;; A table that never changes lives in the artefact: a constant bound, two loads, no runtime table.
;; GOLDEN speed: -O speed
(module
  (type $unary (func (param i32) (result i32)))
  (table 4 4 funcref)
  (elem (i32.const 0) $inc $dec)
  (func $inc (type $unary) (i32.add (local.get 0) (i32.const 1)))
  (func $dec (type $unary) (i32.sub (local.get 0) (i32.const 1)))
  (func $apply (export "apply") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 0) (local.get 1))))
