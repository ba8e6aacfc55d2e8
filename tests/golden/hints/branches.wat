;; What a hint says is rare stands behind the rest of the function.
;; GOLDEN speed: -O speed
(module
  (import "env" "log" (func $log (param i32)))
  (func $rare (param i32)
    (@metadata.code.branch_hint "\00") (if (local.get 0) (then (call $log (i32.const 1))))
    (call $log (i32.const 2)))
  (func $usual (param i32)
    (@metadata.code.branch_hint "\01") (if (local.get 0)
      (then (call $log (i32.const 1)))
      (else (call $log (i32.const 2)))))
  (func $leave (param i32) (result i32)
    (block $out (result i32)
      (i32.const 7)
      (local.get 0)
      (@metadata.code.branch_hint "\00") (br_if $out)
      (call $log)
      (i32.const 8))))
