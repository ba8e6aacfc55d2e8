//! gRPC calls and streams that filters of tests open, and what they tell of them.

use crate::guest::{Guest, each};
use ahead_filter_host::headers;
use ahead_proxy_wasm::{CalloutId, Header};

pub const ID: CalloutId = CalloutId(1);

/// `m: v`
const METADATA: &str = r#""\01\00\00\00\01\00\00\00\01\00\00\00m\00v\00""#;

const TOLD: [(&str, &str); 4] = [
    (
        "proxy_on_grpc_receive_initial_metadata",
        r#"(call $number (i64.const 101)) (call $number (i64.extend_i32_u (local.get 2)))
           (call $got (call $proxy_get_header_map_value #4 "a" OUT))"#,
    ),
    (
        "proxy_on_grpc_receive",
        r#"(call $number (i64.const 102)) (call $number (i64.extend_i32_u (local.get 2)))
           (call $got (call $proxy_get_buffer_bytes #5 #0 #100 OUT))"#,
    ),
    (
        "proxy_on_grpc_receive_trailing_metadata",
        r#"(call $number (i64.const 103))
           (call $got (call $proxy_get_header_map_value #5 "t" OUT))"#,
    ),
    (
        "proxy_on_grpc_close",
        r#"(call $number (i64.const 104)) (call $number (i64.extend_i32_u (local.get 2)))
           (call $got (call $proxy_get_status #0x208 OUT)) (call $word #0x208)"#,
    ),
];

/// Starts a call or a stream on tick, and lets `act` be the other side.
pub fn with(start: &str, act: impl FnMut(&mut Guest)) {
    let mut callbacks = vec![("proxy_on_tick", start)];
    callbacks.extend(TOLD);
    each(&callbacks, act);
}

pub fn call() -> String {
    format!(
        r#"(call $is (call $proxy_grpc_call "cluster" "pkg.Service" "Method" {METADATA} "hi" #2000 #0x20c))"#
    )
}

pub fn stream() -> String {
    format!(
        r#"(call $is (call $proxy_grpc_stream "cluster" "pkg.Service" "Method" {METADATA} #0x20c))"#
    )
}

pub fn ok() -> Vec<Header> {
    headers(&[(":status", "200"), ("a", "b")])
}
