//! `proxy_get_configuration`: `InvalidMemoryAccess`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls_of};
use crate::probe::Probe;
use ahead_proxy_wasm::abi::AbiVersion;

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_configuration",
    args: "OUT",
    version: AbiVersion::V0_1_0,
    ..Probe::NONE
};

const ASK: &str = "(call $got (call $proxy_get_configuration OUT))";

#[test]
fn a_plugin_s_is_there_while_it_starts_and_a_vm_s_always() {
    let scene = Scene {
        version: AbiVersion::V0_1_0,
        callbacks: &[("proxy_on_vm_start", ASK), ("proxy_on_configure", ASK)],
        ..Scene::default()
    };
    for bounds in MODES {
        let told = scene.start(bounds).told();
        assert_eq!(told, ["Ok", "of the VM", "Ok", "of the plugin"]);
    }
    assert_eq!(calls_of(AbiVersion::V0_1_0, ASK), ["Ok", "of the VM"]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_ask() {
    PROBE.phases("Ok", &[]);
}
