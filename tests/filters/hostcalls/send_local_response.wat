;; proxy_send_local_response: an answer of the filter's own. The path's number says which, and when.
;;! request {"path": "/0"}
;;! request {"path": "/1"}
;;! request {"path": "/2", "body": ["abc"]}
;;! request {"path": "/3?chunk=x"}
;;! request {"path": "/4?chunk=x"}
;;! request {"path": "/5"}
;;! request {"path": "/6", "headers": [["content-type", "application/grpc"]], "body": ["abc"]}
;;! request {"path": "/7"}
;;! request {"path": "/8"}
;;! request {"path": "/9"}
(module
  (import "env" "proxy_send_local_response"
    (func $send (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value"
    (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (; prelude ;)
  (global $case (mut i32) (i32.const 0))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func $is_case (param $case i32) (result i32) (i32.eq (global.get $case) (local.get $case)))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (call $is (s "configure") (call $send (i32.const 200) (s "") (s "") (s "") (i32.const -1))) (i32.const 1))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $get (i32.const 0) (s ":path") (out)))
    (global.set $case (i32.sub (i32.load8_u offset=1 (i32.load (global.get $out0))) (i32.const 48)))
    (call $is (s "case") (global.get $case))
    (if (call $is_case (i32.const 0)) (then
      (call $is (s "plain") (call $send (i32.const 403) (s "the details") (s "the body") (s "") (i32.const -1)))
      (return (i32.const 1))))
    (if (call $is_case (i32.const 1)) (then
      (call $is (s "with headers")
        (call $send (i32.const 200) (s "") (s "{}")
          (s "\03\00\00\00\03\00\00\00\01\00\00\00\03\00\00\00\01\00\00\00\0c\00\00\00\10\00\00\00x-a\001\00x-a\002\00content-type\00application/json\00")
          (i32.const -1)))
      (return (i32.const 1))))
    (if (call $is_case (i32.const 5)) (then
      (call $is (s "one") (call $send (i32.const 401) (s "") (s "one") (s "") (i32.const -1)))
      (call $is (s "two") (call $send (i32.const 402) (s "") (s "two") (s "") (i32.const -1)))
      (return (i32.const 1))))
    (if (call $is_case (i32.const 6)) (then
      (call $is (s "gRPC") (call $send (i32.const 403) (s "") (s "no access") (s "") (i32.const 7)))
      (return (i32.const 1))))
    (if (call $is_case (i32.const 7)) (then
      (call $is (s "and goes on") (call $send (i32.const 429) (s "") (s "slow down") (s "") (i32.const -1)))
      (return (i32.const 0))))
    (if (call $is_case (i32.const 8)) (then
      (call $is (s "headers that are none")
        (call $send (i32.const 404) (s "") (s "gone") (s "\ff\ff\00\00x") (i32.const -1)))
      (return (i32.const 1))))
    (if (call $is_case (i32.const 9)) (then
      (call $is (s "details beyond memory")
        (call $send (i32.const 404) (i32.const 0x100000) (i32.const 1) (s "") (s "") (i32.const -1)))
      (call $is (s "body beyond memory")
        (call $send (i32.const 404) (s "") (i32.const 0xfffff) (i32.const 2) (s "") (i32.const -1)))
      (call $is (s "headers beyond memory")
        (call $send (i32.const 404) (s "") (s "") (i32.const 1) (i32.const -1) (i32.const -1)))))
    (i32.const 0))
  (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
    (call $is (s "request body") (local.get 1))
    (if (call $is_case (i32.const 2)) (then
      (call $is (s "at the body") (call $send (i32.const 413) (s "") (s "too large") (s "") (i32.const -1)))
      (return (i32.const 3))))
    (i32.const 0))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (call $note (s "response headers"))
    (if (call $is_case (i32.const 3)) (then
      (call $is (s "instead of the upstream's")
        (call $send (i32.const 502) (s "") (s "replaced") (s "") (i32.const -1)))
      (return (i32.const 1))))
    (i32.const 0))
  (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
    (call $is (s "response body") (local.get 1))
    (if (call $is_case (i32.const 4)) (then
      (call $is (s "after the headers")
        (call $send (i32.const 502) (s "") (s "replaced") (s "") (i32.const -1)))
      (return (i32.const 3))))
    (i32.const 0))
  (func (export "proxy_on_log") (param i32) (call $note (s "log")))
  (func (export "proxy_on_done") (param i32) (result i32) (call $note (s "done")) (i32.const 1)))
