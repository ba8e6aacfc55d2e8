;; proxy_get_log_level.
(module
  (import "env" "proxy_get_log_level" (func $get (param i32) (result i32)))
  (; prelude ;)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func $ask
    (call $clear)
    (call $is (s "status") (call $get (global.get $out0)))
    (call $is (s "level") (i32.load (global.get $out0))))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (call $note (s "configure")) (call $ask) (i32.const 1))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (call $note (s "request headers"))
    (call $ask)
    (call $is (s "beyond memory") (call $get (i32.const 0x100000)))
    (call $is (s "across the end") (call $get (i32.const 0xffffd)))
    (i32.const 0)))
