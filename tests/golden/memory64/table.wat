;; Tables with 64-bit indices: one that stays as the module made it, and one that grows.
;; GOLDEN speed: -O speed
(module
  (type $f (func (result i32)))
  (table $static i64 funcref (elem $one $two))
  (table $grows i64 0 externref)
  (func $one (result i32) (i32.const 1))
  (func $two (result i32) (i32.const 2))
  (func $call (param i64) (result i32) (call_indirect $static (type $f) (local.get 0)))
  (func $get (param i64) (result externref) (table.get $grows (local.get 0)))
  (func $grow (param i64) (result i64) (table.grow $grows (ref.null extern) (local.get 0))))
