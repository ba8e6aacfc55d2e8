//! `proxy_set_tick_period_milliseconds`: `BadArgument`.

use crate::guest::each;
use crate::probe::Probe;
use std::time::{Duration, Instant};

const PROBE: Probe<'_> = Probe {
    name: "proxy_set_tick_period_milliseconds",
    args: "#10",
    ..Probe::NONE
};

#[test]
fn a_root_ticks_as_often_as_it_wants() {
    let callbacks = [
        // From a stream too: its root ticks.
        (
            "proxy_on_request_headers",
            "(call $is (call $proxy_set_tick_period_milliseconds #5000))",
        ),
        (
            "proxy_on_tick",
            "(call $number (i64.extend_i32_u (local.get 0)))",
        ),
        (
            "proxy_on_response_headers",
            "(call $is (call $proxy_set_tick_period_milliseconds #0))",
        ),
    ];
    each(&callbacks, |guest| {
        assert_eq!(guest.vm.next_tick(), None);
        let before = Instant::now();
        assert_eq!(guest.headers(), ["Ok"]);
        assert_eq!(guest.vm.host().ticks_changed, 1);
        let due = guest.vm.next_tick().unwrap();
        assert!(due >= before + Duration::from_secs(5));
        guest.vm.run_ticks(due - Duration::from_millis(1)).unwrap();
        assert_eq!(guest.told(), [""; 0]);
        guest.vm.run_ticks(due).unwrap();
        assert_eq!(guest.told(), ["1"]);
        assert_eq!(guest.vm.next_tick(), Some(due + Duration::from_secs(5)));
        // One that comes late comes once.
        let late = due + Duration::from_secs(60);
        guest.vm.run_ticks(late).unwrap();
        assert_eq!(guest.told(), ["1"]);
        assert_eq!(guest.vm.next_tick(), Some(late + Duration::from_secs(5)));
        guest.vm.on_response_headers(guest.stream, 0, true).unwrap();
        assert_eq!(guest.vm.next_tick(), None);
    });
}

#[test]
fn a_root_that_is_gone_ticks_no_more() {
    let callbacks = [(
        "proxy_on_configure",
        "(drop (call $proxy_set_tick_period_milliseconds #10))",
    )];
    each(&callbacks, |guest| {
        assert!(guest.vm.next_tick().is_some());
        guest.vm.end_root(guest.root).unwrap();
        assert_eq!(guest.vm.next_tick(), None);
        assert_eq!(guest.vm.host().ticks_changed, 2);
    });
}

#[test]
fn every_period_can_be_waited_for() {
    let body = "(call $is (call $proxy_set_tick_period_milliseconds #-1))";
    each(&[("proxy_on_tick", body)], |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        let far = Instant::now() + Duration::from_secs(49 * 86_400);
        assert!(guest.vm.next_tick().unwrap() > far);
    });
}

#[test]
fn there_is_no_root_to_tick_before_a_plugin_starts() {
    PROBE.phases("Ok", &[("_initialize", "BadArgument")]);
}
