;; An exception that nobody catches is reported like a trap, from where it was thrown.
;; RUN[134]: ahead run exception.wat --invoke outer
;; RUN[134]: ahead run exception.wat --invoke null
(module $thrower
  (tag $tag (param i32))
  (func $inner (throw $tag (i32.const 7)))
  (func $outer (export "outer") (call $inner))
  (func $null (export "null") (throw_ref (ref.null exn))))
