//! `proxy_get_header_map_pairs`: `BadArgument`, `InvalidMemoryAccess`.

use crate::guest::{calls, each};
use crate::probe::Probe;
use ahead_filter_host::headers;

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_header_map_pairs",
    args: "#0 OUT",
    ..Probe::NONE
};

#[test]
fn pairs_are_handed_over_serialised() {
    let body = "(call $got (call $proxy_get_header_map_pairs #0 OUT))";
    each(&[("proxy_on_request_headers", body)], |guest| {
        let stream = guest.vm.stream_mut(guest.stream).unwrap();
        stream.maps[0] = Some(headers(&[("ab", "c"), ("ab", "")]));
        let serialised: Vec<u8> = [
            &[2u8, 0, 0, 0][..],
            &[2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
            b"ab\0c\0ab\0\0",
        ]
        .concat();
        let serialised = serialised.escape_ascii().to_string();
        assert_eq!(guest.headers(), ["Ok", &serialised]);
    });
}

#[test]
fn what_is_not_there_is_empty() {
    for map in ["2", "4", "7"] {
        let told = calls(&format!(
            "(i32.store #0x200 #7) (i32.store #0x204 #7)
             (call $got (call $proxy_get_header_map_pairs #{map} OUT))
             (call $word #0x200) (call $word #0x204)"
        ));
        assert_eq!(told, ["Ok", "", "0", "0"], "{map}");
    }
}

#[test]
fn a_number_that_is_no_map_is_refused() {
    for map in ["8", "9", "-1"] {
        let told = calls(&format!(
            "(call $is (call $proxy_get_header_map_pairs #{map} OUT))"
        ));
        assert_eq!(told, ["BadArgument"], "{map}");
    }
}

#[test]
fn an_allocator_that_has_nothing_left_is_told_apart() {
    let told = calls(
        r#"(drop (call $allocate #0x17ff0))
           (call $is (call $proxy_get_header_map_pairs #0 OUT))
           (call $got (call $proxy_get_header_map_value #0 "x-a" OUT))"#,
    );
    assert_eq!(told, ["InvalidMemoryAccess", "Ok", "b"]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_has_maps_if_only_empty_ones() {
    PROBE.phases("Ok", &[]);
}
