;; proxy_set_header_map_pairs with what is not a list of pairs, on response headers.
;;! request {"path": "/?header=x-old:1"}
(module
  (import "env" "proxy_set_header_map_pairs" (func $set (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value"
    (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (; prelude ;)
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func $after
    (call $clear)
    (call $gives (s "  :status") (call $get (i32.const 2) (s ":status") (out)))
    (call $gives (s "  x-old") (call $get (i32.const 2) (s "x-old") (out)))
    (call $gives (s "  x-n") (call $get (i32.const 2) (s "x-n") (out)))
    (drop (call $set (i32.const 2)
      (s "\02\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\01\00\00\00:status\00200\00x-old\001\00"))))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (call $is (s "nothing") (call $set (i32.const 2) (s ""))) (call $after)
    (call $is (s "half a count") (call $set (i32.const 2) (s "\01\00"))) (call $after)
    (call $is (s "a count alone") (call $set (i32.const 2) (s "\01\00\00\00"))) (call $after)
    (call $is (s "half of the lengths") (call $set (i32.const 2) (s "\01\00\00\00\03\00\00\00"))) (call $after)
    (call $is (s "lengths alone") (call $set (i32.const 2) (s "\01\00\00\00\03\00\00\00\01\00\00\00"))) (call $after)
    (call $is (s "no value") (call $set (i32.const 2) (s "\01\00\00\00\03\00\00\00\01\00\00\00x-n\00"))) (call $after)
    (call $is (s "no last zero") (call $set (i32.const 2) (s "\01\00\00\00\03\00\00\00\01\00\00\00x-n\001"))) (call $after)
    (call $is (s "no zeros") (call $set (i32.const 2) (s "\01\00\00\00\03\00\00\00\01\00\00\00x-n11"))) (call $after)
    (call $is (s "more than said") (call $set (i32.const 2) (s "\01\00\00\00\03\00\00\00\01\00\00\00x-n\001\00abc"))) (call $after)
    (call $is (s "a huge count") (call $set (i32.const 2) (s "\ff\ff\ff\ff\03\00\00\00\01\00\00\00x-n\001\00"))) (call $after)
    (call $is (s "a huge name") (call $set (i32.const 2) (s "\01\00\00\00\ff\ff\ff\ff\01\00\00\00x-n\001\00"))) (call $after)
    (i32.const 0)))
