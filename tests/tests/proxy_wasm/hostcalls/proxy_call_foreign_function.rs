//! `proxy_call_foreign_function`: `NotFound`, `BadArgument`, `SerializationFailure`, `InvalidMemoryAccess`.

use crate::guest::{calls, each};
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_call_foreign_function",
    args: r#""compress" "text" OUT"#,
    ..Probe::NONE
};

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
fn a_root_context_has_no_route_to_forget() {
    let body = r#"(call $is (call $proxy_call_foreign_function "clear_route_cache" #0 #0 #0 #0))"#;
    each(&[("proxy_on_tick", body)], |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        assert_eq!(guest.vm.host().route_cache_cleared, 0);
    });
}

#[test]
fn a_property_is_declared_once() {
    // name: "once", readonly: true
    let told = calls(
        r#"(call $is (call $proxy_call_foreign_function "declare_property" "\0a\04once\10\01" #0 #0))
           (call $is (call $proxy_call_foreign_function "declare_property" "\0a\04once" #0 #0))
           (call $is (call $proxy_call_foreign_function "declare_property" "\0a\ff" #0 #0))"#,
    );
    assert_eq!(told, ["Ok", "BadArgument", "BadArgument"]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_call() {
    PROBE.phases("Ok", &[]);
}
