;; A function body that goes on beyond its section.
;; RUN[1]: ahead compile malformed.wat -o malformed.so
;; RUN[1]: ahead run malformed.wat
;; RUN: list
(module binary
  "\00asm" "\01\00\00\00"
  "\01\04\01\60\00\00"      ;; type () -> ()
  "\03\02\01\00"            ;; function 0 has type 0
  "\0a\04\01\09\00\0b")     ;; 9 bytes of code that are not there
