;; A tail call is a jump: to a function, to an import, through a table of the artefact's and one of the runtime's.
;; GOLDEN speed: -O speed
(module
  (import "env" "log" (func $log (param i32)))
  (table $static funcref (elem $direct))
  (table $shared (export "table") 1 funcref)
  (func $direct (param i32) (return_call $direct (i32.add (local.get 0) (i32.const 1))))
  (func $import (param i32) (return_call $log (local.get 0)))
  (func $through_static (param i32) (return_call_indirect $static (param i32) (local.get 0) (local.get 0)))
  (func $through_shared (param i32) (return_call_indirect $shared (param i32) (local.get 0) (local.get 0))))
