;; RUN[1]: ahead --color always run missing.so
;; RUN[2]: ahead run color.wat --color always --invoke missing
;; RUN[1]: ahead --color never run missing.so
;; RUN[1]: ahead run missing.so
(module (func (export "there")))
