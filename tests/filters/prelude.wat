;; What every filter in the text format needs: memory, what the host asks for, and a way to log.
;;
;; A message is collected in a line (`$say`, `$number`, `$hex`) and logged by `$log`. Memory: 0-63 for the results of
;; hostcalls, 64-4095 the line, 4096- texts, 65536- what the host allocates, which is never freed.
;; `$out0`, `$out1` are addresses that a hostcall writes a pointer and a length to.
(import "env" "proxy_log" (func $proxy_log (param i32 i32 i32) (result i32)))

(memory (export "memory") 16)
(global $heap (mut i32) (i32.const 65536))
(global $line (mut i32) (i32.const 64))
(global $out0 i32 (i32.const 16))
(global $out1 i32 (i32.const 20))

(func $allocate (export "proxy_on_memory_allocate") (param $size i32) (result i32)
  (local $at i32)
  (local.set $at (global.get $heap))
  (global.set $heap
    (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 15)) (i32.const -16)))
  (local.get $at))

;; Adds bytes to the line.
(func $say (param $from i32) (param $length i32)
  (memory.copy (global.get $line) (local.get $from) (local.get $length))
  (global.set $line (i32.add (global.get $line) (local.get $length))))

(func $byte (param $byte i32)
  (i32.store8 (global.get $line) (local.get $byte))
  (global.set $line (i32.add (global.get $line) (i32.const 1))))

;; Adds an unsigned number.
(func $number (param $number i32)
  (if (i32.ge_u (local.get $number) (i32.const 10))
    (then (call $number (i32.div_u (local.get $number) (i32.const 10)))))
  (call $byte (i32.add (i32.rem_u (local.get $number) (i32.const 10)) (i32.const 48))))

;; Adds bytes in hexadecimal.
(func $hex (param $from i32) (param $length i32)
  (local $digit i32) (local $high i32)
  (if (i32.eqz (local.get $length)) (then (return)))
  (local.set $high (i32.const 1))
  (loop $next
    (local.set $digit (i32.load8_u (local.get $from)))
    (local.set $digit
      (select (i32.shr_u (local.get $digit) (i32.const 4)) (i32.and (local.get $digit) (i32.const 15))
        (local.get $high)))
    (call $byte
      (i32.add (local.get $digit)
        (select (i32.const 48) (i32.const 87) (i32.lt_u (local.get $digit) (i32.const 10)))))
    (local.set $high (i32.xor (local.get $high) (i32.const 1)))
    (br_if $next (i32.eqz (local.get $high)))
    (local.set $from (i32.add (local.get $from) (i32.const 1)))
    (local.set $length (i32.sub (local.get $length) (i32.const 1)))
    (br_if $next (local.get $length))))

;; Logs the line and begins a new one.
(func $log
  (drop (call $proxy_log (i32.const 2) (i32.const 64) (i32.sub (global.get $line) (i32.const 64))))
  (global.set $line (i32.const 64)))

;; Logs a text.
(func $note (param $from i32) (param $length i32)
  (call $say (local.get $from) (local.get $length))
  (call $log))

;; Logs `text: number`.
(func $is (param $from i32) (param $length i32) (param $number i32)
  (call $say (local.get $from) (local.get $length))
  (call $say (s ": "))
  (call $number (local.get $number))
  (call $log))

;; Forgets what hostcalls returned, so that a result that is not written is seen.
(func $clear
  (memory.fill (i32.const 0) (i32.const 0xee) (i32.const 64)))

;; Logs `text: status`, and if the status is 0 the bytes that `$out0` and `$out1` tell of.
(func $gives (param $from i32) (param $length i32) (param $status i32)
  (call $say (local.get $from) (local.get $length))
  (call $say (s ": "))
  (call $number (local.get $status))
  (if (i32.eqz (local.get $status))
    (then
      (call $say (s " \22"))
      (call $say (i32.load (global.get $out0)) (i32.load (global.get $out1)))
      (call $say (s "\22"))))
  (call $clear)
  (call $log))
