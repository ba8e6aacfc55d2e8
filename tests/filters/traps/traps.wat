;; Traps in the callback and in the way that the configuration's two letters name, when a request has `x-trap`.
;;
;; Callbacks: Context created, request Headers, Body, Trailers; response headers 1, body 2, trailers 3; Log, Done,
;; dElete; ticK, Queue ready, callout Response, Memory allocated. Ways: Unreachable, Out of bounds, Division, Stack
;; exhausted, Exit.
(module
  (import "env" "proxy_get_header_map_value"
    (func $value (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_buffer_bytes" (func $buffer (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_set_tick_period_milliseconds" (func $tick (param i32) (result i32)))
  (import "env" "proxy_register_shared_queue" (func $register (param i32 i32 i32) (result i32)))
  (import "env" "proxy_enqueue_shared_queue" (func $enqueue (param i32 i32 i32) (result i32)))
  (import "env" "proxy_http_call"
    (func $call (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_log" (func $proxy_log (param i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 2)
  (global $heap (mut i32) (i32.const 65536))
  (global $callback (mut i32) (i32.const 0))
  (global $way (mut i32) (i32.const 0))
  (global $armed (mut i32) (i32.const 0))
  (global $ready (mut i32) (i32.const 0))

  (func $note (param $from i32) (param $length i32)
    (drop (call $proxy_log (i32.const 2) (local.get $from) (local.get $length))))

  (func $recurse (param $depth i32) (result i32)
    (i32.add (call $recurse (i32.add (local.get $depth) (i32.const 1))) (local.get $depth)))

  ;; Traps if it is this callback's turn.
  (func $maybe (param $callback i32)
    (local $way i32)
    (if (i32.eqz (i32.and (global.get $armed) (i32.eq (local.get $callback) (global.get $callback))))
      (then (return)))
    (local.set $way (global.get $way))
    (if (i32.eq (local.get $way) (i32.const 85)) (then (unreachable)))
    (if (i32.eq (local.get $way) (i32.const 79)) (then (drop (i32.load (i32.const -8)))))
    (if (i32.eq (local.get $way) (i32.const 68)) (then (drop (i32.div_u (i32.const 1) (i32.load (i32.const 1024))))))
    (if (i32.eq (local.get $way) (i32.const 83)) (then (drop (call $recurse (i32.const 0)))))
    (if (i32.eq (local.get $way) (i32.const 69)) (then (call $exit (i32.const 3)))))

  (func (export "malloc") (param $size i32) (result i32)
    (local $at i32)
    ;; M
    (call $maybe (i32.const 77))
    (local.set $at (global.get $heap))
    (global.set $heap (i32.and (i32.add (i32.add (local.get $at) (local.get $size)) (i32.const 15)) (i32.const -16)))
    ;; Nothing is kept for long here.
    (if (i32.gt_u (global.get $heap) (i32.const 120000)) (then (global.set $heap (i32.const 65536))))
    (local.get $at))

  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_context_create") (param i32) (param $root i32)
    ;; The context before armed this.
    (if (local.get $root) (then (call $maybe (i32.const 67)))))
  (func (export "proxy_on_configure") (param i32) (param $length i32) (result i32)
    (drop (call $buffer (i32.const 7) (i32.const 0) (local.get $length) (i32.const 16) (i32.const 20)))
    (global.set $callback (i32.load8_u (i32.load (i32.const 16))))
    (global.set $way (i32.load8_u offset=1 (i32.load (i32.const 16))))
    (i32.const 1))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (call $note (s "request headers"))
    (global.set $armed
      (i32.eqz (call $value (i32.const 0) (s "x-trap") (i32.const 16) (i32.const 20))))
    (call $maybe (i32.const 72))
    (if (i32.and (global.get $armed) (i32.eq (global.get $callback) (i32.const 77)))
      (then
        (call $note (s "asks for memory"))
        (drop (call $value (i32.const 0) (s ":path") (i32.const 16) (i32.const 20)))
        (call $note (s "is still there"))))
    (if (i32.and (global.get $armed) (i32.eq (global.get $callback) (i32.const 82)))
      (then
        (drop (call $call (s "upstream")
          (s "\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\02\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:path\00/x\00:authority\00a\00")
          (s "") (s "") (i32.const 5000) (i32.const 16)))
        (return (i32.const 1))))
    (i32.const 0))
  (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
    (call $maybe (i32.const 66)) (i32.const 0))
  (func (export "proxy_on_request_trailers") (param i32 i32) (result i32)
    (call $maybe (i32.const 84)) (i32.const 0))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (call $maybe (i32.const 49)) (i32.const 0))
  (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
    (call $maybe (i32.const 50)) (i32.const 0))
  (func (export "proxy_on_response_trailers") (param i32 i32) (result i32)
    (call $maybe (i32.const 51)) (i32.const 0))
  (func (export "proxy_on_log") (param i32)
    (call $note (s "log"))
    ;; Only now, so that these do not meet the stream.
    (if (i32.and (global.get $armed) (i32.eq (global.get $callback) (i32.const 75)))
      (then (drop (call $tick (i32.const 1)))))
    (if (i32.and (global.get $armed) (i32.eq (global.get $callback) (i32.const 81)))
      (then
        (drop (call $register (s "q") (i32.const 16)))
        (drop (call $enqueue (i32.load (i32.const 16)) (s "x")))))
    (call $maybe (i32.const 76)))
  (func (export "proxy_on_done") (param i32) (result i32)
    (call $maybe (i32.const 68)) (i32.const 1))
  (func (export "proxy_on_delete") (param i32)
    (call $maybe (i32.const 69)))
  (func (export "proxy_on_tick") (param i32)
    (call $note (s "tick"))
    (call $maybe (i32.const 75)))
  (func (export "proxy_on_queue_ready") (param i32 i32)
    (call $note (s "ready"))
    (call $maybe (i32.const 81)))
  (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
    (call $note (s "response"))
    (call $maybe (i32.const 82))))
