;; Known failures need a reason each, and an entry that nothing fails for is an error.
;; RUN: write known.txt # what is known
;; RUN: write known.txt expected_failures.wat:17 seven is not eight
;; RUN: ahead wast --expected-failures known.txt expected_failures.wat
;; RUN: write known.txt expected_failures.wat:16 fixed meanwhile
;; RUN[1]: ahead wast --expected-failures known.txt expected_failures.wat
;; RUN: write whole.txt expected_failures.wat all of it
;; RUN: ahead wast --expected-failures whole.txt expected_failures.wat
;; RUN: write other.txt elsewhere/expected_failures.wat not this one
;; RUN[1]: ahead wast --expected-failures other.txt expected_failures.wat
;; RUN: write bad.txt expected_failures.wat:17
;; RUN[1]: ahead wast --expected-failures bad.txt expected_failures.wat
;; RUN: write broken.wast (module
;; RUN[1]: ahead wast broken.wast
(module (func (export "seven") (result i32) (i32.const 7)))
(assert_return (invoke "seven") (i32.const 7))
(assert_return (invoke "seven") (i32.const 8))
