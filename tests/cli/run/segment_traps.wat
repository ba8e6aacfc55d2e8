;; RUN[134]: ahead run segment_traps.wat
(module
  (memory 1)
  (data (i32.const 65530) "too long for it")
  (func (export "_start")))
