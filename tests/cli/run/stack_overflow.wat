;; Endless recursion is a trap; the backtrace says how much of it is left out.
;; RUN[134]: ahead run stack_overflow.wat --invoke run
(module
  (func $down (param i64) (result i64)
    (i64.add (call $down (i64.add (local.get 0) (i64.const 1))) (i64.const 1)))
  (func (export "run") (drop (call $down (i64.const 0)))))
