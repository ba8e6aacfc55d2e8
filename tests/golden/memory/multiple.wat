;; Each memory has its own base and its own region: a store to one does not hide what another holds.
;; GOLDEN guard: --bounds guard
;; GOLDEN explicit: --bounds explicit
(module
  (memory $a 1)
  (memory $b 1)
  (export "a" (memory $a))
  (export "b" (memory $b))
  (func $twice (param i32) (result i32)
    (i32.load $a (local.get 0))
    (i32.store $b (local.get 0) (i32.const 1))
    (i32.load $a (local.get 0))
    (i32.add)))
