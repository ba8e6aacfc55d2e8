//! `proxy_get_log_level`: `InvalidMemoryAccess`.

use crate::guest::each;
use crate::probe::Probe;
use ahead_proxy_wasm::abi::LogLevel;

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_log_level",
    args: "#0x200",
    ..Probe::NONE
};

#[test]
fn the_level_is_the_proxy_s() {
    let callbacks = [
        (
            "proxy_on_tick",
            "(i32.store #0x204 (call $proxy_get_log_level #0x200))",
        ),
        (
            "proxy_on_request_headers",
            "(call $is (i32.load #0x204)) (call $word #0x200)",
        ),
    ];
    each(&callbacks, |guest| {
        for level in LogLevel::ALL {
            guest.vm.host_mut().level = *level;
            guest.tick();
            // Now what the filter tells is logged.
            guest.vm.host_mut().level = LogLevel::Trace;
            assert_eq!(guest.headers(), ["Ok", &level.number().to_string()]);
        }
    });
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_ask() {
    PROBE.phases("Ok", &[]);
}
