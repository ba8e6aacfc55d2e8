;; A program that marks a region to be measured gets the two functions it does that with if its user says so.
;; RUN[1]: ahead run bench.wat
;; RUN: ahead run bench.wat --bench
(module
  (import "bench" "start" (func $start))
  (import "bench" "end" (func $end))
  (memory (export "memory") 1)
  (func (export "_start")
    (call $end)
    (call $start)
    (call $end)
    (call $start)))
