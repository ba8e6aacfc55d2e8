//! `proxy_set_property`: `NotFound`, `BadArgument`, `InvalidMemoryAccess`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls};
use crate::probe::Probe;
use ahead_proxy_wasm::{Limits, PluginConfig};

const PROBE: Probe<'_> = Probe {
    name: "proxy_set_property",
    args: r#""mine" "value""#,
    ..Probe::NONE
};

#[test]
fn what_is_set_is_found_again() {
    let told = calls(
        r#"(call $is (call $proxy_set_property "mine" "value"))
           (call $got (call $proxy_get_property "mine" OUT))
           (call $is (call $proxy_set_property "mine" ""))
           (call $got (call $proxy_get_property "mine" OUT))
           (call $is (call $proxy_set_property "" "value"))"#,
    );
    assert_eq!(told, ["Ok", "Ok", "value", "Ok", "Ok", "", "NotFound"]);
}

#[test]
fn what_was_declared_read_only_is_set_once() {
    // name: "once", readonly: true
    let told = calls(
        r#"(call $is (call $proxy_call_foreign_function "declare_property" "\0a\04once\10\01" #0 #0))
           (call $is (call $proxy_set_property "once" "first"))
           (call $is (call $proxy_set_property "once" "second"))
           (call $got (call $proxy_get_property "once" OUT))"#,
    );
    assert_eq!(told, ["Ok", "Ok", "BadArgument", "Ok", "first"]);
}

#[test]
fn names_and_values_are_bounded() {
    let config = PluginConfig {
        limits: Limits {
            body_bytes_max: 5,
            name_bytes_max: 4,
            ..Limits::default()
        },
        ..PluginConfig::default()
    };
    let scene = Scene {
        callbacks: &[(
            "proxy_on_request_headers",
            r#"(call $is (call $proxy_set_property "mine" "value"))
               (call $is (call $proxy_set_property "mine" "longer"))
               (call $is (call $proxy_set_property "other" "value"))"#,
        )],
        config,
        ..Scene::default()
    };
    for bounds in MODES {
        let told = scene.start(bounds).headers();
        assert_eq!(told, ["Ok", "BadArgument", "BadArgument"]);
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
