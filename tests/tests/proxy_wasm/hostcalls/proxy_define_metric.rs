//! `proxy_define_metric`: `BadArgument`, `InternalFailure`, `InvalidMemoryAccess`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls};
use crate::probe::Probe;
use ahead_proxy_wasm::{Limits, PluginConfig, Shared};

const PROBE: Probe<'_> = Probe {
    name: "proxy_define_metric",
    args: r#"#0 "metric" #0x208"#,
    ..Probe::NONE
};

#[test]
fn a_metric_is_one_in_the_process_and_each_proxy_object_knows_it() {
    let scene = Scene {
        callbacks: &[
            (
                "proxy_on_request_headers",
                r#"(drop (call $proxy_define_metric #0 "n" #0x208))
               (drop (call $proxy_define_metric #0 "n" #0x208))
               (drop (call $proxy_increment_metric (i32.load #0x208) (i64.const 1)))
               (drop (call $proxy_get_metric (i32.load #0x208) #0x210)) (call $long #0x210)"#,
            ),
            // By a number that it was not given.
            (
                "proxy_on_tick",
                "(call $is (call $proxy_increment_metric #0 (i64.const 1)))",
            ),
        ],
        ..Scene::default()
    };
    let shared = Shared::new();
    let mut guests = MODES.map(|bounds| scene.start_with(&shared, bounds));
    assert_eq!(guests[0].headers(), ["1"]);
    assert_eq!(guests[1].tick(), ["Ok"]);
    assert_eq!(guests[1].headers(), ["3"]);
    for guest in guests {
        assert_eq!(guest.vm.host().metrics.len(), 1);
    }
}

#[test]
fn a_name_is_one_metric_of_each_kind() {
    let told = calls(
        r#"(call $is (call $proxy_define_metric #0 "n" #0x208)) (call $is (call $proxy_define_metric #1 "n" #0x20c))
           (call $is (call $proxy_define_metric #2 "n" #0x210)) (call $is (call $proxy_define_metric #0 "n" #0x214))
           (call $number (i64.extend_i32_u (i32.eq (i32.load #0x208) (i32.load #0x20c))))
           (call $number (i64.extend_i32_u (i32.eq (i32.load #0x20c) (i32.load #0x210))))
           (call $number (i64.extend_i32_u (i32.eq (i32.load #0x208) (i32.load #0x214))))"#,
    );
    assert_eq!(told, ["Ok", "Ok", "Ok", "Ok", "0", "0", "1"]);
}

#[test]
fn a_number_that_is_no_kind_is_refused() {
    let told = calls(
        r#"(call $is (call $proxy_define_metric #3 "a" #0x200))
           (call $is (call $proxy_define_metric #-1 "a" #0x200))"#,
    );
    assert_eq!(told, ["BadArgument"; 2]);
}

#[test]
fn metrics_are_bounded() {
    let scene = Scene {
        callbacks: &[(
            "proxy_on_request_headers",
            r#"(call $is (call $proxy_define_metric #0 "a" #0x208))
               (call $is (call $proxy_define_metric #0 "b" #0x208))
               (call $is (call $proxy_define_metric #0 "c" #0x208))
               (call $is (call $proxy_define_metric #0 "too long" #0x208))"#,
        )],
        config: PluginConfig {
            limits: Limits {
                metrics_max: 2,
                name_bytes_max: 7,
                ..Limits::default()
            },
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    for bounds in MODES {
        let told = scene.start(bounds).headers();
        assert_eq!(told, ["Ok", "Ok", "InternalFailure", "InternalFailure"]);
    }
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_define() {
    PROBE.phases("Ok", &[]);
}
