;; Imports that nobody provides, or that have another type.
;; RUN[1]: ahead run imports.wat
;; RUN: ahead compile imports.wat -o imports.so
;; RUN[1]: ahead run imports.so
(module
  (import "wasi_snapshot_preview1" "fd_close" (func (param i32) (result i32)))
  (import "env" "log" (func (param i32 i64) (result f32)))
  (func (export "_start")))
