//! `proxy_set_shared_data`: `CasMismatch`, `InternalFailure`, `InvalidMemoryAccess`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls};
use crate::probe::Probe;
use ahead_proxy_wasm::{Limits, PluginConfig};

const PROBE: Probe<'_> = Probe {
    name: "proxy_set_shared_data",
    args: r#""key" "value" #0"#,
    ..Probe::NONE
};

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

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_set() {
    PROBE.phases("Ok", &[]);
}
