;; Traps by a signal of each kind that a machine has for it.
(module
  (memory 1)
  (func (export "load") (param i32) (result i32) (i32.load offset=0x20000 (local.get 0)))
  (func (export "unreachable") (param i32) (result i32) unreachable)
  (func (export "divide") (param i32) (result i32) (i32.div_u (i32.const 1) (local.get 0))))
