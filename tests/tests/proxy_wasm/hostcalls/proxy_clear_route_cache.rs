//! `proxy_clear_route_cache`, of ABI 0.1.0; for later versions it is a foreign function.

use crate::embedder::MODES;
use crate::guest::Scene;
use crate::probe::Probe;
use ahead_proxy_wasm::abi::AbiVersion;

const PROBE: Probe<'_> = Probe {
    name: "proxy_clear_route_cache",
    version: AbiVersion::V0_1_0,
    ..Probe::NONE
};

#[test]
fn the_route_is_forgotten_and_a_root_context_has_none() {
    let body = "(call $is (call $proxy_clear_route_cache))";
    let scene = Scene {
        version: AbiVersion::V0_1_0,
        callbacks: &[("proxy_on_request_headers", body), ("proxy_on_tick", body)],
        ..Scene::default()
    };
    for bounds in MODES {
        let mut guest = scene.start(bounds);
        assert_eq!(guest.tick(), ["Ok"]);
        assert_eq!(guest.vm.host().route_cache_cleared, 0);
        assert_eq!(guest.headers(), ["Ok"]);
        assert_eq!(guest.vm.host().route_cache_cleared, 1);
    }
}

#[test]
fn every_phase_may_ask() {
    PROBE.phases("Ok", &[]);
}
