;; proxy_close_stream: the client sees a reset. The path says when.
;;! request {"path": "/request"}
;;! request {"path": "/Response?chunk=x"}
;;! request {"path": "/none"}
(module
  (import "env" "proxy_close_stream" (func $close (param i32) (result i32)))
  (import "env" "proxy_get_header_map_value"
    (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (; prelude ;)
  (global $letter (mut i32) (i32.const 0))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (call $is (s "configure") (call $close (i32.const 0))) (i32.const 1))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (call $note (s "request headers"))
    (drop (call $get (i32.const 0) (s ":path") (out)))
    (global.set $letter (i32.load8_u offset=1 (i32.load (global.get $out0))))
    (if (i32.eq (global.get $letter) (i32.const 0x72))
      (then
        (call $is (s "close request") (call $close (i32.const 0)))
        (return (i32.const 1))))
    (call $is (s "no such way") (call $close (i32.const 4)))
    (call $is (s "way -1") (call $close (i32.const -1)))
    (call $is (s "downstream") (call $close (i32.const 2)))
    (call $is (s "upstream") (call $close (i32.const 3)))
    (i32.const 0))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (call $note (s "response headers"))
    (if (i32.eq (global.get $letter) (i32.const 0x52))
      (then
        (call $is (s "close response") (call $close (i32.const 1)))
        (return (i32.const 1))))
    (i32.const 0))
  (func (export "proxy_on_log") (param i32) (call $note (s "log")))
  (func (export "proxy_on_done") (param i32) (result i32) (call $note (s "done")) (i32.const 1)))
