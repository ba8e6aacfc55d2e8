//! `proxy_http_call`, `proxy_get_status`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, each};
use ahead_filter_host::headers;
use ahead_proxy_wasm::{CalloutId, HttpResponse, Limits, PluginConfig};

/// `:method: GET`, `:path: /`, `:authority: a`
const HEADERS: &str = r#""\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\01\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:path\00/\00:authority\00a\00""#;

/// `t: v`
const TRAILERS: &str = r#""\01\00\00\00\01\00\00\00\01\00\00\00t\00v\00""#;

fn call(upstream: &str, headers: &str) -> String {
    format!(
        r#"(call $is (call $proxy_http_call "{upstream}" {headers} "body" {TRAILERS} #1500 #0x200))"#
    )
}

const TELL: &str = r#"(call $number (i64.extend_i32_u (local.get 0)))
    (call $number (i64.extend_i32_u (local.get 1)))
    (call $number (i64.extend_i32_u (local.get 2))) (call $number (i64.extend_i32_u (local.get 3)))
    (call $number (i64.extend_i32_u (local.get 4)))
    (call $got (call $proxy_get_buffer_bytes #4 #0 #100 OUT))
    (call $got (call $proxy_get_status #0x208 OUT)) (call $word #0x208)"#;

#[test]
fn a_response_comes_to_the_root() {
    let body = call("cluster", HEADERS) + "(call $word #0x200)";
    let callbacks = [
        ("proxy_on_request_headers", &body[..]),
        ("proxy_on_http_call_response", TELL),
    ];
    each(&callbacks, |guest| {
        let told = guest.headers();
        let [status, token] = &told[..] else {
            panic!("{told:?}")
        };
        assert_eq!(status, "Ok");
        let sent = r#"call cluster [:method=GET,:path=/,:authority=a] "body" [t=v] 1500ms"#;
        assert_eq!(guest.vm.host().sent, [sent]);
        assert!(guest.vm.expects(CalloutId(1)));
        let response = HttpResponse {
            headers: headers(&[(":status", "200"), ("a", "b")]),
            body: b"answer".into(),
            trailers: headers(&[("t", "v")]),
        };
        guest
            .vm
            .on_http_response(CalloutId(1), Some(response))
            .unwrap();
        let expected = ["1", token, "2", "6", "1", "Ok", "answer", "Ok", "", "0"];
        assert_eq!(guest.told(), expected);
        // Once.
        assert!(!guest.vm.expects(CalloutId(1)));
        guest.vm.on_http_response(CalloutId(1), None).unwrap();
        assert_eq!(guest.told(), [""; 0]);
    });
}

#[test]
fn a_request_without_a_response_is_broken() {
    let body = call("cluster", HEADERS) + "(call $word #0x200)";
    let callbacks = [
        ("proxy_on_request_headers", &body[..]),
        ("proxy_on_http_call_response", TELL),
        (
            "proxy_on_tick",
            "(call $got (call $proxy_get_status #0x208 OUT)) (call $word #0x208)",
        ),
    ];
    each(&callbacks, |guest| {
        let token = guest.headers()[1].clone();
        guest.vm.on_http_response(CalloutId(1), None).unwrap();
        let expected = ["1", &token, "0", "0", "0", "NotFound", "Ok", "reset", "11"];
        assert_eq!(guest.told(), expected);
        assert_eq!(guest.tick(), ["Ok", "", "0"]);
    });
}

#[test]
fn what_cannot_be_sent_is_refused() {
    // Without `:path`; with an empty one; a line break; no map.
    let without = r#""\02\00\00\00\07\00\00\00\03\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:authority\00a\00""#;
    let empty = r#""\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\00\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:path\00\00:authority\00a\00""#;
    let forged = r#""\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\02\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:path\00/\0a\00:authority\00a\00""#;
    let body: String = [without, empty, forged, r#""\01""#, "#0 #0"]
        .map(|headers| call("cluster", headers))
        .concat();
    assert_eq!(calls(&body), ["BadArgument"; 5]);
    // Its number is none.
    let unknown = call("unknown", HEADERS);
    let body = format!("(i32.store #0x200 #7) {unknown} (call $word #0x200)");
    assert_eq!(calls(&body), ["BadArgument", "0"]);
}

#[test]
fn callouts_are_bounded_and_end_with_their_root() {
    let body = call("cluster", HEADERS).repeat(3);
    let scene = Scene {
        callbacks: &[("proxy_on_request_headers", &body)],
        config: PluginConfig {
            limits: Limits {
                callouts_max: 2,
                ..Limits::default()
            },
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    for bounds in MODES {
        let mut guest = scene.start(bounds);
        assert_eq!(guest.headers(), ["Ok", "Ok", "InternalFailure"]);
        guest.vm.on_http_response(CalloutId(2), None).unwrap();
        guest.vm.host_mut().sent.clear();
        guest.vm.end_root(guest.root).unwrap();
        assert_eq!(guest.vm.host().sent, ["reset 1"]);
        assert!(!guest.vm.expects(CalloutId(1)));
    }
}

#[test]
fn an_initialiser_has_no_root_to_call_for() {
    let body = call("cluster", HEADERS)
        + r#"(call $is (call $proxy_register_shared_queue "q" #0x200))
             (call $is (call $proxy_set_tick_period_milliseconds #10))"#;
    each(&[("_initialize", &body)], |guest| {
        assert_eq!(guest.told(), ["BadArgument"; 3]);
    });
}
