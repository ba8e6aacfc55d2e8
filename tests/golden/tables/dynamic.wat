;; An exported table can change at any time.
;; GOLDEN speed: -O speed
(module
  (type $unary (func (param i32) (result i32)))
  (table (export "table") 4 funcref)
  (elem (i32.const 0) $inc)
  (func $inc (type $unary) (i32.add (local.get 0) (i32.const 1)))
  (func $apply (export "apply") (param i32 i32) (result i32)
    (call_indirect (type $unary) (local.get 0) (local.get 1))))
