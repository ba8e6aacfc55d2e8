;; proxy_set_buffer_bytes: the path's number says which range of a body of ten bytes is replaced.
;;! request {"path": "/0?echo", "body": ["0123456789"]}
;;! request {"path": "/1?echo", "body": ["0123456789"]}
;;! request {"path": "/2?echo", "body": ["0123456789"]}
;;! request {"path": "/3?echo", "body": ["0123456789"]}
;;! request {"path": "/4?echo", "body": ["0123456789"]}
;;! request {"path": "/5?echo", "body": ["0123456789"]}
;;! request {"path": "/6?echo", "body": ["0123456789"]}
;;! request {"path": "/7?echo", "body": ["0123456789"]}
;;! request {"path": "/8?echo", "body": ["0123456789"]}
;;! request {"path": "/9?echo", "body": ["0123456789"]}
(module
  (import "env" "proxy_set_buffer_bytes" (func $set (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_remove_header_map_value" (func $remove (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value"
    (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (; prelude ;)
  (global $case (mut i32) (i32.const 0))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (call $is (s "configure: body") (call $set (i32.const 0) (i32.const 0) (i32.const 0) (s "x")))
    (call $is (s "configure: configuration") (call $set (i32.const 7) (i32.const 0) (i32.const 0) (s "x")))
    (i32.const 1))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $get (i32.const 0) (s ":path") (out)))
    (global.set $case (i32.sub (i32.load8_u offset=1 (i32.load (global.get $out0))) (i32.const 48)))
    (drop (call $remove (i32.const 0) (s "content-length")))
    (call $is (s "case") (global.get $case))
    (call $is (s "request headers") (call $set (i32.const 0) (i32.const 0) (i32.const 0) (s "x")))
    (i32.const 0))
  (func $change (param $buffer i32)
    (local $case i32)
    (local.set $case (global.get $case))
    (if (i32.eq (local.get $case) (i32.const 0)) (then
      (call $is (s "all") (call $set (local.get $buffer) (i32.const 0) (i32.const 10) (s "NEW")))))
    (if (i32.eq (local.get $case) (i32.const 1)) (then
      (call $is (s "longest") (call $set (local.get $buffer) (i32.const 0) (i32.const -1) (s "NEW")))))
    (if (i32.eq (local.get $case) (i32.const 2)) (then
      (call $is (s "before") (call $set (local.get $buffer) (i32.const 0) (i32.const 0) (s "NEW")))))
    (if (i32.eq (local.get $case) (i32.const 3)) (then
      (call $is (s "after") (call $set (local.get $buffer) (i32.const 10) (i32.const 0) (s "NEW")))))
    (if (i32.eq (local.get $case) (i32.const 4)) (then
      (call $is (s "far after") (call $set (local.get $buffer) (i32.const 1000) (i32.const 5) (s "NEW")))))
    (if (i32.eq (local.get $case) (i32.const 5)) (then
      (call $is (s "start") (call $set (local.get $buffer) (i32.const 0) (i32.const 2) (s "NEW")))))
    (if (i32.eq (local.get $case) (i32.const 6)) (then
      (call $is (s "middle") (call $set (local.get $buffer) (i32.const 2) (i32.const 2) (s "NEW")))))
    (if (i32.eq (local.get $case) (i32.const 7)) (then
      (call $is (s "end") (call $set (local.get $buffer) (i32.const 8) (i32.const 100) (s "NEW")))))
    (if (i32.eq (local.get $case) (i32.const 8)) (then
      (call $is (s "all away") (call $set (local.get $buffer) (i32.const 0) (i32.const 10) (s "")))))
    (if (i32.eq (local.get $case) (i32.const 9)) (then
      (call $is (s "beyond memory")
        (call $set (local.get $buffer) (i32.const 0) (i32.const 10) (i32.const 0x100000) (i32.const 1)))
      (call $is (s "length of everything")
        (call $set (local.get $buffer) (i32.const 0) (i32.const 10) (i32.const 0) (i32.const -1)))
      (call $is (s "the other body")
        (call $set (i32.sub (i32.const 1) (local.get $buffer)) (i32.const 0) (i32.const 10) (s "NEW")))
      (call $is (s "no such buffer") (call $set (i32.const 9) (i32.const 0) (i32.const 10) (s "NEW")))
      (call $is (s "configuration") (call $set (i32.const 7) (i32.const 0) (i32.const 10) (s "NEW"))))))
  (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
    (if (local.get 1) (then (call $change (i32.const 0))))
    (i32.const 0))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (drop (call $remove (i32.const 2) (s "content-length")))
    (i32.const 0))
  (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
    (if (local.get 1) (then (call $change (i32.const 1))))
    (i32.const 0))
  (func (export "proxy_on_log") (param i32)
    (call $is (s "log") (call $set (i32.const 1) (i32.const 0) (i32.const 0) (s "x")))))
