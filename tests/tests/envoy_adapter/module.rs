//! `ahead compile --emit envoy`: adapter and filter in one file; and the configurations that `ahead envoy-config` prints.

use crate::{adapter, artefact, filters, get, run_ahead, start};
use ahead_tests::envoy;
use ahead_tests::upstream::Upstream;
use ahead_tests::{Limits, run};
use serde_json::Value;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

/// Writes `filter.wat` and makes `libfilter.so` of it.
fn make(folder: &Path) {
    fs::write(folder.join("filter.wat"), filters::adds_header()).unwrap();
    run_ahead(
        folder,
        &[
            "compile",
            "filter.wat",
            "--emit",
            "envoy",
            "-o",
            "libfilter.so",
        ],
    );
}

#[test]
fn the_file_is_a_shared_object_that_tools_understand() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    let module = folder.path().join("libfilter.so");
    let first = fs::read(&module).unwrap();
    make(folder.path());
    assert_eq!(
        fs::read(&module).unwrap(),
        first,
        "made differently the second time"
    );
    let mut readelf = Command::new("readelf");
    readelf.args(["-a", "-W", "--use-dynamic"]).arg(&module);
    let read = run(&mut readelf, Limits::default()).ok();
    assert_eq!(read.stderr(), "");
    let text = read.stdout();
    assert!(text.contains(".ahead.text"), "{text}");
    assert!(
        !text.contains("RWE"),
        "a segment that can be written and executed\n{text}"
    );
    let inspected = run_ahead(folder.path(), &["inspect", "libfilter.so"]);
    assert!(
        inspected.contains("proxy_on_response_headers"),
        "{inspected}"
    );
}

/// Envoy's own libraries are all there is in small images of it.
#[test]
fn the_adapter_needs_the_c_library_only() {
    let mut readelf = Command::new("readelf");
    readelf.args(["-d", "-W"]).arg(adapter());
    let text = run(&mut readelf, Limits::default()).ok().stdout();
    let needed = text.lines().filter(|line| line.contains("(NEEDED)"));
    let needed: Vec<_> = needed.filter_map(|line| line.split('[').nth(1)).collect();
    assert!(!needed.is_empty(), "{text}");
    for name in needed {
        assert!(
            name.starts_with("libc.so.6") || name.starts_with("ld-linux-"),
            "{text}"
        );
    }
}

#[test]
fn what_is_no_filter_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.wat"), "(module)").unwrap();
    let mut command = Command::new(ahead_tests::ahead());
    command.current_dir(folder.path());
    command.args(["compile", "a.wat", "--emit", "envoy", "-o", "a.so"]);
    let said = run(&mut command, Limits::default()).refused();
    assert!(
        said.contains("not a Proxy-Wasm filter: it exports none of"),
        "{said}"
    );
    assert!(!folder.path().join("a.so").exists());
}

/// Starts Envoy with what `ahead envoy-config` prints for these arguments, and asks for `/`.
fn header_through(folder: &Path, arguments: &[&str]) -> Option<String> {
    let program = envoy::find_or_skip()?;
    let upstream = Upstream::start();
    let address = upstream.address().to_string();
    let mut all = vec![
        "envoy-config",
        "--json",
        "--listen",
        "127.0.0.1:0",
        "--upstream",
        &address,
    ];
    all.extend(arguments);
    let config: Value = serde_json::from_str(&run_ahead(folder, &all)).unwrap();
    let envoy = start(&program, &config);
    let response = get(envoy.listener("listener"));
    assert_eq!(response.status(), 200);
    let header = response.header("x-filter").map(str::to_owned);
    envoy.stop();
    Some(header.unwrap_or_else(|| "no header".into()))
}

#[test]
fn envoy_runs_a_module_with_its_filter() {
    let folder = tempfile::tempdir().unwrap();
    make(folder.path());
    if let Some(header) = header_through(
        folder.path(),
        &["libfilter.so", "--configuration", "carried"],
    ) {
        assert_eq!(header, "carried");
    }
}

#[test]
fn envoy_runs_an_artefact_beside_the_adapter() {
    let folder = tempfile::tempdir().unwrap();
    artefact(folder.path(), "filter", &filters::adds_header());
    let adapter = adapter();
    let arguments = [
        "filter.so",
        "--configuration",
        "opened",
        "--adapter",
        adapter.to_str().unwrap(),
    ];
    if let Some(header) = header_through(folder.path(), &arguments) {
        assert_eq!(header, "opened");
    }
}

#[test]
fn a_configuration_of_envoys_own_host_is_converted() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    artefact(folder.path(), "filter", &filters::adds_header());
    let upstream = Upstream::start();
    let wasm = folder.path().join("filter.wasm");
    let yaml = TO_CONVERT
        .replace("WASM", wasm.to_str().unwrap())
        .replace("PORT", &upstream.address().port().to_string());
    fs::write(folder.path().join("envoy.yaml"), yaml).unwrap();
    let adapter = adapter();
    let arguments = [
        "envoy-config",
        "--convert",
        "envoy.yaml",
        "--json",
        "--adapter",
    ];
    let arguments = [&arguments[..], &[adapter.to_str().unwrap()]].concat();
    let config: Value = serde_json::from_str(&run_ahead(folder.path(), &arguments)).unwrap();
    let envoy = start(&program, &config);
    let address: SocketAddr = envoy.listener("listener");
    assert_eq!(get(address).header("x-filter"), Some("converted"));
    envoy.stop();
}

const TO_CONVERT: &str = r#"
static_resources:
  listeners:
  - name: listener
    address: {socket_address: {address: 127.0.0.1, port_value: 0}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: listener
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes:
              - match: {prefix: "/"}
                route: {cluster: upstream}
          http_filters:
          - name: envoy.filters.http.wasm
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm
              config:
                name: filter
                configuration:
                  "@type": type.googleapis.com/google.protobuf.StringValue
                  value: converted
                vm_config:
                  runtime: envoy.wasm.runtime.v8
                  code: {local: {filename: "WASM"}}
          - name: envoy.filters.http.router
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
  clusters:
  - name: upstream
    type: STATIC
    load_assignment:
      cluster_name: upstream
      endpoints:
      - lb_endpoints:
        - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: PORT}}}
"#;
