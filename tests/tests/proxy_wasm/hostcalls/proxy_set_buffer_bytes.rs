//! `proxy_set_buffer_bytes`: `NotFound`, `BadArgument`, `InvalidMemoryAccess`, `InternalFailure`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, each, root_calls, with_body};
use crate::probe::Probe;
use ahead_proxy_wasm::{Limits, PluginConfig};

const PROBE: Probe<'_> = Probe {
    name: "proxy_set_buffer_bytes",
    args: r#"#0 #0 #4 "new""#,
    body: Some(b"body"),
    ..Probe::NONE
};

#[test]
fn ranges_are_replaced() {
    for (start, size, after) in [
        (0, 0, "new0123"),
        (0, 4, "new"),
        (0, -1, "new"),
        (4, 0, "0123new"),
        (100, 0, "0123new"),
        (-1, -1, "0123new"),
        (1, 2, "0new3"),
        (2, 0, "01new23"),
        (2, 100, "01new"),
    ] {
        let body =
            format!(r#"(call $is (call $proxy_set_buffer_bytes #0 #{start} #{size} "new"))"#);
        let (told, bytes) = with_body(b"0123", &body);
        assert_eq!(told, ["Ok"]);
        assert_eq!(bytes.escape_ascii().to_string(), after, "{start} {size}");
    }
    let nothing = "(drop (call $proxy_set_buffer_bytes #0 #1 #2 #0 #0))";
    assert_eq!(with_body(b"0123", nothing).1, b"03");
}

#[test]
fn a_buffer_is_there_in_its_phase_only() {
    let ask =
        |buffer: &str| format!(r#"(call $is (call $proxy_set_buffer_bytes #{buffer} #0 #0 "a"))"#);
    for buffer in ["0", "1", "2", "3", "4", "5", "7", "8"] {
        assert_eq!(calls(&ask(buffer)), ["NotFound"], "{buffer}");
    }
    assert_eq!(root_calls(&ask("0")), ["NotFound"]);
}

#[test]
fn a_number_that_is_no_buffer_is_refused() {
    let told = calls(
        r#"(call $is (call $proxy_set_buffer_bytes #9 #0 #0 "a"))
           (call $is (call $proxy_set_buffer_bytes #-1 #0 #0 "a"))"#,
    );
    assert_eq!(told, ["BadArgument"; 2]);
}

#[test]
fn configurations_cannot_be_changed() {
    let body = r#"(call $is (call $proxy_set_buffer_bytes #6 #0 #0 "a"))
        (call $is (call $proxy_set_buffer_bytes #7 #0 #0 "a"))"#;
    each(&[("proxy_on_configure", body)], |guest| {
        assert_eq!(guest.told(), ["BadArgument"; 2]);
    });
}

#[test]
fn a_body_is_bounded() {
    let scene = Scene {
        callbacks: &[(
            "proxy_on_request_body",
            r#"(call $is (call $proxy_set_buffer_bytes #0 #4 #0 "56789"))
               (call $is (call $proxy_set_buffer_bytes #0 #4 #0 "5678"))
               (call $is (call $proxy_get_buffer_bytes #0 #0 #8 OUT))"#,
        )],
        config: PluginConfig {
            limits: Limits {
                body_bytes_max: 8,
                ..Limits::default()
            },
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    for bounds in MODES {
        let mut guest = scene.start(bounds);
        guest.vm.stream_mut(guest.stream).unwrap().buffers[0] = Some(b"1234".to_vec());
        guest.vm.on_request_body(guest.stream, 4, true).unwrap();
        assert_eq!(guest.told(), ["InternalFailure", "Ok", "Ok"]);
    }
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn a_body_is_there_in_its_callback() {
    PROBE.phases("NotFound", &[("proxy_on_request_body", "Ok")]);
}
