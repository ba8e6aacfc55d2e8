;; A trap in the start function is a trap like any other.
;; RUN[134]: ahead run start_traps.wat
(module
  (func $boom unreachable)
  (start $boom)
  (func (export "_start")))
