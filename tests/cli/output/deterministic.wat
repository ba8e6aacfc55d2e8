;; Same input, same bytes, on any number of threads.
;; RUN: ahead compile deterministic.wat -o one.so --jobs 1
;; RUN: ahead compile deterministic.wat -o two.so --jobs 7
;; RUN: same one.so two.so
;; RUN: list
(module
  (memory 1)
  (func (export "a") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "b") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "c") (param f64) (result f64) (f64.sqrt (local.get 0))))
