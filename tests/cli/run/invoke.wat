;; Arguments by type, results one to a line.
;; RUN: ahead run invoke.wat --invoke add 2 -3
;; RUN: ahead run invoke.wat --invoke add 0xffffffff 1
;; RUN: ahead run invoke.wat --invoke all -1 0x8000000000000000 1.5 nan
;; RUN: ahead run invoke.wat --invoke all 4294967295 18446744073709551615 inf 1e300
;; RUN: ahead run invoke.wat --invoke references null null
;; RUN: ahead run invoke.wat --invoke nothing
;; RUN[2]: ahead run invoke.wat --invoke add 1
;; RUN[2]: ahead run invoke.wat --invoke add 1 4294967296
;; RUN[2]: ahead run invoke.wat --invoke references null 1
;; RUN[2]: ahead run invoke.wat --invoke missing
;; RUN[2]: ahead run invoke.wat --invoke memory
;; RUN[1]: ahead run invoke.wat
(module
  (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32)
    (i32.add (local.get 0) (local.get 1)))
  (func (export "all") (param i32 i64 f32 f64) (result f64 f32 i64 i32)
    (local.get 3) (local.get 2) (local.get 1) (local.get 0))
  (func (export "references") (param funcref externref) (result externref funcref)
    (local.get 1) (local.get 0))
  (func (export "nothing")))
