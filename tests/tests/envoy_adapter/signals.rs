//! Faults in filters are the adapter's; all others are Envoy's as before.

use crate::{adapter, artefact, filters, get, http_filter};
use ahead_tests::envoy::configuration::{Bootstrap, http_listener};
use ahead_tests::envoy::{self, Envoy};
use ahead_tests::upstream::Upstream;
use serde_json::json;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;

#[test]
fn envoy_survives_faults_of_filters_and_still_reports_its_own() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let filter = artefact(folder.path(), "traps", &filters::traps());
    let upstream = Upstream::start();
    let mut bootstrap = Bootstrap::new(upstream.address());
    let config = json!({"artifact": filter, "failure_policy": "fail_reload", "reload_backoff": {"base_ms": 0}});
    bootstrap
        .listeners
        .push(http_listener("tested", &[http_filter(&adapter(), &config)]));
    let mut envoy = Envoy::start(&program, &bootstrap);
    let address = envoy.listener("tested");
    for _ in 0..20 {
        assert_eq!(get(address).status(), 503);
    }
    let log = envoy.log_text();
    assert!(
        log.contains("the filter failed in `proxy_on_request_headers`: wasm trap: out of bounds"),
        "{log}"
    );
    let pid = envoy.pid().to_string();
    assert!(
        Command::new("kill")
            .args(["-SEGV", &pid])
            .status()
            .unwrap()
            .success()
    );
    let status = envoy.ended();
    assert_eq!(status.signal(), Some(11), "{status}");
    let log = envoy.log_text();
    assert!(log.contains("Caught Segmentation fault"), "{log}");
}
