//! Shared data.

use crate::embedder::MODES;
use crate::guest::{Scene, calls};
use ahead_proxy_wasm::{Limits, PluginConfig, Shared};

#[test]
fn values_are_kept_with_their_numbers() {
    let told = calls(
        r#"(call $got (call $proxy_get_shared_data "k" OUT #0x208))
           (call $is (call $proxy_set_shared_data "k" "one" #0))
           (call $got (call $proxy_get_shared_data "k" OUT #0x208))
           (call $is (call $proxy_set_shared_data "k" "two" (i32.load #0x208)))
           (call $is (call $proxy_set_shared_data "k" "three" (i32.load #0x208)))
           (call $got (call $proxy_get_shared_data "k" OUT #0x208))
           (call $is (call $proxy_set_shared_data "k" #0 #0 #0))
           (call $got (call $proxy_get_shared_data "k" OUT #0x208))"#,
    );
    let expected = [
        "NotFound",
        "Ok",
        "Ok",
        "one",
        "Ok",
        "CasMismatch",
        "Ok",
        "two",
        "Ok",
        "Ok",
        "",
    ];
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
fn shared_data_are_bounded() {
    let scene = Scene {
        callbacks: &[(
            "proxy_on_request_headers",
            r#"(call $is (call $proxy_set_shared_data "key" "1234567" #0))
               (call $is (call $proxy_set_shared_data "k" "" #0))
               (call $is (call $proxy_set_shared_data "a long key" "" #0))"#,
        )],
        config: PluginConfig {
            limits: Limits {
                shared_data_bytes_max: 10,
                name_bytes_max: 9,
                ..Limits::default()
            },
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    for bounds in MODES {
        let told = scene.start(bounds).headers();
        assert_eq!(told, ["Ok", "InternalFailure", "InternalFailure"]);
    }
}
