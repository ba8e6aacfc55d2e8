;; What is refused before anything is measured.
;; RUN[2]: ahead bench errors.wat
;; RUN[2]: ahead bench --invoke none errors.wat
;; RUN[2]: ahead bench --invoke one errors.wat
;; RUN[2]: ahead bench --invoke one errors.wat 1 2
;; RUN[2]: ahead bench --invoke one errors.wat x
;; RUN[2]: ahead bench --invoke reference errors.wat null
;; RUN[2]: ahead bench --engines nonsense --invoke one errors.wat 1
;; RUN[2]: ahead bench --without nonsense --invoke one errors.wat 1
;; RUN[2]: ahead bench --env A --engines ahead --invoke one errors.wat 1
;; RUN[1]: ahead bench --rounds 1 --engines ahead --invoke traps errors.wat
;; RUN[1]: ahead bench missing.wasm
;; RUN[1]: ahead bench --rounds 1 --engines native --native ./none --invoke one errors.wat 1
;; RUN[1]: ahead bench --rounds 1 --engines ahead --html none/report.html --invoke one errors.wat 1
;; RUN[1]: ahead bench --rounds 1 --engines ahead --json . --invoke one errors.wat 1
;; RUN[1]: ahead bench --filter --rounds 1 --engines ahead errors.wat
;; RUN[1]: ahead bench --filter --mix errors.wat errors.wat
(module
  (func (export "one") (param i32) (result i32) (local.get 0))
  (func (export "reference") (param externref))
  (func (export "traps") (unreachable)))
