//! `proxy_set_header_map_pairs`: `BadArgument`, `InvalidMemoryAccess`.

use crate::guest::{calls, each, pairs};
use crate::probe::{NO_STREAM, Probe};

const PROBE: Probe<'_> = Probe {
    name: "proxy_set_header_map_pairs",
    args: r#"#0 "\01\00\00\00\01\00\00\00\01\00\00\00a\00b\00""#,
    ..Probe::NONE
};

#[test]
fn pairs_take_the_place_of_a_map() {
    let list = pairs(&[("ab", "c"), ("ab", "")]);
    let body = format!("(call $is (call $proxy_set_header_map_pairs #0 {list}))");
    each(&[("proxy_on_request_headers", &body)], |guest| {
        assert_eq!(guest.headers(), ["Ok"]);
        let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
        assert_eq!(shown, ["ab=c", "ab="]);
    });
    let nothing = "(call $is (call $proxy_set_header_map_pairs #0 #0 #0))";
    each(&[("proxy_on_request_headers", nothing)], |guest| {
        assert_eq!(guest.headers(), ["Ok"]);
        let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
        assert_eq!(shown, [""; 0]);
    });
}

#[test]
fn what_is_no_map_changes_nothing() {
    for broken in [
        // No pairs; a name that is too long; one that could not stand in a message; a value that could not.
        r#""\02\00\00\00""#,
        r#""\01\00\00\00\ff\ff\ff\ff\01\00\00\00a\00b\00""#,
        &pairs(&[("ab", "c"), ("a b", "c")]),
        &pairs(&[("ab", "c"), ("ab", "a\nb")]),
    ] {
        let body = format!("(call $is (call $proxy_set_header_map_pairs #0 {broken}))");
        each(&[("proxy_on_request_headers", &body)], |guest| {
            assert_eq!(guest.headers(), ["BadArgument"]);
            let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
            assert_eq!(shown.len(), 6, "{shown:?}");
        });
    }
}

#[test]
fn a_number_that_is_no_map_is_refused() {
    // A response that is not there yet; messages, which cannot be changed; nothing.
    for map in ["2", "4", "7", "8", "9", "-1"] {
        let list = pairs(&[("a", "b")]);
        let told = calls(&format!(
            "(call $is (call $proxy_set_header_map_pairs #{map} {list}))"
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
