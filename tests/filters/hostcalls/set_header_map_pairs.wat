;; proxy_set_header_map_pairs: everything is replaced. Pairs that are none are refused, or what can be read of them is
;; taken; the requests' paths choose.
;;! request {"path": "/good", "headers": [["x-old", "1"]]}
;;! request {"path": "/trailers?chunk=x&trailer=t:u", "headers": [["x-old", "1"]], "body": ["b"], "trailers": [["x-old", "1"]]}
;;! request {"path": "/pointers", "headers": [["x-old", "1"]]}
(module
  (import "env" "proxy_set_header_map_pairs" (func $set (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value"
    (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (; prelude ;)
  (global $letter (mut i32) (i32.const 0))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func (export "proxy_on_configure") (param i32 i32) (result i32)
    (call $is (s "configure") (call $set (i32.const 0) (s "\00\00\00\00")))
    (i32.const 1))
  (func $is_letter (param $letter i32) (result i32)
    (i32.eq (global.get $letter) (local.get $letter)))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $get (i32.const 0) (s ":path") (out)))
    (global.set $letter (i32.load8_u offset=1 (i32.load (global.get $out0))))
    (if (call $is_letter (i32.const 0x67))
      (then
        (call $is (s "good") (call $set (i32.const 0)
          (s "\06\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\04\00\00\00\0a\00\00\00\04\00\00\00\03\00\00\00\03\00\00\00\03\00\00\00\03\00\00\00\07\00\00\00\00\00\00\00:method\00PUT\00:path\00/new\00:authority\00test\00x-a\00one\00x-a\00two\00x-empty\00\00")))
        (call $is (s "response headers") (call $set (i32.const 2) (s "\00\00\00\00")))
        (call $is (s "request trailers") (call $set (i32.const 1) (s "\00\00\00\00")))
        (call $is (s "no such map") (call $set (i32.const 8) (s "\00\00\00\00")))))
    (if (call $is_letter (i32.const 0x70))
      (then
        (call $is (s "beyond memory") (call $set (i32.const 0) (i32.const 0x100000) (i32.const 4)))
        (call $is (s "across the end") (call $set (i32.const 0) (i32.const 0xffffe) (i32.const 4)))
        (call $is (s "length of everything") (call $set (i32.const 0) (i32.const 0) (i32.const -1)))))
    (i32.const 0))
  (func (export "proxy_on_request_trailers") (param i32 i32) (result i32)
    (call $is (s "request trailers")
      (call $set (i32.const 1) (s "\01\00\00\00\03\00\00\00\01\00\00\00x-n\001\00")))
    (i32.const 0))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (call $is (s "response headers")
      (call $set (i32.const 2)
        (s "\02\00\00\00\07\00\00\00\03\00\00\00\03\00\00\00\01\00\00\00:status\00201\00x-n\001\00")))
    (call $is (s "request headers then") (call $set (i32.const 0) (s "\00\00\00\00")))
    (i32.const 0))
  (func (export "proxy_on_response_trailers") (param i32 i32) (result i32)
    (call $is (s "response trailers") (call $set (i32.const 3) (s "\00\00\00\00")))
    (i32.const 0))
  (func (export "proxy_on_log") (param i32)
    (call $is (s "log") (call $set (i32.const 0) (s "\00\00\00\00")))))
