;; proxy_grpc_call that fails: a status, no status, a reset, and one that is cancelled.
;;! request {"path": "/1"}
;;! await-log ["closed 1", 1]
;;! request {"path": "/2"}
;;! await-log ["closed 2", 1]
;;! request {"path": "/3"}
;;! await-log ["closed 3", 1]
;;! request {"path": "/4"}
(module
  (import "env" "proxy_grpc_call"
    (func $call (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value"
    (func $value (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_status" (func $status (param i32 i32 i32) (result i32)))
  (import "env" "proxy_grpc_cancel" (func $cancel (param i32) (result i32)))
  (import "env" "proxy_grpc_close" (func $close (param i32) (result i32)))
  (import "env" "proxy_set_effective_context" (func $context (param i32) (result i32)))
  (import "env" "proxy_continue_stream" (func $continue (param i32) (result i32)))
  (; prelude ;)
  (global $stream (mut i32) (i32.const 0))
  (func $resume
    (drop (call $context (global.get $stream)))
    (drop (call $continue (i32.const 0))))
  (global $id (mut i32) (i32.const 0))
  (global $case (mut i32) (i32.const 0))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func $is_case (param $case i32) (result i32) (i32.eq (global.get $case) (local.get $case)))
  (func (export "proxy_on_request_headers") (param $stream i32) (param i32 i32) (result i32)
    (global.set $stream (local.get $stream))
    (drop (call $value (i32.const 0) (s ":path") (out)))
    (global.set $case (i32.sub (i32.load8_u offset=1 (i32.load (global.get $out0))) (i32.const 48)))
    (if (call $is_case (i32.const 1)) (then
      (call $is (s "with a status")
        (call $call (s "upstream") (s "s")
          (s "m?header=content-type:application/grpc&trailer=grpc-status:5&trailer=grpc-message:not%20here")
          (s "") (s "") (i32.const 5000) (global.get $out0)))))
    (if (call $is_case (i32.const 2)) (then
      (call $is (s "not gRPC")
        (call $call (s "upstream") (s "s") (s "m?status=404") (s "") (s "") (i32.const 5000) (global.get $out0)))))
    (if (call $is_case (i32.const 3)) (then
      (call $is (s "reset")
        (call $call (s "upstream") (s "s") (s "m?reset") (s "") (s "") (i32.const 5000) (global.get $out0)))))
    (if (call $is_case (i32.const 4)) (then
      (call $is (s "cancelled")
        (call $call (s "upstream") (s "s") (s "m?delay=50") (s "") (s "") (i32.const 5000) (global.get $out0)))
      (call $is (s "cancel") (call $cancel (i32.load (global.get $out0))))
      (call $is (s "cancel again") (call $cancel (i32.load (global.get $out0))))
      (call $is (s "cancel none") (call $cancel (i32.const 99999)))
      (call $is (s "close none") (call $close (i32.const 99999)))
      (return (i32.const 0))))
    (i32.const 1))
  (func (export "proxy_on_grpc_receive") (param $context i32) (param $id i32) (param $length i32)
    (call $is (s "received") (local.get $length)))
  (func (export "proxy_on_grpc_close") (param $context i32) (param $id i32) (param $code i32)
    (call $is (s "code") (local.get $code))
    (call $clear)
    (call $gives (s "message") (call $status (i32.const 8) (out)))
    (call $say (s "closed ")) (call $number (global.get $case)) (call $log)
    (call $resume)))
