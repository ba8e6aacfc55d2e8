//! Filters that others have built, with the SDKs for Rust, C++ and TinyGo, for each version of the ABI: what they do
//! to a request and its response is in `tests/corpus/proxy-wasm.txt`.

use crate::embedder;
use crate::host::{MemoryHost, MemoryStream, headers, vm};
use ahead_compiler::Config;
use ahead_proxy_wasm::{
    CalloutId, ContextId, Effect, Failed, Filter, HttpResponse, PluginConfig, Vm,
};
use ahead_runtime::Bounds;
use ahead_tests::corpus::Corpus;
use ahead_tests::{golden, workspace};
use std::fmt::{Debug, Write};
use std::sync::Arc;

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
    run_all(Bounds::Guard);
}

#[test]
fn filters_do_what_they_are_for_explicit() {
    run_all(Bounds::Explicit);
}

fn run_all(bounds: Bounds) {
    let Some(corpus) = Corpus::find_or_skip() else {
        return;
    };
    let mut out = String::new();
    for path in corpus.modules("proxy-wasm") {
        let name = path.strip_prefix("proxy-wasm/").unwrap();
        writeln!(out, "== {name}").unwrap();
        match open(&corpus.read(&path), bounds) {
            Ok(filter) => run(&mut out, name, &filter),
            Err(error) => writeln!(out, "{error}").unwrap(),
        }
    }
    golden::compare(&workspace().join("tests/corpus/proxy-wasm.txt"), &out).unwrap();
}

fn open(wasm: &[u8], bounds: Bounds) -> Result<Filter<MemoryHost>, ahead_proxy_wasm::Error> {
    let config = Config {
        bounds,
        ..Config::default()
    };
    let artefact = ahead_compiler::compile(wasm, &config).unwrap();
    Filter::new(embedder::open(&artefact.shared_object()).unwrap())
}

fn run(out: &mut String, name: &str, filter: &Filter<MemoryHost>) {
    writeln!(out, "ABI {}", filter.abi_version()).unwrap();
    let configuration = match name {
        KEY_AUTH => KEY_AUTH_CONFIGURATION,
        _ => "",
    };
    let config = PluginConfig {
        name: "plugin".into(),
        root_id: "root".into(),
        configuration: configuration.into(),
        ..PluginConfig::default()
    };
    let paths = match name {
        HOSTCALLS => HOSTCALLS_PATHS,
        _ => &["/path"],
    };
    for path in paths {
        writeln!(out, "-- {path}").unwrap();
        let mut vm = vm(filter, config.clone());
        let root = vm.start_root(&Arc::new(config.clone()));
        say_log(out, &mut vm);
        let root = match root {
            Ok(root) => root,
            Err(error) => return writeln!(out, "{error}").unwrap(),
        };
        let request = MemoryStream::request(&[
            (":method", "GET"),
            (":path", path),
            (":authority", "example.com"),
            ("x-a", "b"),
        ]);
        let Ok(id) = vm.open_stream(root, request) else {
            return writeln!(out, "{}", first_line(vm.failed().unwrap())).unwrap();
        };
        // A failure is told once, and ends it.
        let _ = pass(out, &mut vm, id);
        let stream = vm.close_stream(id).unwrap();
        say_log(out, &mut vm);
        for map in [0, 2] {
            writeln!(out, "  {}", stream.shown(map).join(" ")).unwrap();
        }
        let [request, response, ..] = stream.buffers.map(Option::unwrap_or_default);
        writeln!(
            out,
            "  {:?}",
            [request, response].map(|body| body.escape_ascii().to_string())
        )
        .unwrap();
    }
}

/// A request with a body, answers to what the filter sends itself, a response with a body.
fn pass(out: &mut String, vm: &mut Vm<MemoryHost>, id: ContextId) -> Result<(), Failed> {
    let answer = vm.on_request_headers(id, 4, false);
    say(out, vm, "request headers", answer)?;
    for number in 1..=vm.host().callouts {
        let response = HttpResponse {
            headers: headers(&[(":status", "200"), ("x-hash", "1")]),
            body: b"answer".into(),
            trailers: Vec::new(),
        };
        let answer = vm.on_http_response(CalloutId(number), Some(response));
        say(out, vm, "callout", answer)?;
    }
    vm.stream_mut(id).unwrap().buffers[0] = Some(b"request body".into());
    let answer = vm.on_request_body(id, 12, true);
    say(out, vm, "request body", answer)?;
    vm.stream_mut(id).unwrap().maps[2] = Some(headers(&[(":status", "200"), ("server", "x")]));
    let answer = vm.on_response_headers(id, 2, false);
    say(out, vm, "response headers", answer)?;
    vm.stream_mut(id).unwrap().buffers[1] = Some(b"response body".into());
    let answer = vm.on_response_body(id, 13, true);
    say(out, vm, "response body", answer)?;
    let answer = vm.on_log(id);
    say(out, vm, "log", answer)
}

fn say<T: Debug>(
    out: &mut String,
    vm: &mut Vm<MemoryHost>,
    what: &str,
    result: Result<T, Failed>,
) -> Result<(), Failed> {
    match &result {
        Ok(answer) => writeln!(out, "{what}: {answer:?}").unwrap(),
        Err(failed) => writeln!(out, "{what}: {}", first_line(failed)).unwrap(),
    }
    for effect in vm.take_effects() {
        let effect = match effect {
            Effect::Respond { response, .. } => {
                let list = |(name, value): &(Vec<u8>, Vec<u8>)| {
                    format!("{}={}", name.escape_ascii(), value.escape_ascii())
                };
                let fields: Vec<_> = response.headers.iter().map(list).collect();
                let body = response.body.escape_ascii();
                format!("respond {} {fields:?} {body}", response.status)
            }
            effect => format!("{effect:?}"),
        };
        writeln!(out, "  > {effect}").unwrap();
    }
    say_log(out, vm);
    result.map(drop)
}

fn say_log(out: &mut String, vm: &mut Vm<MemoryHost>) {
    for line in std::mem::take(&mut vm.host_mut().log) {
        writeln!(out, "  {line}").unwrap();
    }
    for line in std::mem::take(&mut vm.host_mut().sent) {
        writeln!(out, "  < {line}").unwrap();
    }
}

/// Without the backtrace, which differs between bounds modes only in addresses.
fn first_line(failed: &Failed) -> String {
    failed.to_string().lines().next().unwrap().to_owned()
}
