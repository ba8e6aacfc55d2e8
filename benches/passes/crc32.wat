;; CRC-32, byte by byte, over 4,000,000 bytes as often as asked for: a loop whose time is the look-up in
;; its table, so it shows what address arithmetic costs. `ahead run --invoke run benches/passes/crc32.wat 50`
;; The table is left empty: the time does not depend on what is in it.
(module (memory 64)
 (func $crc (param $p i32) (param $n i32) (param $c i32) (result i32)
  (loop $l
   (local.set $c (i32.xor (i32.shr_u (local.get $c) (i32.const 8))
      (i32.load offset=1024 (i32.shl (i32.xor (i32.and (local.get $c) (i32.const 255)) (i32.load8_u (local.get $p))) (i32.const 2)))))
   (local.set $p (i32.add (local.get $p) (i32.const 1)))
   (br_if $l (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $c))
 (func (export "run") (param $i i32) (result i32) (local $c i32)
  (loop $l (local.set $c (call $crc (i32.const 0) (i32.const 4000000) (local.get $c)))
   (br_if $l (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
  (local.get $c)))
