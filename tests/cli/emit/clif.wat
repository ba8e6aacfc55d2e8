;; RUN: ahead compile --emit clif --target x86_64 clif.wat
;; RUN: ahead compile --emit clif --target aarch64 clif.wat --function second
;; RUN: ahead compile --emit clif clif.wat -O none -o clif.txt -f 0
;; RUN: show clif.txt
(module
  (memory 1)
  (func $first (param i32) (result i32) (i32.load (local.get 0)))
  (func $second (param i32) (result i32) (call $first (local.get 0))))
