;; Each thread is an instance: the start function runs in each, with globals and tables of its own, and its trap
;; ends the program.
;; EXIT: 134
;; SAYS: wasm trap: integer divide by zero
(module
  (import "env" "memory" (memory 1 1 shared))
  (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
  (export "memory" (memory 0))
  (global $mine (mut i32) (i32.const 7))
  (table $funcs 1 funcref)
  (elem declare func $init)
  (func $init (local $before i32)
    (if (i32.ne (global.get $mine) (i32.const 7)) (then unreachable))
    (if (i32.eqz (ref.is_null (table.get $funcs (i32.const 0)))) (then unreachable))
    (global.set $mine (i32.const 8))
    (table.set $funcs (i32.const 0) (ref.func $init))
    (local.set $before (i32.atomic.rmw.add (i32.const 0) (i32.const 1)))
    (drop (i32.div_u (i32.const 1) (i32.sub (i32.const 3) (local.get $before)))))
  (start $init)
  (func (export "wasi_thread_start") (param i32 i32)
    (if (i32.eqz (call $spawn (i32.const 0))) (then unreachable))
    (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1))))
  (func (export "_start")
    (drop (call $spawn (i32.const 0)))
    (drop (memory.atomic.wait32 (i32.const 4) (i32.const 0) (i64.const -1)))))
