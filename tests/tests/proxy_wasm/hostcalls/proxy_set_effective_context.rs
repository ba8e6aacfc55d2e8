//! `proxy_set_effective_context`: `BadArgument`.

use crate::guest::{calls, each};
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_set_effective_context",
    args: "#1",
    ..Probe::NONE
};

#[test]
fn another_context_can_be_meant() {
    let body = r#"(call $is (call $proxy_set_effective_context #2))
        (call $got (call $proxy_get_header_map_value #0 "x-a" OUT))
        (call $is (call $proxy_set_effective_context #1))
        (call $got (call $proxy_get_header_map_value #0 "x-a" OUT))
        (call $is (call $proxy_set_effective_context #2))"#;
    let then = r#"(call $got (call $proxy_get_header_map_value #0 "x-a" OUT))"#;
    each(
        &[("proxy_on_tick", body), ("proxy_on_queue_ready", then)],
        |guest| {
            assert_eq!(guest.tick(), ["Ok", "Ok", "b", "Ok", "BadArgument", "Ok"]);
            // It lasts as long as the callback.
            assert_eq!(guest.tick(), ["Ok", "Ok", "b", "Ok", "BadArgument", "Ok"]);
        },
    );
}

#[test]
fn a_context_that_is_none_is_refused() {
    for context in ["3", "-1"] {
        let told = calls(&format!(
            r#"(call $is (call $proxy_set_effective_context #{context}))
               (call $got (call $proxy_get_header_map_value #0 "x-a" OUT))"#
        ));
        assert_eq!(told, ["BadArgument", "Ok", "b"], "{context}");
    }
}

#[test]
fn zero_is_the_callback_s_own_context() {
    let body = r#"(call $is (call $proxy_set_effective_context #1))
        (call $got (call $proxy_get_header_map_value #0 "x-a" OUT))
        (call $is (call $proxy_set_effective_context #0))
        (call $got (call $proxy_get_header_map_value #0 "x-a" OUT))"#;
    assert_eq!(calls(body), ["Ok", "BadArgument", "Ok", "Ok", "b"]);
}

#[test]
fn a_stream_that_is_gone_is_no_context() {
    let body = "(call $is (call $proxy_set_effective_context #2))";
    each(&[("proxy_on_tick", body)], |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        guest.vm.close_stream(guest.stream).unwrap();
        assert_eq!(guest.tick(), ["BadArgument"]);
    });
}

#[test]
fn there_are_no_contexts_before_a_plugin_starts() {
    PROBE.phases("Ok", &[("_initialize", "BadArgument")]);
}
