//! Functions by name, in both directions.

use crate::guest::{calls, each};

#[test]
fn what_was_compressed_comes_back() {
    let told = calls(
        r#"(call $is (call $proxy_call_foreign_function "compress" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" OUT))
           (call $number (i64.extend_i32_u (i32.lt_u (i32.load #0x204) #20)))
           (call $got (call $proxy_call_foreign_function "uncompress" (i32.load #0x200) (i32.load #0x204) OUT))
           (call $is (call $proxy_call_foreign_function "uncompress" "nonsense" OUT))"#,
    );
    let text = "a".repeat(40);
    assert_eq!(told, ["Ok", "1", "Ok", &text, "SerializationFailure"]);
}

#[test]
fn names_are_known_to_this_crate_to_the_proxy_or_to_nobody() {
    let body = r#"(call $got (call $proxy_call_foreign_function "reverse" "abc" OUT))
        (call $is (call $proxy_call_foreign_function "reverse" "abc" #0 #0))
        (call $is (call $proxy_call_foreign_function "clear_route_cache" #0 #0 #0 #0))
        (call $is (call $proxy_call_foreign_function "sign" "abc" OUT))
        (call $is (call $proxy_call_foreign_function "" #0 #0 OUT))"#;
    each(
        &[("proxy_on_request_headers", body), ("proxy_on_tick", body)],
        |guest| {
            assert_eq!(
                guest.headers(),
                ["Ok", "cba", "Ok", "Ok", "NotFound", "NotFound"]
            );
            assert_eq!(guest.vm.host().route_cache_cleared, 1);
            let of_a_root = ["Ok", "cba", "Ok", "Ok", "NotFound", "NotFound"];
            assert_eq!(guest.tick(), of_a_root);
        },
    );
}

#[test]
fn the_proxy_calls_with_arguments() {
    let body = r#"(call $number (i64.extend_i32_u (local.get 0)))
        (call $number (i64.extend_i32_u (local.get 1)))
        (call $number (i64.extend_i32_u (local.get 2)))
        (call $got (call $proxy_get_buffer_bytes #8 #1 #100 OUT))"#;
    let tick = "(call $is (call $proxy_get_buffer_bytes #8 #1 #100 OUT))";
    each(
        &[("proxy_on_foreign_function", body), ("proxy_on_tick", tick)],
        |guest| {
            guest
                .vm
                .on_foreign_function(guest.root, 7, b"abc".into())
                .unwrap();
            assert_eq!(guest.told(), ["1", "7", "3", "Ok", "bc"]);
            assert_eq!(guest.tick(), ["NotFound"]);
        },
    );
}
