;; Code with handlers is the same as without: what a throw needs to know stands in a table. A throw inside finds
;; its handler without unwinding.
;; GOLDEN speed: -O speed
(module
  (import "env" "log" (func $log (param i32) (result i32)))
  (import "env" "tag" (tag $imported (param i32)))
  (tag $own (param i32))
  (func $call (param i32) (result i32)
    (block $caught (result i32)
      (try_table (result i32) (catch $own $caught) (catch $imported $caught)
        (call $log (local.get 0)))))
  (func $local (param i32) (result i32)
    (block $all
      (block $caught (result i32)
        (try_table (catch $own $caught) (catch_all $all) (throw $own (local.get 0)))
        (unreachable))
      (return))
    (i32.const 0))
  (func $throw (param i32) (throw $imported (local.get 0))))
