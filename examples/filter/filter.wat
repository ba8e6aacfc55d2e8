;; A whole Proxy-Wasm filter: it adds the response header `x-filter`, whose value is the plugin's configuration.
(module
  (import "env" "proxy_get_buffer_bytes" (func $buffer (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_add_header_map_value" (func $add (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 4)
  (data (i32.const 0) "x-filter")
  (global $value (mut i32) (i32.const 0))
  (global $length (mut i32) (i32.const 0))

  ;; The marker: which version of the ABI this is.
  (func (export "proxy_abi_version_0_2_1"))

  ;; Memory for what the host hands over. It is never given back: only the configuration comes this way, once.
  (global $heap (mut i32) (i32.const 65536))
  (func (export "proxy_on_memory_allocate") (param $bytes i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $heap))
    (global.set $heap
      (i32.and (i32.add (global.get $heap) (i32.add (local.get $bytes) (i32.const 15))) (i32.const -16)))
    (local.get $at))

  ;; Buffer 7 is the plugin's configuration.
  (func (export "proxy_on_configure") (param $root i32) (param $bytes i32) (result i32)
    (drop (call $buffer (i32.const 7) (i32.const 0) (local.get $bytes) (i32.const 16) (i32.const 20)))
    (global.set $value (i32.load (i32.const 16)))
    (global.set $length (i32.load (i32.const 20)))
    (i32.const 1))

  ;; Map 2 is the response's headers; 0 is to go on.
  (func (export "proxy_on_response_headers") (param $stream i32) (param $headers i32) (param $end i32) (result i32)
    (drop (call $add (i32.const 2) (i32.const 0) (i32.const 8) (global.get $value) (global.get $length)))
    (i32.const 0)))
