;; proxy_send_local_response when the stream has ended: nothing comes of it.
;;! without-v8 "it calls the filter's log again, until the stack is used up"
;;! request {}
;;! request {}
(module
  (import "env" "proxy_send_local_response"
    (func $send (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (; prelude ;)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (call $note (s "request headers"))
    (i32.const 0))
  (func (export "proxy_on_log") (param i32)
    (call $is (s "log") (call $send (i32.const 200) (s "") (s "late") (s "") (i32.const -1))))
  (func (export "proxy_on_done") (param i32) (result i32)
    (call $is (s "done") (call $send (i32.const 200) (s "") (s "late") (s "") (i32.const -1)))
    (i32.const 1)))
