//! The functions of the ABI, one file each: what it does; numbers that are none; every address among its arguments up
//! to the last byte of the memory and beyond; every phase of a plugin and a stream (`probe.rs` has the last two).
//!
//! The first line of a file names the statuses.

use ahead_proxy_wasm::abi::Status;
use ahead_proxy_wasm::table::HOSTCALLS;
use ahead_tests::workspace;

mod proxy_add_header_map_value;
mod proxy_call_foreign_function;
mod proxy_clear_route_cache;
mod proxy_close_stream;
mod proxy_continue_request;
mod proxy_continue_response;
mod proxy_continue_stream;
mod proxy_define_metric;
mod proxy_dequeue_shared_queue;
mod proxy_done;
mod proxy_enqueue_shared_queue;
mod proxy_get_buffer_bytes;
mod proxy_get_buffer_status;
mod proxy_get_configuration;
mod proxy_get_current_time_nanoseconds;
mod proxy_get_header_map_pairs;
mod proxy_get_header_map_size;
mod proxy_get_header_map_value;
mod proxy_get_log_level;
mod proxy_get_metric;
mod proxy_get_property;
mod proxy_get_shared_data;
mod proxy_get_status;
mod proxy_grpc_call;
mod proxy_grpc_cancel;
mod proxy_grpc_close;
mod proxy_grpc_send;
mod proxy_grpc_stream;
mod proxy_http_call;
mod proxy_increment_metric;
mod proxy_log;
mod proxy_record_metric;
mod proxy_register_shared_queue;
mod proxy_remove_header_map_value;
mod proxy_replace_header_map_value;
mod proxy_resolve_shared_queue;
mod proxy_send_local_response;
mod proxy_set_buffer_bytes;
mod proxy_set_effective_context;
mod proxy_set_header_map_pairs;
mod proxy_set_property;
mod proxy_set_shared_data;
mod proxy_set_tick_period_milliseconds;

/// Parameters that are numbers of something, which may be none.
const NUMBERS: [&str; 12] = [
    "buffer_id",
    "call_or_stream_id",
    "context_id",
    "log_level",
    "map_id",
    "metric_id",
    "metric_type",
    "queue_id",
    "status_code",
    "stream_id",
    "stream_type",
    "upstream_name_data",
];

#[test]
fn every_function_has_its_file() {
    let folder = workspace().join("tests/tests/proxy_wasm/hostcalls");
    let here = std::fs::read_to_string(folder.join("mod.rs")).unwrap();
    for row in HOSTCALLS {
        let name = row.name;
        let file = std::fs::read_to_string(folder.join(format!("{name}.rs")));
        let file = file.unwrap_or_else(|error| panic!("no tests of `{name}`: {error}"));
        assert!(file.starts_with(&format!("//! `{name}`")), "{name}");
        assert!(here.contains(&format!("\nmod {name};\n")), "{name}");
        let called = file.contains(&format!("name: \"{name}\"")) && file.contains("#[test]");
        assert!(called, "{name} is not called");
        // What it can give is named where the tests are, and is in them.
        let about = file.lines().next().unwrap();
        let named: Vec<&str> = about.split('`').skip(1).step_by(2).skip(1).collect();
        for status in &named {
            let known = Status::ALL
                .iter()
                .any(|known| format!("{known:?}") == *status);
            assert!(known, "{name}: `{status}` is no status");
            let tried = file.contains(&format!("\"{status}\""))
                || (*status == "InvalidMemoryAccess" && file.contains("edges()"));
            assert!(tried, "{name}: `{status}`");
        }
        let params = || row.params.iter().map(|(param, _)| param);
        let addresses =
            params().any(|param| param.starts_with("return_") || param.ends_with("_data"));
        assert_eq!(
            addresses,
            named.contains(&"InvalidMemoryAccess"),
            "{name}: addresses"
        );
        let refused = ["BadArgument", "NotFound", "ParseFailure"];
        let refused = refused.iter().any(|status| named.contains(status));
        assert!(
            refused || !params().any(|param| NUMBERS.contains(param)),
            "{name}: numbers"
        );
        assert!(file.contains(".phases("), "{name}: phases");
    }
    let files = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(files, HOSTCALLS.len() + 1, "a file of no function");
}
