//! A request with a body and its response, each through a filter, and everything that it does to them, as text.

use crate::host::{MemoryHost, MemoryStream, headers, vm};
use ahead_proxy_wasm::{
    CalloutId, ContextId, Effect, Failed, Filter, HttpResponse, PluginConfig, Vm,
};
use std::fmt::{Debug, Write};
use std::sync::Arc;

/// What a filter does with a request for each of the paths, each time in a new VM.
pub fn transcript(filter: &Filter<MemoryHost>, configuration: &str, paths: &[&str]) -> String {
    let mut out = String::new();
    writeln!(out, "ABI {}", filter.abi_version()).unwrap();
    for path in paths {
        one(&mut out, filter, configuration, path);
    }
    out
}

fn one(out: &mut String, filter: &Filter<MemoryHost>, configuration: &str, path: &str) {
    let config = PluginConfig {
        name: "plugin".into(),
        root_id: "root".into(),
        configuration: configuration.into(),
        ..PluginConfig::default()
    };
    writeln!(out, "-- {path}").unwrap();
    let mut vm = vm(filter, config.clone());
    let root = vm.start_root(&Arc::new(config));
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
