//! `proxy_remove_header_map_value`: `BadArgument`, `InvalidMemoryAccess`.

use crate::guest::{calls, each};
use crate::probe::{NO_STREAM, Probe};

const PROBE: Probe<'_> = Probe {
    name: "proxy_remove_header_map_value",
    args: r#"#0 "x-a""#,
    ..Probe::NONE
};

#[test]
fn all_values_of_a_name_go() {
    let body = r#"(call $is (call $proxy_remove_header_map_value #0 "X-A"))
        (call $is (call $proxy_remove_header_map_value #0 "x-empty"))
        (call $is (call $proxy_remove_header_map_value #0 "x-none"))
        (call $is (call $proxy_remove_header_map_value #0 ""))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["Ok"; 4]);
        let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
        assert_eq!(
            shown,
            [":method=GET", ":path=/path", ":authority=example.com"]
        );
    });
}

#[test]
fn a_number_that_is_no_map_is_refused() {
    // A response that is not there yet; messages, which cannot be changed; nothing.
    for map in ["2", "4", "7", "8", "9", "-1"] {
        let told = calls(&format!(
            r#"(call $is (call $proxy_remove_header_map_value #{map} "a"))"#
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
