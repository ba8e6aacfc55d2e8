//! `proxy_get_metric`: `BadArgument`, `NotFound`, `InvalidMemoryAccess`.

use crate::guest::calls;
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_metric",
    args: "(i32.load #0x208) #0x210",
    before: r#"(drop (call $proxy_define_metric #0 "metric" #0x208))"#,
    ..Probe::NONE
};

#[test]
fn counters_and_gauges_can_be_read() {
    let told = calls(
        r#"(drop (call $proxy_define_metric #0 "counter" #0x208))
           (drop (call $proxy_define_metric #1 "gauge" #0x20c))
           (drop (call $proxy_define_metric #2 "histogram" #0x210))
           (call $is (call $proxy_get_metric (i32.load #0x208) #0x218)) (call $long #0x218)
           (drop (call $proxy_increment_metric (i32.load #0x208) (i64.const 5)))
           (drop (call $proxy_record_metric (i32.load #0x20c) (i64.const 0x100000000)))
           (call $is (call $proxy_get_metric (i32.load #0x208) #0x218)) (call $long #0x218)
           (call $is (call $proxy_get_metric (i32.load #0x20c) #0x218)) (call $long #0x218)
           (call $is (call $proxy_get_metric (i32.load #0x210) #0x218))"#,
    );
    let expected = ["Ok", "0", "Ok", "5", "Ok", "4294967296", "BadArgument"];
    assert_eq!(told, expected);
}

#[test]
fn a_number_that_is_no_metric_is_not_found() {
    let told = calls(
        r#"(call $is (call $proxy_get_metric #0 #0x218)) (call $is (call $proxy_get_metric #7 #0x218))
           (call $is (call $proxy_get_metric #-1 #0x218))
           (call $is (call $proxy_define_metric #0 "a" #0x208))
           (call $is (call $proxy_get_metric (i32.or (i32.load #0x208) #1) #0x218))"#,
    );
    assert_eq!(told, ["NotFound", "NotFound", "NotFound", "Ok", "NotFound"]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_ask() {
    PROBE.phases("Ok", &[]);
}
