//! Which context hostcalls are about, and its end.

use crate::guest::{calls, each, root_calls};

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
fn done_is_for_who_asked_to_wait() {
    assert_eq!(calls("(call $is (call $proxy_done))"), ["NotFound"]);
    assert_eq!(root_calls("(call $is (call $proxy_done))"), ["NotFound"]);
}

#[test]
fn a_root_that_asked_to_wait_ends_when_it_says_so() {
    let callbacks = [
        (
            "proxy_on_done",
            "(call $number (i64.const 1)) (return (i32.const 0))",
        ),
        ("proxy_on_delete", "(call $number (i64.const 2))"),
        (
            "proxy_on_tick",
            "(call $is (call $proxy_done)) (call $is (call $proxy_done))",
        ),
    ];
    each(&callbacks, |guest| {
        assert!(!guest.vm.end_root(guest.root).unwrap());
        assert!(guest.vm.has_root(guest.root));
        assert_eq!(guest.told(), ["1"]);
        // Once is enough; the end comes when the callback has returned.
        assert_eq!(guest.tick(), ["Ok", "NotFound", "2"]);
        assert!(!guest.vm.has_root(guest.root));
        assert!(guest.vm.end_root(guest.root).unwrap());
        assert_eq!(guest.told(), [""; 0]);
    });
}

#[test]
fn a_root_that_is_done_ends_at_once() {
    for done in [
        "(call $number (i64.const 1))",
        // Not waiting for itself.
        "(drop (call $proxy_done)) (call $number (i64.const 1)) (return (i32.const 0))",
    ] {
        let callbacks = [
            ("proxy_on_done", done),
            ("proxy_on_delete", "(call $number (i64.const 2))"),
        ];
        each(&callbacks, |guest| {
            assert!(guest.vm.end_root(guest.root).unwrap());
            assert!(!guest.vm.has_root(guest.root));
            assert_eq!(guest.told(), ["1", "2"]);
        });
    }
}
