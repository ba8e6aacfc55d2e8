;; The same artefact in a `.o`, for the other target, and what is none.
;; RUN: ahead compile kinds.wat -o kinds.o
;; RUN: ahead inspect kinds.o
;; RUN: ahead compile kinds.wat -o kinds.so --target aarch64 --bounds explicit -O size
;; RUN: ahead inspect kinds.so
;; RUN[1]: ahead inspect kinds.wat
;; RUN[1]: ahead inspect /bin/sh
(module
  (memory 1)
  (func (export "f") (param i32) (result i32) (i32.load (local.get 0))))
