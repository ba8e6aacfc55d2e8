//! `proxy_get_header_map_size`: `BadArgument`, `InvalidMemoryAccess`.

use crate::guest::{calls, each, root_calls};
use crate::probe::{NO_STREAM, Probe};
use ahead_filter_host::headers;

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_header_map_size",
    args: "#0 #0x200",
    ..Probe::NONE
};

#[test]
fn the_size_is_the_bytes_of_names_and_values() {
    let body = "(call $is (call $proxy_get_header_map_size #0 #0x200)) (call $word #0x200)";
    each(&[("proxy_on_request_headers", body)], |guest| {
        for (list, size) in [(&[("ab", "c"), ("ab", "")][..], "5"), (&[], "0")] {
            let stream = guest.vm.stream_mut(guest.stream).unwrap();
            stream.maps[0] = Some(headers(list));
            assert_eq!(guest.headers(), ["Ok", size]);
        }
    });
}

#[test]
fn a_map_that_is_not_there_has_no_size() {
    let told = calls(
        "(i32.store #0x200 #7)
         (call $is (call $proxy_get_header_map_size #2 #0x200))
         (call $is (call $proxy_get_header_map_size #6 #0x200))
         (call $word #0x200)",
    );
    assert_eq!(told, ["BadArgument", "BadArgument", "7"]);
    let told = root_calls("(call $is (call $proxy_get_header_map_size #0 #0x200))");
    assert_eq!(told, ["BadArgument"]);
}

#[test]
fn a_number_that_is_no_map_is_refused() {
    for map in ["8", "9", "-1"] {
        let told = calls(&format!(
            "(call $is (call $proxy_get_header_map_size #{map} #0x200))"
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
