;; `_initialize` runs before the export.
;; RUN: ahead run reactor.wat --invoke value
;; RUN: ahead run reactor.wat
(module
  (global $value (mut i32) (i32.const 1))
  (func (export "_initialize") (global.set $value (i32.const 42)))
  (func (export "value") (result i32) (global.get $value)))
