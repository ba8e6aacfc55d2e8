//! The adapter in the real Envoy: how filters get in, what happens outside streams, what is refused, and what lasts.
//!
//! What filters see of Envoy is not here: `tests/tests/envoy/` compares that with Envoy's own host.

mod aarch64;
mod filters;
mod module;
mod outside_streams;
mod refusals;
mod reloads;
mod signals;

use ahead_tests::envoy::configuration::{Bootstrap, string_value};
use ahead_tests::envoy::{self, Envoy};
use ahead_tests::http::{Client, Message, Outgoing, Protocol};
use ahead_tests::{Limits, ahead, built, run};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// `libahead_envoy.so`.
fn adapter() -> PathBuf {
    built::libraries().join("libahead_envoy.so")
}

/// Runs `ahead` in a folder; gives what it printed.
fn run_ahead(folder: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(ahead());
    command.current_dir(folder).args(arguments);
    run(&mut command, Limits::default()).ok().stdout()
}

/// Compiles a filter in the text format to `NAME.so` in a folder.
fn artefact(folder: &Path, name: &str, text: &str) -> PathBuf {
    let wat = folder.join(name).with_extension("wat");
    std::fs::write(&wat, text).unwrap();
    let artefact = folder.join(format!("{name}.so"));
    let artefact_name = artefact.to_str().unwrap();
    run_ahead(
        folder,
        &["compile", wat.to_str().unwrap(), "-o", artefact_name],
    );
    artefact
}

/// A module in Envoy's configuration of an HTTP filter.
fn http_filter(module: &Path, config: &Value) -> Value {
    json!({
        "name": "envoy.filters.http.dynamic_modules",
        "typed_config": {
            "@type": "type.googleapis.com/envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter",
            "dynamic_module_config": {
                "module": {"local": {"filename": module}},
                "metrics_namespace": "wasmcustom",
            },
            "filter_name": "tested",
            "filter_config": string_value(&config.to_string()),
        },
    })
}

/// The cluster by which all workers are reached.
fn helper_cluster(module: &Path) -> Value {
    json!({
        "name": "ahead",
        "lb_policy": "CLUSTER_PROVIDED",
        "cluster_type": {
            "name": "envoy.clusters.dynamic_modules",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.clusters.dynamic_modules.v3.ClusterConfig",
                "dynamic_module_config": {"module": {"local": {"filename": module}}},
                "cluster_name": "ahead",
            },
        },
    })
}

fn get(address: SocketAddr) -> Message {
    Client::connect(address, Protocol::Http1).send(&Outgoing::get("/"))
}

/// Starts Envoy with the static resources of a configuration.
fn start(program: &Path, config: &Value) -> Envoy {
    let empty = Bootstrap::default();
    Envoy::start_with(program, &empty, |command| {
        let overlay = json!({"static_resources": config["static_resources"]});
        command.arg("--config-yaml").arg(overlay.to_string());
    })
}

/// Why Envoy does not take a configuration, from its log; `None` if it does.
fn refusal(program: &Path, filter: Value) -> Option<String> {
    let nobody = SocketAddr::from(([127, 0, 0, 1], 9));
    let mut bootstrap = Bootstrap::new(nobody);
    let listener = envoy::configuration::http_listener("tested", &[filter]);
    bootstrap.listeners.push(listener);
    let (accepted, log) = Envoy::validate(program, &bootstrap);
    (!accepted).then_some(log)
}
