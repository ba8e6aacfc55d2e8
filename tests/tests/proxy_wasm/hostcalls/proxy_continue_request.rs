//! `proxy_continue_request`, of ABI 0.1.0.

use crate::embedder::MODES;
use crate::guest::Scene;
use crate::probe::Probe;
use ahead_proxy_wasm::Effect;
use ahead_proxy_wasm::abi::{AbiVersion, StreamType};

const PROBE: Probe<'_> = Probe {
    name: "proxy_continue_request",
    version: AbiVersion::V0_1_0,
    ..Probe::NONE
};

#[test]
fn the_request_is_resumed_and_a_root_context_has_none() {
    let body = "(call $is (call $proxy_continue_request))";
    let scene = Scene {
        version: AbiVersion::V0_1_0,
        callbacks: &[("proxy_on_request_headers", body), ("proxy_on_tick", body)],
        ..Scene::default()
    };
    for bounds in MODES {
        let mut guest = scene.start(bounds);
        assert_eq!(guest.headers(), ["Ok"]);
        let expected = Effect::Continue {
            stream: guest.stream,
            direction: StreamType::HttpRequest,
        };
        assert_eq!(guest.vm.take_effects(), [expected]);
        assert_eq!(guest.tick(), ["Ok"]);
        assert_eq!(guest.vm.take_effects(), []);
    }
}

#[test]
fn every_phase_may_ask() {
    PROBE.phases("Ok", &[]);
}
