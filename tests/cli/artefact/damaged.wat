;; An artefact that is cut off, scribbled on or something else is refused.
;; RUN: ahead compile damaged.wat -o a.so
;; RUN: truncate a.so 100
;; RUN[1]: ahead run a.so
;; RUN[1]: ahead inspect a.so
;; RUN: ahead compile damaged.wat -o a.so
;; RUN: truncate a.so 4096
;; RUN[1]: ahead run a.so
;; RUN[1]: ahead objdump a.so
;; RUN: ahead compile damaged.wat -o a.so
;; RUN: patch a.so 4 00
;; RUN[1]: ahead run a.so
;; RUN: ahead compile damaged.wat -o a.so
;; RUN: patch a.so 32 ffffffffffffff7f
;; RUN[1]: ahead run a.so
;; RUN: truncate a.so 0
;; RUN[1]: ahead run a.so
;; RUN[1]: ahead run /bin/sh
(module (func (export "_start")))
