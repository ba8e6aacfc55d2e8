;; Loads and stores of all widths; small offsets are covered by the guard.
;; GOLDEN guard: --bounds guard
;; GOLDEN explicit: --bounds explicit
(module
  (memory 1)
  (func $load (param i32) (result i32) (i32.load offset=16 (local.get 0)))
  (func $load_wide (param i32) (result i64) (i64.load (local.get 0)))
  (func $load_narrow (param i32) (result i32) (i32.load8_s (local.get 0)))
  (func $store (param i32 f64) (f64.store offset=8 (local.get 0) (local.get 1)))
  (func $store_narrow (param i32 i64) (i64.store16 (local.get 0) (local.get 1))))
