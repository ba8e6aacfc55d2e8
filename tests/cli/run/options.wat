;; Bulk memory, globals, tables and a start function in one run, optimised in every way and in both modes.
;; RUN: ahead run options.wat --invoke sum
;; RUN: ahead run options.wat --bounds explicit --invoke sum
;; RUN: ahead run options.wat -O none --invoke sum
;; RUN: ahead run options.wat -O size --jobs 1 --invoke sum
;; RUN: ahead compile options.wat -o options.so
;; RUN: ahead run options.so --invoke sum
;; RUN[2]: ahead run options.so --bounds explicit --invoke sum
;; RUN[2]: ahead run options.so --cpu native --invoke sum
(module
  (memory 1)
  (data $bytes "\01\02\03\04")
  (table 2 funcref)
  (elem (i32.const 0) $one $two)
  (global $seen (mut i64) (i64.const 5))
  (func $one (result i32) (i32.const 10))
  (func $two (result i32) (i32.const 20))
  (func $start
    (memory.init $bytes (i32.const 100) (i32.const 0) (i32.const 4))
    (memory.copy (i32.const 102) (i32.const 100) (i32.const 4)))
  (start $start)
  (func (export "sum") (result i32)
    (i32.add
      (i32.add (call_indirect (result i32) (i32.const 0)) (call_indirect (result i32) (i32.const 1)))
      (i32.add (i32.load8_u (i32.const 105)) (i32.wrap_i64 (global.get $seen))))))
