;; What `main.c` needs of a guest: each way of calling out, each type of value, each way to fail.
(module $guest
  (import "host" "echo"
    (func $echo (param i32 i64 f32 f64 externref funcref v128) (result i32 i64 f32 f64 externref funcref v128)))
  (import "host" "act" (func $act (param i32) (result i32)))
  (memory (export "memory") 1 3)
  (func $answer (export "answer") (result i32) (i32.const 42))
  (func (export "echo")
    (param i32 i64 f32 f64 externref funcref v128) (result i32 i64 f32 f64 externref funcref v128)
    (call $echo
      (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)
      (local.get 6)))
  (func $outer (export "act") (param i32) (result i32) (call $act (local.get 0)))
  (func $deep (export "trap") (param i32) (i32.store (i32.const -1) (i32.const 0)))
  (tag $tag (export "tag") (param i32 v128))
  (func (export "throw") (param i32) (throw $tag (local.get 0) (v128.const i64x2 7 8)))
  (func (export "catch") (param i32) (result i32)
    (block $caught (result i32 v128)
      (try_table (catch $tag $caught) (return (call $act (local.get 0))))
      (unreachable))
    (drop))
  (func (export "answer_ref") (result funcref) (ref.func $answer)))
