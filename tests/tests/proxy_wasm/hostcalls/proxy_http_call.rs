//! `proxy_http_call`: `BadArgument`, `InvalidMemoryAccess`, `InternalFailure`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, each, pairs};
use crate::http_call::{TELL, call, request};
use crate::probe::Probe;
use ahead_filter_host::headers;
use ahead_proxy_wasm::{CalloutId, HttpResponse, Limits, PluginConfig};

const PROBE: Probe<'_> = Probe {
    name: "proxy_http_call",
    args: r#""cluster" "\03\00\00\00\07\00\00\00\03\00\00\00\05\00\00\00\01\00\00\00\0a\00\00\00\01\00\00\00:method\00GET\00:path\00/\00:authority\00a\00" "body" "\01\00\00\00\01\00\00\00\01\00\00\00t\00v\00" #1500 #0x200"#,
    ..Probe::NONE
};

#[test]
fn a_response_comes_to_the_root() {
    let body = call("cluster", &request()) + "(call $word #0x200)";
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
    let body = call("cluster", &request()) + "(call $word #0x200)";
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
    let of = |path: &str| pairs(&[(":method", "GET"), (":path", path), (":authority", "a")]);
    let without = pairs(&[(":method", "GET"), (":authority", "a")]);
    let (empty, forged) = (of(""), of("/\na"));
    let body: String = [&without, &empty, &forged, r#""\01""#, "#0 #0"]
        .map(|headers| call("cluster", headers))
        .concat();
    assert_eq!(calls(&body), ["BadArgument"; 5]);
    // Its number is none.
    let unknown = call("unknown", &request());
    let body = format!("(i32.store #0x200 #7) {unknown} (call $word #0x200)");
    assert_eq!(calls(&body), ["BadArgument", "0"]);
}

#[test]
fn callouts_are_bounded_and_end_with_their_root() {
    let body = call("cluster", &request()).repeat(3);
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
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn there_is_no_root_to_call_for_before_a_plugin_starts() {
    PROBE.phases("Ok", &[("_initialize", "BadArgument")]);
}
