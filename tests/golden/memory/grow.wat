;; Size is a load; growing is a call to the runtime, after which nothing about the memory is known.
;; GOLDEN guard: --bounds guard
;; GOLDEN explicit: --bounds explicit
(module
  (memory 1 4)
  (func $size (result i32) (memory.size))
  (func $grow (param i32) (result i32)
    (drop (memory.grow (i32.const 1)))
    (i32.load (local.get 0))))
