//! Metrics.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, each};
use ahead_proxy_wasm::abi::MetricType;
use ahead_proxy_wasm::{Limits, PluginConfig, Shared};

#[test]
fn kinds_do_what_they_are_for() {
    let body = r#"(call $is (call $proxy_define_metric #0 "counter" #0x208))
        (call $is (call $proxy_define_metric #1 "gauge" #0x20c))
        (call $is (call $proxy_define_metric #2 "histogram" #0x210))
        (call $is (call $proxy_increment_metric (i32.load #0x208) (i64.const 5)))
        (call $is (call $proxy_increment_metric (i32.load #0x208) (i64.const -1)))
        (call $is (call $proxy_increment_metric (i32.load #0x208) (i64.const 0)))
        (call $is (call $proxy_record_metric (i32.load #0x208) (i64.const 2)))
        (call $is (call $proxy_record_metric (i32.load #0x20c) (i64.const 10)))
        (call $is (call $proxy_increment_metric (i32.load #0x20c) (i64.const -3)))
        (call $is (call $proxy_record_metric (i32.load #0x210) (i64.const 9)))
        (call $is (call $proxy_increment_metric (i32.load #0x210) (i64.const 1)))
        (call $is (call $proxy_get_metric (i32.load #0x208) #0x218)) (call $long #0x218)
        (call $is (call $proxy_get_metric (i32.load #0x20c) #0x218)) (call $long #0x218)
        (call $is (call $proxy_get_metric (i32.load #0x210) #0x218))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        let expected = [
            "Ok",
            "Ok",
            "Ok",
            "Ok",
            "BadArgument",
            "BadArgument",
            "Ok",
            "Ok",
            "Ok",
            "Ok",
            "BadArgument",
            "Ok",
            "7",
            "Ok",
            "7",
            "BadArgument",
        ];
        assert_eq!(guest.headers(), expected);
        let metrics = &guest.vm.host().metrics;
        let expected = [
            (MetricType::Counter, "counter".into(), 7),
            (MetricType::Gauge, "gauge".into(), 7),
            (MetricType::Histogram, "histogram".into(), 9),
        ];
        assert_eq!(metrics[..], expected);
    });
}

#[test]
fn numbers_that_are_none_are_refused() {
    let told = calls(
        r#"(call $is (call $proxy_define_metric #3 "a" #0x200))
           (call $is (call $proxy_increment_metric #0 (i64.const 1)))
           (call $is (call $proxy_record_metric #7 (i64.const 1)))
           (call $is (call $proxy_get_metric #-1 #0x200))
           (call $is (call $proxy_define_metric #0 "a" #0x200))
           (call $is (call $proxy_increment_metric (i32.or (i32.load #0x200) #1) (i64.const 1)))"#,
    );
    let expected = [
        "BadArgument",
        "NotFound",
        "NotFound",
        "NotFound",
        "Ok",
        "NotFound",
    ];
    assert_eq!(told, expected);
}

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
