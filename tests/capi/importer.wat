;; Imports from another instance.
(module $importer
  (import "other" "answer" (func $answer (result i32)))
  (import "other" "memory" (memory 1))
  (func (export "twice") (result i32)
    (i32.mul (i32.load (i32.const 8)) (call $answer))))
