;; What cannot be written is an error that names the file, and nothing is left behind.
;; RUN[1]: ahead compile unwritable.wat -o /dev/full --emit so
;; RUN[1]: ahead compile unwritable.wat -o /proc/a.so
;; RUN[1]: ahead compile unwritable.wat -o missing/a.so
;; RUN[1]: ahead compile unwritable.wat -o . --emit so
;; RUN[1]: ahead compile unwritable.wat -o a.o --header missing/a.h
;; RUN: ahead compile unwritable.wat -o /dev/null --emit so
;; RUN: list
(module)
