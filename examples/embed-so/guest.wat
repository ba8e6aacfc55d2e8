;; A guest that uses its host: it greets through a function that the host defines, counts letters in memory
;; that the host reads, and divides, which the host must expect to trap.
(module $greeter
  (import "host" "log" (func $log (param $address i32) (param $bytes i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "hello from the guest")

  ;; Logs the greeting and returns its length.
  (func $greet (export "greet") (result i32)
    (call $log (i32.const 16) (i32.const 20))
    (i32.const 20))

  ;; Turns the `bytes` letters at `address` to upper case.
  (func $shout (export "shout") (param $address i32) (param $bytes i32)
    (local $end i32) (local $letter i32)
    (local.set $end (i32.add (local.get $address) (local.get $bytes)))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $address) (local.get $end)))
        (local.set $letter (i32.load8_u (local.get $address)))
        (if (i32.lt_u (i32.sub (local.get $letter) (i32.const 97)) (i32.const 26))
          (then
            (i32.store8 (local.get $address) (i32.sub (local.get $letter) (i32.const 32)))))
        (local.set $address (i32.add (local.get $address) (i32.const 1)))
        (br $next))))

  (func $divide (export "divide") (param $a i32) (param $b i32) (result i32)
    (i32.div_s (local.get $a) (local.get $b))))
