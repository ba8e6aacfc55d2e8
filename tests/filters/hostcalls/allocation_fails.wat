;; A filter that gives the host no memory: what the host wants to return is lost, with a status.
;;! request {"path": "/?chunk=x", "headers": [["x-a", "1"]]}
(module
  (import "env" "proxy_log" (func $proxy_log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value"
    (func $value (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_pairs" (func $pairs (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_property" (func $property (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (global $address (mut i32) (i32.const 0))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (global.get $address))
  (func (export "proxy_on_context_create") (param i32 i32))
  ;; One digit or two.
  (func $log (param $status i32)
    (i32.store8 (i32.const 200) (i32.add (i32.div_u (local.get $status) (i32.const 10)) (i32.const 48)))
    (i32.store8 (i32.const 201) (i32.add (i32.rem_u (local.get $status) (i32.const 10)) (i32.const 48)))
    (drop (call $proxy_log (i32.const 2) (i32.const 200) (i32.const 2))))
  (func $all
    (call $log (call $value (i32.const 0) (s "x-a") (i32.const 16) (i32.const 20)))
    (call $log (call $pairs (i32.const 0) (i32.const 16) (i32.const 20)))
    (call $log (call $property (s "plugin_name") (i32.const 16) (i32.const 20))))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (call $all)
    (global.set $address (i32.const 0xfffff000))
    (call $all)
    (i32.const 0)))
