//! The header maps.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, calls_of, each, root_calls};
use ahead_filter_host::headers;
use ahead_proxy_wasm::abi::AbiVersion;
use ahead_proxy_wasm::{CalloutId, HttpResponse};

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
fn a_map_is_there_in_its_phase_only() {
    let told = calls(
        r#"(call $got (call $proxy_get_header_map_value #2 ":status" OUT))
           (call $is (call $proxy_add_header_map_value #2 "a" "b"))
           (call $is (call $proxy_replace_header_map_value #2 "a" "b"))
           (call $is (call $proxy_remove_header_map_value #2 "a"))
           (call $is (call $proxy_set_header_map_pairs #2 #0 #0))
           (call $got (call $proxy_get_header_map_pairs #2 OUT))
           (call $is (call $proxy_get_header_map_size #2 #0x200))
           (call $word #0x200)"#,
    );
    // What is not there can be read as a whole, and is empty.
    let refused = ["BadArgument"; 4];
    assert_eq!(told[..4], refused);
    assert_eq!(told[5..7], ["Ok", ""]);
    assert_eq!(told[7], "BadArgument");
}

#[test]
fn a_number_that_is_no_map_is_refused() {
    for map in ["8", "9", "-1"] {
        let told = calls(&format!(
            r#"(call $is (call $proxy_get_header_map_value #{map} "a" OUT))
               (call $is (call $proxy_get_header_map_pairs #{map} OUT))
               (call $is (call $proxy_get_header_map_size #{map} #0x200))
               (call $is (call $proxy_set_header_map_pairs #{map} #0 #0))
               (call $is (call $proxy_add_header_map_value #{map} "a" "b"))
               (call $is (call $proxy_replace_header_map_value #{map} "a" "b"))
               (call $is (call $proxy_remove_header_map_value #{map} "a"))"#
        ));
        assert_eq!(told, ["BadArgument"; 7], "{map}");
    }
}

#[test]
fn a_root_context_has_no_maps() {
    let told = root_calls(
        r#"(call $is (call $proxy_get_header_map_value #0 "a" OUT))
           (call $is (call $proxy_get_header_map_pairs #0 OUT))
           (call $is (call $proxy_get_header_map_size #0 #0x200))
           (call $is (call $proxy_set_header_map_pairs #0 #0 #0))
           (call $is (call $proxy_add_header_map_value #0 "a" "b"))
           (call $is (call $proxy_replace_header_map_value #0 "a" "b"))
           (call $is (call $proxy_remove_header_map_value #0 "a"))"#,
    );
    let refused = "BadArgument";
    assert_eq!(
        told,
        [refused, "Ok", refused, refused, refused, refused, refused]
    );
}

#[test]
fn maps_are_changed() {
    let body = r#"(call $is (call $proxy_add_header_map_value #0 "x-a" "third"))
        (call $is (call $proxy_replace_header_map_value #0 ":path" "/new"))
        (call $is (call $proxy_replace_header_map_value #0 "x-new" "v"))
        (call $is (call $proxy_remove_header_map_value #0 "x-empty"))
        (call $is (call $proxy_remove_header_map_value #0 "x-none"))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["Ok"; 5]);
        let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
        let expected = [
            ":method=GET",
            ":authority=example.com",
            "x-a=b",
            "x-a=second",
            "x-a=third",
            ":path=/new",
            "x-new=v",
        ];
        assert_eq!(shown, expected);
    });
}

#[test]
fn what_would_forge_a_message_is_refused() {
    let body = r#"(call $is (call $proxy_add_header_map_value #0 "a" "b\0d\0ac: d"))
        (call $is (call $proxy_replace_header_map_value #0 "a" "b\00"))
        (call $is (call $proxy_add_header_map_value #0 "a\0a" "b"))
        (call $is (call $proxy_add_header_map_value #0 "" "b"))
        (call $is (call $proxy_replace_header_map_value #0 "a b" "b"))
        (call $is (call $proxy_set_header_map_pairs #0
            "\01\00\00\00\01\00\00\00\02\00\00\00a\00\0ab\00"))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["BadArgument"; 6]);
        let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
        assert_eq!(shown.len(), 6, "{shown:?}");
    });
}

#[test]
fn pairs_are_handed_over_serialised() {
    let scene = Scene {
        callbacks: &[(
            "proxy_on_request_headers",
            r#"(call $got (call $proxy_get_header_map_pairs #0 OUT))
               (call $is (call $proxy_get_header_map_size #0 #0x200))
               (call $word #0x200)"#,
        )],
        ..Scene::default()
    };
    for bounds in MODES {
        let mut guest = scene.start(bounds);
        let stream = guest.vm.stream_mut(guest.stream).unwrap();
        stream.maps[0] = Some(headers(&[("ab", "c"), ("ab", "")]));
        let told = guest.headers();
        let serialised: Vec<u8> = [
            &[2u8, 0, 0, 0][..],
            &[2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
            b"ab\0c\0ab\0\0",
        ]
        .concat();
        let serialised = serialised.escape_ascii().to_string();
        assert_eq!(told, ["Ok", &serialised, "Ok", "5"]);
    }
}

#[test]
fn pairs_take_the_place_of_a_map() {
    let body = r#"(call $is (call $proxy_set_header_map_pairs #0
        "\02\00\00\00\02\00\00\00\01\00\00\00\02\00\00\00\00\00\00\00ab\00c\00ab\00\00"))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["Ok"]);
        let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
        assert_eq!(shown, ["ab=c", "ab="]);
    });
    let broken = r#"(call $is (call $proxy_set_header_map_pairs #0 "\02\00\00\00"))
        (call $is (call $proxy_set_header_map_pairs #0 "\01\00\00\00\ff\ff\ff\ff\01\00\00\00a\00b\00"))"#;
    each(&[("proxy_on_request_headers", broken)], |guest| {
        assert_eq!(guest.headers(), ["BadArgument"; 2]);
        let shown = guest.vm.stream(guest.stream).unwrap().shown(0);
        assert_eq!(shown.len(), 6, "{shown:?}");
    });
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
fn maps_of_a_response_are_there_in_its_callback() {
    let look = r#"(call $got (call $proxy_get_header_map_value #6 "X-H" OUT))
        (call $got (call $proxy_get_header_map_value #6 "none" OUT))
        (call $got (call $proxy_get_header_map_value #7 "t" OUT))
        (call $is (call $proxy_get_header_map_size #7 #0x210)) (call $word #0x210)
        (call $is (call $proxy_add_header_map_value #6 "a" "b"))
        (call $got (call $proxy_get_header_map_value #4 "a" OUT))"#;
    let call = r#"(call $is (call $proxy_http_call "cluster"
        "\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\01\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:path\00/\00:authority\00a\00"
        #0 #0 #0 #0 #1000 #0x200))"#;
    let callbacks = [
        ("proxy_on_tick", call),
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
        let told = guest.told();
        let expected = [
            "Ok",
            "v",
            "NotFound",
            "Ok",
            "w",
            "Ok",
            "2",
            "BadArgument",
            "BadArgument",
        ];
        assert_eq!(told, expected);
        let told = guest.headers();
        let expected = [
            "BadArgument",
            "BadArgument",
            "BadArgument",
            "BadArgument",
            "2",
            "BadArgument",
            "BadArgument",
        ];
        assert_eq!(told, expected);
    });
}
