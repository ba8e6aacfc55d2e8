//! Filters that others have built, with the SDKs for Rust, C++ and TinyGo, for each version of the ABI: what they do
//! to a request and its response is in `tests/corpus/proxy-wasm.txt`.

use crate::{aarch64, embedder};
use ahead_compiler::Config;
use ahead_filter_host::{MemoryHost, transcript};
use ahead_proxy_wasm::Filter;
use ahead_runtime::Bounds;
use ahead_tests::corpus::Corpus;
use ahead_tests::{golden, workspace};
use std::fmt::Write;

/// A filter's own test of hostcalls: what it does depends on the path.
const HOSTCALLS: &str = "kong/spec__fixtures__wasm__hostcalls.wasm";

const HOSTCALLS_PATHS: &[&str] = &[
    "/t/echo/headers",
    "/t/echo/headers/all",
    "/t/echo/body",
    "/t/log/levels",
    "/t/log/current_time",
    "/t/log/request_path",
    "/t/log/request_header",
    "/t/log/request_headers",
    "/t/send_local_response/status/204",
    "/t/send_local_response/status/1000",
    "/t/send_local_response/headers",
    "/t/send_local_response/body",
    "/t/send_local_response/twice",
    "/t/send_local_response/set_headers_escaping",
    "/t/set_request_headers",
    "/t/set_request_headers/special",
    "/t/set_request_headers/invalid",
    "/t/set_request_header",
    "/t/add_request_header",
    "/t/set_request_body",
    "/t/error/get_response_body",
    "/t/safety/proxy_get_header_map_value_oob_key",
    "/t/safety/proxy_get_header_map_value_oob_return_data",
    "/t/safety/proxy_get_header_map_value_misaligned_return_data",
    "/t/trap",
];

/// The one filter that reads its configuration.
const KEY_AUTH: &str = "kong/filters__proxy_wasm_key_auth.wasm";

const KEY_AUTH_CONFIGURATION: &str = r#"{"consumers": {}, "key_names": ["apikey"],
    "hide_credentials": false, "anonymous": null, "key_in_header": true, "key_in_query": false,
    "key_in_body": false, "run_on_preflight": true, "realm": null, "keys": {}}"#;

#[test]
fn filters_do_what_they_are_for_guard() {
    run_all(|wasm, configuration, paths| here(wasm, Bounds::Guard, configuration, paths));
}

#[test]
fn filters_do_what_they_are_for_explicit() {
    run_all(|wasm, configuration, paths| here(wasm, Bounds::Explicit, configuration, paths));
}

#[test]
fn filters_do_what_they_are_for_aarch64() {
    run_all(|wasm, configuration, paths| {
        let question = [&["transcript", configuration], paths].concat();
        aarch64::ask(wasm, Bounds::Guard, &question)
    });
}

/// Asks what each module of the corpus does; no answer ends it.
fn run_all(ask: impl Fn(&[u8], &str, &[&str]) -> Option<String>) {
    let Some(corpus) = Corpus::find_or_skip() else {
        return;
    };
    let mut out = String::new();
    for path in corpus.modules("proxy-wasm") {
        let name = path.strip_prefix("proxy-wasm/").unwrap();
        let (configuration, paths) = given(name);
        let Some(answer) = ask(&corpus.read(&path), configuration, paths) else {
            return;
        };
        writeln!(out, "== {name}").unwrap();
        writeln!(out, "{}", answer.trim_end_matches('\n')).unwrap();
    }
    golden::compare(&workspace().join("tests/corpus/proxy-wasm.txt"), &out).unwrap();
}

fn here(wasm: &[u8], bounds: Bounds, configuration: &str, paths: &[&str]) -> Option<String> {
    Some(match open(wasm, bounds) {
        Ok(filter) => transcript(&filter, configuration, paths),
        Err(error) => error.to_string(),
    })
}

fn open(wasm: &[u8], bounds: Bounds) -> Result<Filter<MemoryHost>, ahead_proxy_wasm::Error> {
    let config = Config {
        bounds,
        ..Config::default()
    };
    let artefact = ahead_compiler::compile(wasm, &config).unwrap();
    Filter::new(embedder::open(&artefact.shared_object()).unwrap())
}

/// The configuration and the paths with which a filter is tried.
fn given(name: &str) -> (&'static str, &'static [&'static str]) {
    match name {
        HOSTCALLS => ("", HOSTCALLS_PATHS),
        KEY_AUTH => (KEY_AUTH_CONFIGURATION, &["/path"]),
        _ => ("", &["/path"]),
    }
}
