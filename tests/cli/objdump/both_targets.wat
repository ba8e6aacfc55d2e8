;; Instructions with trap sites and Wasm offsets beside them, for either target on any host.
;; RUN: ahead compile both_targets.wat -o x86.so --target x86_64
;; RUN: ahead objdump x86.so
;; RUN: ahead compile both_targets.wat -o arm.so --target aarch64
;; RUN: ahead objdump arm.so
;; RUN: ahead objdump arm.so --function divide
;; RUN: ahead objdump arm.so -f 1
;; RUN[1]: ahead objdump arm.so -f nothing
(module
  (func $leaf (export "leaf") (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $divide (export "divide") (param i32 i32) (result i32)
    (i32.div_u (call $leaf (local.get 0)) (local.get 1))))
