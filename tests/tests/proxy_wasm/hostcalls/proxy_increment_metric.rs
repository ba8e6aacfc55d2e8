//! `proxy_increment_metric`: `BadArgument`, `NotFound`.

use crate::guest::{calls, each};
use crate::probe::Probe;
use ahead_proxy_wasm::abi::MetricType;

const PROBE: Probe<'_> = Probe {
    name: "proxy_increment_metric",
    args: "(i32.load #0x208) (i64.const 1)",
    before: r#"(drop (call $proxy_define_metric #0 "metric" #0x208))"#,
    ..Probe::NONE
};

#[test]
fn a_counter_counts_up_a_gauge_both_ways_a_histogram_not_at_all() {
    let body = r#"(drop (call $proxy_define_metric #0 "counter" #0x208))
        (drop (call $proxy_define_metric #1 "gauge" #0x20c))
        (drop (call $proxy_define_metric #2 "histogram" #0x210))
        (call $is (call $proxy_increment_metric (i32.load #0x208) (i64.const 5)))
        (call $is (call $proxy_increment_metric (i32.load #0x20c) (i64.const -3)))
        (call $is (call $proxy_increment_metric (i32.load #0x20c) (i64.const 10)))
        (call $is (call $proxy_increment_metric (i32.load #0x208) (i64.const -1)))
        (call $is (call $proxy_increment_metric (i32.load #0x208) (i64.const 0)))
        (call $is (call $proxy_increment_metric (i32.load #0x210) (i64.const 1)))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        let refused = "BadArgument";
        let expected = ["Ok", "Ok", "Ok", refused, refused, refused];
        assert_eq!(guest.headers(), expected);
        let expected = [
            (MetricType::Counter, "counter".into(), 5),
            (MetricType::Gauge, "gauge".into(), 7),
            (MetricType::Histogram, "histogram".into(), 0),
        ];
        assert_eq!(guest.vm.host().metrics[..], expected);
    });
}

#[test]
fn a_number_that_is_no_metric_is_not_found() {
    let told = calls(
        r#"(call $is (call $proxy_increment_metric #0 (i64.const 1))) (call $is (call $proxy_increment_metric #7 (i64.const 1)))
           (call $is (call $proxy_increment_metric #-1 (i64.const 1)))
           (call $is (call $proxy_define_metric #0 "a" #0x208))
           (call $is (call $proxy_increment_metric (i32.or (i32.load #0x208) #1) (i64.const 1)))"#,
    );
    assert_eq!(told, ["NotFound", "NotFound", "NotFound", "Ok", "NotFound"]);
}

#[test]
fn every_phase_may_count() {
    PROBE.phases("Ok", &[]);
}
