;; A trap: message, backtrace, exit code 134; the same for a compiled artefact and in both modes.
;; RUN[134]: ahead run traps.wat --invoke outer
;; RUN: ahead compile traps.wat -o traps.so
;; RUN[134]: ahead run traps.so --invoke outer
;; RUN[134]: ahead run traps.wat --bounds explicit --invoke outer
;; RUN[134]: ahead run traps.wat --invoke unreachable
;; RUN[134]: ahead run traps.wat --invoke divide 1 0
;; RUN[134]: ahead run traps.wat --invoke divide 0x80000000 -1
;; RUN[134]: ahead run traps.wat --invoke truncate nan
;; RUN[134]: ahead run traps.wat --invoke truncate 1e10
;; RUN[134]: ahead run traps.wat --invoke indirect 0
;; RUN[134]: ahead run traps.wat --invoke indirect 1
;; RUN[134]: ahead run traps.wat --invoke indirect 9
(module
  (memory 1)
  (table 3 funcref)
  (elem (i32.const 0) $load)
  (func $load (param i32) (result i32) (i32.load (local.get 0)))
  (func $middle (param i32) (result i32) (i32.add (call $load (local.get 0)) (i32.const 1)))
  (func (export "outer") (result i32) (i32.mul (call $middle (i32.const 65533)) (i32.const 2)))
  (func (export "unreachable") unreachable)
  (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "truncate") (param f64) (result i32) (i32.trunc_f64_s (local.get 0)))
  (func (export "indirect") (param i32) (call_indirect (local.get 0))))
