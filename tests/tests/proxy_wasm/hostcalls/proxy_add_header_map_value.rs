//! `proxy_add_header_map_value`: `BadArgument`, `InvalidMemoryAccess`.

use crate::guest::{calls, each};
use crate::probe::{NO_STREAM, Probe};

const PROBE: Probe<'_> = Probe {
    name: "proxy_add_header_map_value",
    args: r#"#0 "x-new" "value""#,
    ..Probe::NONE
};

#[test]
fn a_value_comes_behind_those_that_are_there() {
    let body = r#"(call $is (call $proxy_add_header_map_value #0 "x-a" "third"))
        (call $is (call $proxy_add_header_map_value #0 "x-new" ""))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["Ok"; 2]);
        let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
        let expected = ["x-a=b", "x-a=second", "x-empty=", "x-a=third", "x-new="];
        assert_eq!(shown[3..], expected);
    });
}

#[test]
fn what_would_forge_a_message_is_refused() {
    let body = r#"(call $is (call $proxy_add_header_map_value #0 "a" "b\0d\0ac: d"))
        (call $is (call $proxy_add_header_map_value #0 "a" "b\00"))
        (call $is (call $proxy_add_header_map_value #0 "a\0a" "b"))
        (call $is (call $proxy_add_header_map_value #0 "" "b"))
        (call $is (call $proxy_add_header_map_value #0 "a b" "b"))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["BadArgument"; 5]);
        let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
        assert_eq!(shown.len(), 6, "{shown:?}");
    });
}

#[test]
fn a_number_that_is_no_map_is_refused() {
    // A response that is not there yet; messages, which cannot be changed; nothing.
    for map in ["2", "4", "7", "8", "9", "-1"] {
        let told = calls(&format!(
            r#"(call $is (call $proxy_add_header_map_value #{map} "a" "b"))"#
        ));
        assert_eq!(told, ["BadArgument"], "{map}");
    }
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn streams_have_maps_and_roots_have_none() {
    PROBE.phases("Ok", &NO_STREAM);
}
