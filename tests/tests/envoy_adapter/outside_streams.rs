//! Ticks, and requests that belong to no stream, reach every worker's own VM.

use crate::{adapter, artefact, filters, get, helper_cluster, http_filter};
use ahead_tests::envoy::configuration::{Bootstrap, http_listener};
use ahead_tests::envoy::{self, Envoy};
use ahead_tests::upstream::Upstream;
use serde_json::json;
use std::collections::BTreeSet;

/// The threads in whose VMs a filter said something.
fn threads_that_said(envoy: &Envoy, text: &str) -> BTreeSet<u32> {
    let log = envoy.log();
    let said = log.iter().filter(|line| line.text.ends_with(text));
    said.map(|line| line.thread).collect()
}

#[test]
fn with_the_helper_cluster_every_worker_ticks_and_calls_without_any_traffic() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let filter = artefact(folder.path(), "ticks", &filters::ticks());
    let upstream = Upstream::start();
    let mut bootstrap = Bootstrap::new(upstream.address());
    bootstrap.clusters.push(helper_cluster(&adapter()));
    let filter = http_filter(&adapter(), &json!({"artifact": filter}));
    bootstrap.listeners.push(http_listener("tested", &[filter]));
    let mut envoy = Envoy::start(&program, &bootstrap);
    let main_thread = envoy.pid();
    // Two workers and the main thread, as with Envoy's own host.
    envoy.wait_until("every thread ticks and is answered", |envoy| {
        let (ticked, answered) = (
            threads_that_said(envoy, ": ticked"),
            threads_that_said(envoy, ": answered"),
        );
        ticked.len() == 3 && answered.len() == 3 && ticked.contains(&main_thread)
    });
    envoy.stop();
    assert!(
        upstream
            .take_received()
            .iter()
            .any(|request| request.header(":path") == Some("/from-tick"))
    );
}

#[test]
fn without_it_the_main_thread_ticks_and_a_worker_with_its_next_stream() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let filter = artefact(folder.path(), "ticks", &filters::ticks());
    let upstream = Upstream::start();
    let mut bootstrap = Bootstrap::new(upstream.address());
    let filter = http_filter(&adapter(), &json!({"artifact": filter}));
    bootstrap.listeners.push(http_listener("tested", &[filter]));
    let mut envoy = Envoy::start(&program, &bootstrap);
    let main_thread = envoy.pid();
    envoy.wait_until("the main thread ticks and is answered", |envoy| {
        threads_that_said(envoy, ": ticked").contains(&main_thread)
            && threads_that_said(envoy, ": answered").contains(&main_thread)
    });
    let address = envoy.listener("tested");
    envoy.wait_until("a worker ticks and is answered", |envoy| {
        assert_eq!(get(address).status(), 200);
        threads_that_said(envoy, ": ticked").len() > 1
            && threads_that_said(envoy, ": answered").len() > 1
    });
    envoy.stop();
}
