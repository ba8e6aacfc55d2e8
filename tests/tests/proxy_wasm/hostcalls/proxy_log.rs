//! `proxy_log`: `BadArgument`, `InvalidMemoryAccess`.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, each};
use crate::probe::Probe;
use ahead_proxy_wasm::abi::LogLevel;
use ahead_proxy_wasm::{Limits, PluginConfig};

const PROBE: Probe<'_> = Probe {
    name: "proxy_log",
    args: r#"#2 "message""#,
    ..Probe::NONE
};

#[test]
fn messages_have_a_level_and_a_plugin() {
    let body = r#"(drop (call $proxy_log #3 "a\ff\0a")) (drop (call $proxy_log #5 #0 #0))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        guest.vm.on_request_headers(guest.stream, 6, false).unwrap();
        assert_eq!(guest.vm.host().log, [r"Warn a\xff\n", "Critical "]);
        assert_eq!(guest.vm.host().log_names, ["plugin root vm"; 2]);
    });
}

#[test]
fn a_level_that_is_none_is_refused() {
    let told = calls(r#"(call $is (call $proxy_log #6 "a")) (call $is (call $proxy_log #-1 "a"))"#);
    assert_eq!(told, ["BadArgument"; 2]);
}

#[test]
fn messages_below_the_proxy_s_level_are_dropped() {
    let body = r#"(drop (call $proxy_log #2 "info")) (drop (call $proxy_log #3 "warn"))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        guest.vm.host_mut().level = LogLevel::Warn;
        guest.vm.on_request_headers(guest.stream, 6, false).unwrap();
        assert_eq!(guest.vm.host().log, ["Warn warn"]);
    });
}

#[test]
fn messages_are_bounded_in_length_and_number() {
    let scene = Scene {
        callbacks: &[(
            "proxy_on_request_headers",
            r#"(local $n i32)
               (loop $again
                 (drop (call $proxy_log #2 "123456"))
                 (br_if $again (i32.lt_u (local.tee $n (i32.add (local.get $n) #1)) #100)))"#,
        )],
        config: PluginConfig {
            limits: Limits {
                log_bytes_max: 4,
                log_messages_per_second: 7,
                ..Limits::default()
            },
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    for bounds in MODES {
        let mut guest = scene.start(bounds);
        guest.vm.on_request_headers(guest.stream, 6, false).unwrap();
        let log = &guest.vm.host().log;
        // A second may end in between; a hundred do not fit into two.
        assert!((7..=15).contains(&log.len()), "{}", log.len());
        assert!(log[..7].iter().all(|line| line == "Info 1234"), "{log:?}");
    }
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_log() {
    PROBE.phases("Ok", &[]);
}
