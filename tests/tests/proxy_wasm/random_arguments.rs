//! No arguments do harm, in any function. What the right ones do is in `hostcalls/`.

use crate::embedder::MODES;
use crate::guest::{END, Scene, is_long};
use ahead_proxy_wasm::abi::AbiVersion;
use ahead_proxy_wasm::table::{HOSTCALLS, Hostcall};
use std::fmt::Write;

/// A sequence that looks random, the same every time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let word = (self.0 >> 32) as u32;
        match self.0 & 7 {
            0 => word,
            1 => u32::MAX - (word & 7),
            2 => END - (word & 31),
            3 => word & 0xffff,
            _ => word & 15,
        }
    }
}

fn call(row: &Hostcall, numbers: &mut Numbers) -> String {
    let mut text = format!("(call $is (call ${}", row.name);
    for (_, ty) in row.params {
        let ty = if is_long(*ty) { "i64" } else { "i32" };
        write!(text, " ({ty}.const {})", numbers.next()).unwrap();
    }
    text + "))\n"
}

/// What makes some of the numbers mean something: queue 1, metric 0, gRPC stream 6, a value of shared data.
const PREPARE: &str = r#"
    (drop (call $proxy_define_metric #0 "metric" #0x500))
    (drop (call $proxy_register_shared_queue "queue" #0x500))
    (drop (call $proxy_enqueue_shared_queue #1 "item"))
    (drop (call $proxy_grpc_stream "cluster" "service" "method" #0 #0 #0x500))
    (drop (call $proxy_set_shared_data #0x600 #0 "value" #0))"#;

#[test]
fn no_arguments_do_harm() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for version in AbiVersion::ALL {
        let mut body = PREPARE.to_owned();
        let rows = HOSTCALLS.iter();
        // The log of `proxy_log` would be taken for an answer.
        for row in rows.filter(|row| row.versions.contains(version) && row.name != "proxy_log") {
            for _ in 0..40 {
                body.push_str(&call(row, &mut numbers));
            }
        }
        let mut scene = Scene {
            version: *version,
            callbacks: &[("proxy_on_request_headers", &body)],
            ..Scene::default()
        };
        scene.stream.buffers[0] = Some(b"body".into());
        let [guard, explicit] = MODES.map(|bounds| {
            let mut guest = scene.start(bounds);
            let properties = &mut guest.vm.host_mut().properties;
            properties.insert("name".into(), b"value".into());
            guest.headers()
        });
        assert_eq!(guard, explicit);
        assert!(guard.len() > 1000);
    }
}
