;; Direct calls inside the module pass their own vmctx on; imports bring theirs.
;; GOLDEN speed: -O speed
;; GOLDEN none: -O none
(module
  (import "env" "log" (func $log (param i32) (result i32)))
  (func $callee (param i32 i64) (result i32) (i32.wrap_i64 (local.get 1)))
  (func $direct (param i32) (result i32) (call $callee (local.get 0) (i64.const 7)))
  (func $import (param i32) (result i32) (call $log (local.get 0))))
