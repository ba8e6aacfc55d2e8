//! `proxy_get_current_time_nanoseconds`: `InvalidMemoryAccess`.

use crate::guest::calls;
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_current_time_nanoseconds",
    args: "#0x200",
    ..Probe::NONE
};

#[test]
fn the_time_is_the_proxy_s() {
    let told = calls(
        r#"(call $is (call $proxy_get_current_time_nanoseconds #0x200))
           (call $long #0x200)"#,
    );
    assert_eq!(told, ["Ok", "1234567890123456789"]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_ask() {
    PROBE.phases("Ok", &[]);
}
