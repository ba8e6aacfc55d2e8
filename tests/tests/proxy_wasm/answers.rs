//! What callbacks answer about a message, and what is made of it.

use crate::embedder::MODES;
use crate::guest::{Scene, each};
use ahead_proxy_wasm::PluginConfig;
use ahead_proxy_wasm::abi::{DataStatus, HeadersStatus};

#[test]
fn numbers_of_the_abi_or_stop() {
    for (answer, status) in [
        (0, HeadersStatus::Continue),
        (1, HeadersStatus::StopAllIterationAndWatermark),
        (2, HeadersStatus::ContinueAndEndStream),
        (3, HeadersStatus::StopAllIterationAndBuffer),
        (4, HeadersStatus::StopAllIterationAndWatermark),
        (5, HeadersStatus::StopAllIterationAndWatermark),
        (-1, HeadersStatus::StopAllIterationAndWatermark),
    ] {
        let body = format!("(return (i32.const {answer}))");
        each(&[("proxy_on_response_headers", &body)], |guest| {
            let got = guest
                .vm
                .on_response_headers(guest.stream, 0, false)
                .unwrap();
            assert_eq!(got, status, "{answer}");
        });
    }
    let scene = Scene {
        callbacks: &[("proxy_on_request_headers", "(return (i32.const 1))")],
        config: PluginConfig {
            allow_on_headers_stop_iteration: true,
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    let mut guest = scene.start(MODES[0]);
    let status = guest.vm.on_request_headers(guest.stream, 0, false).unwrap();
    assert_eq!(status, HeadersStatus::StopIteration);
    for (answer, status) in [
        (2, DataStatus::StopIterationAndWatermark),
        (4, DataStatus::StopIterationNoBuffer),
    ] {
        let body = format!("(return (i32.const {answer}))");
        each(&[("proxy_on_response_body", &body)], |guest| {
            let got = guest.vm.on_response_body(guest.stream, 0, false).unwrap();
            assert_eq!(got, status, "{answer}");
        });
    }
}
