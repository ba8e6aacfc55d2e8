;; Elements of tables as values.
;; GOLDEN speed: -O speed
(module
  (table $funcs 4 funcref)
  (table $hosts 4 externref)
  (func $get (param i32) (result externref) (table.get $hosts (local.get 0)))
  (func $set (param i32 externref) (table.set $hosts (local.get 0) (local.get 1)))
  (func $is_null (param i32) (result i32) (ref.is_null (table.get $funcs (local.get 0))))
  (func $size (result i32) (table.size $funcs)))
