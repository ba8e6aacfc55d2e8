;; proxy_get_current_time_nanoseconds: since 1970.
(module
  (import "env" "proxy_get_current_time_nanoseconds" (func $get (param i32) (result i32)))
  (; prelude ;)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func $ask
    (i64.store (global.get $out0) (i64.const 0))
    (call $is (s "status") (call $get (global.get $out0)))
    (call $is (s "after 2024") (i64.gt_u (i64.load (global.get $out0)) (i64.const 1704067200000000000)))
    (call $is (s "before 2124") (i64.lt_u (i64.load (global.get $out0)) (i64.const 4859740800000000000))))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (call $note (s "configure")) (call $ask) (i32.const 1))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (call $note (s "request headers"))
    (call $ask)
    (call $is (s "beyond memory") (call $get (i32.const 0x100000)))
    (call $is (s "across the end") (call $get (i32.const 0xffff9)))
    (i32.const 0)))
