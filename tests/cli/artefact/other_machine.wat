;; RUN: ahead compile other_machine.wat -o a.so --target aarch64
;; RUN[1]: ahead run a.so
;; RUN: ahead compile other_machine.wat -o b.so
;; RUN: patch b.so 18 b700
;; RUN[1]: ahead run b.so
(module (func (export "_start")))
