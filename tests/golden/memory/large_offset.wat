;; Offsets that the guard does not cover are checked in both modes.
;; GOLDEN guard: --bounds guard
;; GOLDEN explicit: --bounds explicit
(module
  (memory 1)
  (func $covered (param i32) (result i32) (i32.load offset=0x1fffffc (local.get 0)))
  (func $beyond (param i32) (result i32) (i32.load offset=0x1fffffd (local.get 0)))
  (func $far (param i32) (result i32) (i32.load offset=0xffffffff (local.get 0))))
