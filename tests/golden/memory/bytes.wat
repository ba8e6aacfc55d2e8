;; Pages of one byte: checked in both modes, since no guard begins in the middle of a page.
;; GOLDEN guard: --bounds guard
(module
  (memory 100 (pagesize 1))
  (export "memory" (memory 0))
  (func $load (param i32) (result i32) (i32.load offset=4 (local.get 0)))
  (func $size (result i32) (memory.size)))
