//! `proxy_get_shared_data`: `NotFound`, `InvalidMemoryAccess`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls};
use crate::probe::Probe;
use ahead_proxy_wasm::{PluginConfig, Shared};

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_shared_data",
    args: r#""key" OUT #0x208"#,
    before: r#"(drop (call $proxy_set_shared_data "key" "value" #0))"#,
    ..Probe::NONE
};

#[test]
fn a_key_without_a_value_is_not_found() {
    let told = calls(
        r#"(i32.store #0x208 #7)
           (call $got (call $proxy_get_shared_data "key" OUT #0x208)) (call $word #0x208)
           (call $got (call $proxy_get_shared_data "" OUT #0x208))
           (call $is (call $proxy_set_shared_data "" "empty" #0))
           (call $got (call $proxy_get_shared_data "" OUT #0x208))
           (call $number (i64.extend_i32_u (i32.ne (i32.load #0x208) #0)))"#,
    );
    let expected = ["NotFound", "7", "NotFound", "Ok", "Ok", "empty", "1"];
    assert_eq!(told, expected);
}

#[test]
fn vms_of_one_id_share_and_others_do_not() {
    let scene = |vm_id: &str| Scene {
        callbacks: &[
            (
                "proxy_on_request_headers",
                r#"(drop (call $proxy_set_shared_data "k" "v" #0))"#,
            ),
            (
                "proxy_on_tick",
                r#"(call $got (call $proxy_get_shared_data "k" OUT #0x208))"#,
            ),
        ],
        config: PluginConfig {
            vm_id: vm_id.into(),
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    let shared = Shared::new();
    let mut guests =
        ["one", "one", "other"].map(|vm_id| scene(vm_id).start_with(&shared, MODES[0]));
    guests[0].headers();
    let told = guests.each_mut().map(|guest| guest.tick());
    assert_eq!(told, [vec!["Ok", "v"], vec!["Ok", "v"], vec!["NotFound"]]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_ask() {
    PROBE.phases("Ok", &[]);
}
