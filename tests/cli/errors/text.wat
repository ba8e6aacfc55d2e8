;; Errors of the text come with line and column.
;; RUN[1]: ahead compile text.wat -o text.so
;; RUN: list
(module
  (func (export "f") (result i32)
    i32.konst 1))
