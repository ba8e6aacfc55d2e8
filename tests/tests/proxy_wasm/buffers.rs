//! Bodies, messages, configurations.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, calls_of, each, root_calls};
use ahead_proxy_wasm::abi::{AbiVersion, DataStatus};
use ahead_proxy_wasm::{Limits, PluginConfig};

/// Runs `body` in `proxy_on_request_body` with these bytes, in both modes; gives what it told and the bytes after.
fn with_body(bytes: &[u8], body: &str) -> (Vec<String>, Vec<u8>) {
    let scene = Scene {
        callbacks: &[("proxy_on_request_body", body)],
        ..Scene::default()
    };
    let [guard, explicit] = MODES.map(|bounds| {
        let mut guest = scene.start(bounds);
        guest.vm.stream_mut(guest.stream).unwrap().buffers[0] = Some(bytes.to_vec());
        let count = bytes.len() as u32;
        let status = guest.vm.on_request_body(guest.stream, count, true);
        assert_eq!(status.unwrap(), DataStatus::Continue);
        let stream = guest.vm.stream_mut(guest.stream).unwrap();
        let after = stream.buffers[0].take().unwrap();
        (guest.told(), after)
    });
    assert_eq!(guard, explicit);
    guard
}

#[test]
fn a_range_is_cut_to_what_is_there() {
    let (told, _) = with_body(
        b"0123456789",
        r#"(call $got (call $proxy_get_buffer_bytes #0 #0 #10 OUT))
           (call $got (call $proxy_get_buffer_bytes #0 #3 #4 OUT))
           (call $got (call $proxy_get_buffer_bytes #0 #8 #100 OUT))
           (call $got (call $proxy_get_buffer_bytes #0 #10 #1 OUT))
           (call $got (call $proxy_get_buffer_bytes #0 #11 #0 OUT))
           (call $word #0x200)
           (call $got (call $proxy_get_buffer_bytes #0 #0 #-1 OUT))
           (call $got (call $proxy_get_buffer_bytes #0 #1 #-1 OUT))
           (call $is (call $proxy_get_buffer_status #0 #0x200 #0x204))
           (call $word #0x200) (call $word #0x204)"#,
    );
    let expected = [
        "Ok",
        "0123456789",
        "Ok",
        "3456",
        "Ok",
        "89",
        "Ok",
        "",
        "Ok",
        "",
        "0",
        "Ok",
        "0123456789",
        "Ok",
        "123456789",
        "Ok",
        "10",
        "0",
    ];
    assert_eq!(told, expected);
}

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
    let (_, bytes) = with_body(
        b"0123",
        "(drop (call $proxy_set_buffer_bytes #0 #1 #2 #0 #0))",
    );
    assert_eq!(bytes, b"03");
}

#[test]
fn a_buffer_is_there_in_its_phase_only() {
    for buffer in [0, 1, 2, 3, 4, 5, 7, 8] {
        let told = calls(&format!(
            r#"(call $is (call $proxy_get_buffer_bytes #{buffer} #0 #1 OUT))
               (call $is (call $proxy_get_buffer_status #{buffer} #0x200 #0x204))
               (call $is (call $proxy_set_buffer_bytes #{buffer} #0 #0 "a"))"#
        ));
        assert_eq!(told, ["NotFound"; 3], "{buffer}");
    }
    for buffer in ["9", "-1"] {
        let told = calls(&format!(
            r#"(call $is (call $proxy_get_buffer_bytes #{buffer} #0 #1 OUT))
               (call $is (call $proxy_get_buffer_status #{buffer} #0x200 #0x204))
               (call $is (call $proxy_set_buffer_bytes #{buffer} #0 #0 "a"))"#
        ));
        assert_eq!(told, ["BadArgument"; 3], "{buffer}");
    }
    let told = root_calls("(call $is (call $proxy_get_buffer_bytes #0 #0 #1 OUT))");
    assert_eq!(told, ["NotFound"]);
}

#[test]
fn configurations_can_be_read_and_not_written() {
    let look = r#"(call $number (i64.extend_i32_u (local.get 1)))
        (call $got (call $proxy_get_buffer_bytes #6 #0 #100 OUT))
        (call $got (call $proxy_get_buffer_bytes #7 #0 #100 OUT))
        (call $is (call $proxy_set_buffer_bytes #6 #0 #0 "a"))"#;
    let callbacks = [("proxy_on_vm_start", look), ("proxy_on_configure", look)];
    each(&callbacks, |guest| {
        let start = ["9", "Ok", "of the VM", "NotFound", "BadArgument"];
        let configure = [
            "13",
            "Ok",
            "of the VM",
            "Ok",
            "of the plugin",
            "BadArgument",
        ];
        assert_eq!(guest.told(), [&start[..], &configure].concat());
    });
}

#[test]
fn abi_0_1_0_asks_for_its_configuration() {
    let ask = "(call $got (call $proxy_get_configuration OUT))";
    let scene = Scene {
        version: AbiVersion::V0_1_0,
        callbacks: &[("proxy_on_vm_start", ask), ("proxy_on_configure", ask)],
        ..Scene::default()
    };
    for bounds in MODES {
        let told = scene.start(bounds).told();
        assert_eq!(told, ["Ok", "of the VM", "Ok", "of the plugin"]);
    }
    let ask = "(call $got (call $proxy_get_configuration OUT))";
    assert_eq!(calls_of(AbiVersion::V0_1_0, ask), ["Ok", "of the VM"]);
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
