;; The script runner, on this file, which is a script as well.
;; RUN[1]: ahead wast script.wat
;; RUN[1]: ahead wast --bounds both script.wat
;; RUN: ahead wast --precompile modules script.wat
;; RUN[1]: ahead wast --precompiled modules script.wat
(module $m
  (memory 1)
  (func (export "seven") (result i32) (i32.const 7))
  (func (export "nan") (result f32) (f32.div (f32.const 0) (f32.const 0)))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0))))
(assert_return (invoke "seven") (i32.const 7))
(assert_return (invoke "seven") (i32.const 8))
(assert_return (invoke "nan") (f32.const nan:canonical))
(assert_return (invoke "nan") (f32.const 1))
(assert_trap (invoke "load" (i32.const 65536)) "out of bounds memory access")
(assert_trap (invoke "seven") "unreachable")
(assert_return (invoke "missing"))
(assert_invalid (module (func (result i32))) "type mismatch")
(assert_invalid (module) "type mismatch")
(assert_malformed (module quote "(func") "unexpected token")
(register "m" $m)
(module (import "m" "seven" (func (result i32))))
(assert_unlinkable (module (import "m" "eight" (func (result i32)))) "unknown import")
(assert_unlinkable (module (import "m" "seven" (func))) "incompatible import type")
(assert_unlinkable (module (import "m" "seven" (func (result i32)))) "unknown import")
