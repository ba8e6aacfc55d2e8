;; Blocks, loops and conditions.
;; GOLDEN speed: -O speed
(module
  (func $choose (param i32 i32) (result i32)
    (if (result i32) (local.get 0)
      (then (local.get 1))
      (else (i32.sub (i32.const 0) (local.get 1)))))
  (func $count (param i32) (result i32) (local i32)
    (block $done
      (loop $again
        (br_if $done (i32.eqz (local.get 0)))
        (local.set 1 (i32.add (local.get 1) (local.get 0)))
        (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
        (br $again)))
    (local.get 1))
  (func $select (param i32 f64 f64) (result f64)
    (select (local.get 1) (local.get 2) (local.get 0))))
