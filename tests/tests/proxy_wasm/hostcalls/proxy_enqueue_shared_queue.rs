//! `proxy_enqueue_shared_queue`: `NotFound`, `InternalFailure`, `InvalidMemoryAccess`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls};
use crate::probe::Probe;
use ahead_proxy_wasm::{Limits, PluginConfig};

const PROBE: Probe<'_> = Probe {
    name: "proxy_enqueue_shared_queue",
    args: r#"#1 "item""#,
    before: r#"(drop (call $proxy_register_shared_queue "queue" #0x208))"#,
    ..Probe::NONE
};

#[test]
fn items_come_in_order() {
    let told = calls(
        r#"(call $is (call $proxy_register_shared_queue "q" #0x208))
           (call $is (call $proxy_enqueue_shared_queue #1 "one"))
           (call $is (call $proxy_enqueue_shared_queue #1 ""))
           (call $got (call $proxy_dequeue_shared_queue #1 OUT))
           (call $got (call $proxy_dequeue_shared_queue #1 OUT))"#,
    );
    assert_eq!(told, ["Ok", "Ok", "Ok", "Ok", "one", "Ok", ""]);
}

#[test]
fn a_number_that_is_no_queue_is_not_found() {
    let told = calls(
        r#"(call $is (call $proxy_enqueue_shared_queue #0 "a"))
           (call $is (call $proxy_enqueue_shared_queue #1 "a"))
           (call $is (call $proxy_enqueue_shared_queue #-1 "a"))"#,
    );
    assert_eq!(told, ["NotFound"; 3]);
}

#[test]
fn a_queue_is_bounded() {
    let scene = Scene {
        callbacks: &[(
            "proxy_on_request_headers",
            r#"(call $is (call $proxy_register_shared_queue "q" #0x208))
               (call $is (call $proxy_enqueue_shared_queue #1 "12345"))
               (call $is (call $proxy_enqueue_shared_queue #1 "1234"))
               (call $is (call $proxy_enqueue_shared_queue #1 ""))
               (call $is (call $proxy_enqueue_shared_queue #1 ""))"#,
        )],
        config: PluginConfig {
            limits: Limits {
                queue_items_max: 2,
                queue_bytes_max: 8,
                ..Limits::default()
            },
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    for bounds in MODES {
        let told = scene.start(bounds).headers();
        let full = "InternalFailure";
        assert_eq!(told, ["Ok", "Ok", full, "Ok", full]);
    }
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn a_queue_is_there_once_a_root_registered_it() {
    PROBE.phases("Ok", &[("_initialize", "NotFound")]);
}
