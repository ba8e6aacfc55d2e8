//! `proxy_get_header_map_value`: `NotFound`, `BadArgument`, `InvalidMemoryAccess`.

use crate::guest::{calls, calls_of, each, pairs};
use crate::probe::{NO_STREAM, Probe};
use ahead_filter_host::headers;
use ahead_proxy_wasm::abi::AbiVersion;
use ahead_proxy_wasm::{CalloutId, HttpResponse};

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_header_map_value",
    args: r#"#0 "x-a" OUT"#,
    ..Probe::NONE
};

#[test]
fn a_value_is_the_first_of_its_name() {
    let told = calls(
        r#"(call $got (call $proxy_get_header_map_value #0 "x-a" OUT))
           (call $got (call $proxy_get_header_map_value #0 "X-A" OUT))
           (call $got (call $proxy_get_header_map_value #0 ":path" OUT))
           (call $got (call $proxy_get_header_map_value #0 "x-empty" OUT))
           (call $word #0x200)
           (call $got (call $proxy_get_header_map_value #0 "x-none" OUT))
           (call $got (call $proxy_get_header_map_value #0 "" OUT))"#,
    );
    let empty = ["Ok", "", "0"];
    let expected = [
        &["Ok", "b", "Ok", "b", "Ok", "/path"][..],
        &empty,
        &["NotFound", "NotFound"],
    ];
    assert_eq!(told, expected.concat());
}

#[test]
fn abi_0_1_0_finds_nothing_in_place_of_nothing() {
    let body = r#"(call $got (call $proxy_get_header_map_value #0 "x-none" OUT))"#;
    assert_eq!(calls_of(AbiVersion::V0_1_0, body), ["Ok", ""]);
    assert_eq!(calls_of(AbiVersion::V0_2_0, body), ["NotFound"]);
}

#[test]
fn a_number_that_is_no_map_is_refused() {
    // A response that is not there yet; a message that nothing brings; nothing.
    for map in ["2", "6", "8", "9", "-1"] {
        let told = calls(&format!(
            r#"(call $is (call $proxy_get_header_map_value #{map} "a" OUT))"#
        ));
        assert_eq!(told, ["BadArgument"], "{map}");
    }
}

#[test]
fn maps_of_a_message_are_there_in_its_callback() {
    let look = r#"(call $got (call $proxy_get_header_map_value #6 "X-H" OUT))
        (call $got (call $proxy_get_header_map_value #6 "none" OUT))
        (call $got (call $proxy_get_header_map_value #7 "t" OUT))
        (call $is (call $proxy_get_header_map_size #7 #0x210)) (call $word #0x210)
        (call $is (call $proxy_add_header_map_value #6 "a" "b"))
        (call $got (call $proxy_get_header_map_value #4 "a" OUT))"#;
    let request = pairs(&[(":method", "GET"), (":path", "/"), (":authority", "a")]);
    let call = format!(
        r#"(call $is (call $proxy_http_call "cluster" {request} #0 #0 #0 #0 #1000 #0x200))"#
    );
    let callbacks = [
        ("proxy_on_tick", &call[..]),
        ("proxy_on_http_call_response", look),
        ("proxy_on_request_headers", look),
    ];
    each(&callbacks, |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        let response = HttpResponse {
            headers: headers(&[(":status", "200"), ("x-h", "v")]),
            body: Vec::new(),
            trailers: headers(&[("t", "w")]),
        };
        let id = CalloutId(1);
        guest.vm.on_http_response(id, Some(response)).unwrap();
        let there = ["Ok", "v", "NotFound", "Ok", "w", "Ok", "2"];
        let refused = ["BadArgument"; 2];
        assert_eq!(guest.told(), [&there[..], &refused].concat());
        let gone = ["BadArgument"; 4];
        assert_eq!(guest.headers(), [&gone[..], &["2"], &refused].concat());
    });
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn streams_have_maps_and_roots_have_none() {
    PROBE.phases("Ok", &NO_STREAM);
}
