;; RUN[1]: ahead compile no-such-file.wasm -o a.so
;; RUN[1]: ahead run no-such-file.so
;; RUN[1]: ahead run no-such-file.so --env A=b
;; RUN[1]: ahead inspect no-such-file.so
;; RUN[1]: ahead objdump no-such-file.so
;; RUN[1]: ahead wast no-such-file.wast
;; RUN: list
(module)
