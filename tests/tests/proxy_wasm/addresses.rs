//! Every address that a filter passes is checked, in every function: one byte beyond the memory is
//! `InvalidMemoryAccess`, the last bytes of the memory are not. And no arguments at all do harm.

use crate::embedder::MODES;
use crate::guest::{END, Scene, is_long};
use ahead_proxy_wasm::abi::AbiVersion;
use ahead_proxy_wasm::table::{HOSTCALLS, Hostcall};
use std::fmt::Write;

/// Arguments with which each function gets as far as its addresses; an address that nothing is said of leads to
/// zeroes, a size is 0.
fn argument(row: &Hostcall, name: &str) -> u32 {
    match name {
        "status_code" => 200,
        "grpc_status" => u32::MAX,
        "log_level" => 2,
        // A body is there, and so is a configuration.
        "buffer_id" if row.name == "proxy_set_buffer_bytes" => 0,
        "buffer_id" => 6,
        "start" | "map_id" | "stream_type" | "metric_type" | "cas" | "timeout" => 0,
        "max_size" => 4,
        "context_id" => 2,
        "metric_id" => 0,
        "queue_id" => 1,
        "stream_id" | "call_or_stream_id" => 6,
        name if name.starts_with("return_") => 0x400,
        name if name.ends_with("_data") => 0x600,
        _ => 0,
    }
}

/// Where each address of a function would be just outside: parameters to change.
fn outside(row: &Hostcall) -> Vec<Vec<(usize, u32)>> {
    let mut cases = Vec::new();
    for (at, (name, _)) in row.params.iter().enumerate() {
        let bytes = match *name {
            "return_time" => 8,
            "return_value" if row.name == "proxy_get_metric" => 8,
            name if name.starts_with("return_") => 4,
            name if name.ends_with("_data") => {
                cases.push(vec![(at, END - 1), (at + 1, 2)]);
                cases.push(vec![(at, 0xffff_fff0), (at + 1, 0x20)]);
                cases.push(vec![(at, 0), (at + 1, u32::MAX)]);
                cases.push(vec![(at, END + 1), (at + 1, 0)]);
                continue;
            }
            _ => continue,
        };
        for address in [END - bytes + 1, END, u32::MAX - 1, u32::MAX] {
            cases.push(vec![(at, address)]);
        }
    }
    cases
}

fn call(row: &Hostcall, changed: &[(usize, u32)]) -> String {
    let mut text = format!("(call $is (call ${}", row.name);
    for (at, (name, ty)) in row.params.iter().enumerate() {
        let changed = changed.iter().find(|(which, _)| *which == at);
        let value = changed.map_or(argument(row, name), |(_, value)| *value);
        let ty = if is_long(*ty) { "i64" } else { "i32" };
        write!(text, " ({ty}.const {value})").unwrap();
    }
    text + "))\n"
}

/// What makes queue 1, metric 0 and gRPC stream 6 of the arguments above, and value `0` of shared data.
const PREPARE: &str = r#"
    (drop (call $proxy_define_metric #0 "metric" #0x500))
    (drop (call $proxy_register_shared_queue "queue" #0x500))
    (drop (call $proxy_enqueue_shared_queue #1 "item"))
    (drop (call $proxy_grpc_stream "cluster" "service" "method" #0 #0 #0x500))
    (drop (call $proxy_set_shared_data #0x600 #0 "value" #0))"#;

fn answers(version: AbiVersion, body: &str) -> Vec<String> {
    let body = format!("{PREPARE}{body}");
    let mut scene = Scene {
        version,
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
    guard
}

#[test]
fn one_byte_beyond_the_memory_is_refused_everywhere() {
    for version in AbiVersion::ALL {
        for row in HOSTCALLS
            .iter()
            .filter(|row| row.versions.contains(version))
        {
            let cases = outside(row);
            let body: String = cases.iter().map(|changed| call(row, changed)).collect();
            let answers = answers(*version, &body);
            assert_eq!(answers.len(), cases.len(), "{}", row.name);
            for (answer, case) in answers.iter().zip(cases) {
                assert_eq!(answer, "InvalidMemoryAccess", "{} {case:?}", row.name);
            }
        }
    }
}

#[test]
fn results_up_to_the_last_byte() {
    for (name, arguments, bytes) in [
        ("proxy_get_log_level", "", 4),
        ("proxy_get_current_time_nanoseconds", "", 8),
        ("proxy_get_header_map_size", "#0", 4),
        ("proxy_register_shared_queue", "\"queue\"", 4),
        ("proxy_resolve_shared_queue", "\"\" \"queue\"", 4),
        ("proxy_define_metric", "#0 \"metric\"", 4),
        ("proxy_get_metric", "#0", 8),
        ("proxy_get_buffer_bytes", "#6 #0 #4 #0x400", 4),
    ] {
        let address = END - bytes;
        let body = format!("(call $is (call ${name} {arguments} #{address}))");
        assert_eq!(answers(AbiVersion::V0_2_1, &body), ["Ok"], "{name}");
    }
}

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

#[test]
fn no_arguments_do_harm() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for version in AbiVersion::ALL {
        let mut body = String::new();
        for row in HOSTCALLS
            .iter()
            .filter(|row| row.versions.contains(version))
        {
            // Its log would be taken for an answer.
            if row.name == "proxy_log" {
                continue;
            }
            for _ in 0..40 {
                let count = row.params.len();
                let all: Vec<_> = (0..count).map(|at| (at, numbers.next())).collect();
                body.push_str(&call(row, &all));
            }
        }
        assert!(answers(*version, &body).len() > 1000);
    }
}
