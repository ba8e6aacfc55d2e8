;; RUN: ahead compile everything.wat -o everything.so
;; RUN: ahead inspect everything.so
;; RUN: ahead inspect everything.so --json
(module $everything
  (import "env" "f" (func $f (param i32 f64) (result i64)))
  (import "env" "t" (table $t 1 10 funcref))
  (import "env" "m" (memory 1 16))
  (import "env" "g" (global $g (mut i32)))
  (global $own (export "own global") (mut f32) (f32.const 1))
  (table (export "table") 2 externref)
  (export "again" (func $f))
  (export "imported" (global $g))
  (export "memory" (memory 0))
  (func $start (export "run") (param) (result) (global.set $g (i32.const 1)))
  (data (i32.const 0) "abc")
  (start $start))
