//! Filters for these tests, in the text format.

/// What every filter has: the marker, memory, an allocator that never gives anything back.
pub const PREFIX: &str = r#"
  (memory (export "memory") 4)
  (global $heap (mut i32) (i32.const 65536))
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_memory_allocate") (param i32) (result i32)
    (local $at i32)
    (local.set $at (global.get $heap))
    (global.set $heap (i32.and (i32.add (global.get $heap) (i32.add (local.get 0) (i32.const 15))) (i32.const -16)))
    (local.get $at))
"#;

/// Adds the response header `x-filter` with the plugin's configuration: the filter of the README.
pub fn adds_header() -> String {
    include_str!("../../../examples/filter/filter.wat").to_owned()
}

/// Ticks every 20 ms and logs `ticked`; every tick asks the cluster `upstream` for `/from-tick` and logs `answered` if
/// there is an answer.
pub fn ticks() -> String {
    format!(
        r#"(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_set_tick_period_milliseconds" (func $period (param i32) (result i32)))
  (import "env" "proxy_http_call"
    (func $call (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  {PREFIX}
  (data (i32.const 0) "tickedanswered")
  (data (i32.const 32) "upstream")
  (data (i32.const 64)
    "\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\0a\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:path\00/from-tick\00:authority\00a\00")
  (func (export "proxy_on_vm_start") (param i32 i32) (result i32)
    (drop (call $period (i32.const 20)))
    (i32.const 1))
  (func (export "proxy_on_tick") (param i32)
    (drop (call $log (i32.const 2) (i32.const 0) (i32.const 6)))
    (drop (call $call (i32.const 32) (i32.const 8) (i32.const 64) (i32.const 70)
      (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 1000) (i32.const 512))))
  (func (export "proxy_on_http_call_response") (param i32 i32 i32 i32 i32)
    (if (local.get 2) (then (drop (call $log (i32.const 2) (i32.const 6) (i32.const 8)))))))"#
    )
}

/// Counts requests in the counter `seen`, which it defines when its VM starts.
pub fn counts() -> String {
    format!(
        r#"(module
  (import "env" "proxy_define_metric" (func $define (param i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_increment_metric" (func $add (param i32 i64) (result i32)))
  {PREFIX}
  (data (i32.const 0) "seen")
  (func (export "proxy_on_vm_start") (param i32 i32) (result i32)
    (drop (call $define (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 16)))
    (i32.const 1))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (drop (call $add (i32.load (i32.const 16)) (i64.const 1)))
    (i32.const 0)))"#
    )
}

/// Reads beyond its memory when it sees request headers.
pub fn traps() -> String {
    format!(
        r#"(module {PREFIX}
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
    (i32.load (i32.const -8))))"#
    )
}

/// Does not accept its configuration.
pub fn refuses() -> String {
    format!(
        r#"(module {PREFIX}
  (func (export "proxy_on_configure") (param i32 i32) (result i32) (i32.const 0)))"#
    )
}
