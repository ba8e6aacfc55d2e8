;; Wrong usage exits with 2 and writes nothing.
;; RUN[2]: ahead
;; RUN[2]: ahead nonsense
;; RUN[2]: ahead compile
;; RUN[2]: ahead compile arguments.wat
;; RUN[2]: ahead compile arguments.wat -o a.xyz
;; RUN[2]: ahead compile arguments.wat -o -
;; RUN[2]: ahead compile arguments.wat -o a.so --target riscv64
;; RUN[2]: ahead compile arguments.wat -o a.so --cpu pentium
;; RUN[2]: ahead compile arguments.wat -o a.so --cpu v2+nonsense
;; RUN[2]: ahead compile arguments.wat -o a.so --target aarch64 --cpu x86-64-v3
;; RUN[2]: ahead compile arguments.wat -o a.so -O 3
;; RUN[2]: ahead compile arguments.wat -o a.so --wasm nonsense
;; RUN[2]: ahead compile arguments.wat -o a.so --header a.h
;; RUN[2]: ahead compile arguments.wat -o a.so --function f
;; RUN[2]: ahead compile arguments.wat -o a.so --jobs 0
;; RUN[2]: ahead wast
;; RUN[2]: ahead wast .
;; RUN[2]: ahead wast --target aarch64 arguments.wat
;; RUN[2]: ahead run arguments.wat --env
;; RUN: list
(module)
