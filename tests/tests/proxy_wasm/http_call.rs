//! A callout that filters of tests make, and what they tell of its end.

use crate::guest::pairs;

/// The headers of a request.
pub fn request() -> String {
    pairs(&[(":method", "GET"), (":path", "/"), (":authority", "a")])
}

/// Tells the status; the number of the call is at `0x200`.
pub fn call(upstream: &str, headers: &str) -> String {
    let trailers = pairs(&[("t", "v")]);
    format!(
        r#"(call $is (call $proxy_http_call "{upstream}" {headers} "body" {trailers} #1500 #0x200))"#
    )
}

/// Tells a callback's arguments, the body and the status.
pub const TELL: &str = r#"(call $number (i64.extend_i32_u (local.get 0)))
    (call $number (i64.extend_i32_u (local.get 1)))
    (call $number (i64.extend_i32_u (local.get 2))) (call $number (i64.extend_i32_u (local.get 3)))
    (call $number (i64.extend_i32_u (local.get 4)))
    (call $got (call $proxy_get_buffer_bytes #4 #0 #100 OUT))
    (call $got (call $proxy_get_status #0x208 OUT)) (call $word #0x208)"#;
