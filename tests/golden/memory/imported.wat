;; A memory of another module: its base is as constant as one's own in guard mode.
;; GOLDEN guard: --bounds guard
;; GOLDEN explicit: --bounds explicit
(module
  (import "env" "memory" (memory 1))
  (func $sum (param i32) (result i32)
    (i32.add (i32.load (local.get 0)) (i32.load offset=4 (local.get 0)))))
