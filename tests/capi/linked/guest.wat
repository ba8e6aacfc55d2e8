;; Exports as C functions: vectors in registers and, behind eight of them, on the stack.
(module $guest
  (func (export "swap") (param i32 v128 f64 v128) (result v128 i32 v128 f64)
    (local.get 3) (local.get 0) (local.get 1) (local.get 2))
  (func (export "last")
    (param v128 v128 v128 v128 v128 v128 v128 v128 i32 v128) (result v128)
    (i8x16.sub (local.get 9) (local.get 7))))
