//! Shared queues.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, filter, wat};
use ahead_filter_host::MemoryHost;
use ahead_proxy_wasm::{PluginConfig, Shared, Vm};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

#[test]
fn items_come_in_order() {
    let told = calls(
        r#"(call $is (call $proxy_resolve_shared_queue "vm" "q" #0x208))
           (call $is (call $proxy_register_shared_queue "q" #0x208))
           (call $is (call $proxy_resolve_shared_queue "vm" "q" #0x20c))
           (call $word (i32.const 0x20c))
           (call $is (call $proxy_resolve_shared_queue "" "q" #0x20c))
           (call $is (call $proxy_resolve_shared_queue "other" "q" #0x20c))
           (call $is (call $proxy_enqueue_shared_queue (i32.load #0x208) "one"))
           (call $is (call $proxy_enqueue_shared_queue (i32.load #0x208) ""))
           (call $got (call $proxy_dequeue_shared_queue (i32.load #0x208) OUT))
           (call $got (call $proxy_dequeue_shared_queue (i32.load #0x208) OUT))
           (call $got (call $proxy_dequeue_shared_queue (i32.load #0x208) OUT))
           (call $is (call $proxy_dequeue_shared_queue #99 OUT))
           (call $is (call $proxy_enqueue_shared_queue #0 "a"))"#,
    );
    let expected = [
        "NotFound", "Ok", "Ok", "1", "Ok", "NotFound", "Ok", "Ok", "Ok", "one", "Ok", "", "Empty",
        "NotFound", "NotFound",
    ];
    assert_eq!(told, expected);
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
