//! `proxy_register_shared_queue`: `BadArgument`, `InternalFailure`, `InvalidMemoryAccess`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, filter, wat};
use crate::probe::Probe;
use ahead_filter_host::MemoryHost;
use ahead_proxy_wasm::{Limits, PluginConfig, Shared, Vm};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const PROBE: Probe<'_> = Probe {
    name: "proxy_register_shared_queue",
    args: r#""queue" #0x208"#,
    ..Probe::NONE
};

#[test]
fn a_name_is_one_queue() {
    let told = calls(
        r#"(call $is (call $proxy_register_shared_queue "a" #0x208)) (call $word #0x208)
           (call $is (call $proxy_register_shared_queue "" #0x208)) (call $word #0x208)
           (call $is (call $proxy_register_shared_queue "a" #0x208)) (call $word #0x208)"#,
    );
    assert_eq!(told, ["Ok", "1", "Ok", "2", "Ok", "1"]);
}

#[test]
fn who_registered_is_woken_and_told() {
    let text = wat(
        Scene::default().version,
        &[
            (
                "proxy_on_configure",
                r#"(drop (call $proxy_register_shared_queue "q" #0x208))"#,
            ),
            (
                "proxy_on_tick",
                r#"(drop (call $proxy_resolve_shared_queue "vm" "q" #0x208))
                   (call $is (call $proxy_enqueue_shared_queue (i32.load #0x208) "item"))"#,
            ),
            (
                "proxy_on_queue_ready",
                r#"(call $number (i64.extend_i32_u (local.get 0)))
                   (call $got (call $proxy_dequeue_shared_queue (local.get 1) OUT))"#,
            ),
        ],
    );
    for bounds in MODES {
        let filter = filter(&text, bounds).unwrap();
        let shared = Shared::new();
        let woken = Arc::new(AtomicU32::new(0));
        let start = |vm_id: &str| {
            let config = Arc::new(PluginConfig {
                vm_id: vm_id.into(),
                ..PluginConfig::default()
            });
            let count = Arc::clone(&woken);
            let wake = move || {
                count.fetch_add(1, Ordering::Relaxed);
            };
            let mut vm = Vm::new(&filter, &config, &shared, wake, MemoryHost::default()).unwrap();
            let root = vm.start_root(&config).unwrap();
            (vm, root)
        };
        let (mut consumer, _) = start("vm");
        // Of another `vm_id`, on another thread.
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let (mut producer, root) = start("producer");
                producer.on_tick(root).unwrap();
                producer.on_tick(root).unwrap();
                assert_eq!(producer.host().log, ["Trace 0", "Trace 0"]);
                assert!(!producer.has_queue_notices());
            });
        });
        assert_eq!(woken.load(Ordering::Relaxed), 2);
        assert!(consumer.has_queue_notices());
        consumer.on_queue_ready().unwrap();
        let once = ["Info 1", "Trace 0", "Debug item"];
        assert_eq!(consumer.host().log, [once, once].concat());
        assert!(!consumer.has_queue_notices());
    }
}

#[test]
fn queues_and_names_are_bounded() {
    let scene = Scene {
        callbacks: &[(
            "proxy_on_request_headers",
            r#"(call $is (call $proxy_register_shared_queue "a" #0x208))
               (call $is (call $proxy_register_shared_queue "longer" #0x208))
               (call $is (call $proxy_register_shared_queue "b" #0x208))
               (call $is (call $proxy_register_shared_queue "a" #0x208))"#,
        )],
        config: PluginConfig {
            limits: Limits {
                queues_max: 1,
                name_bytes_max: 5,
                ..Limits::default()
            },
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    for bounds in MODES {
        let told = scene.start(bounds).headers();
        assert_eq!(told, ["Ok", "InternalFailure", "InternalFailure", "Ok"]);
    }
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn there_is_no_root_to_tell_before_a_plugin_starts() {
    PROBE.phases("Ok", &[("_initialize", "BadArgument")]);
}
