//! `proxy_grpc_cancel`: `BadArgument`, `NotFound`.

use crate::grpc::{ID, call, stream, with};
use crate::guest::calls;
use crate::probe::Probe;

const PROBE: Probe<'_> = Probe {
    name: "proxy_grpc_cancel",
    args: "(i32.load #0x20c)",
    before: r#"(drop (call $proxy_grpc_stream "cluster" "service" "method" #0 #0 #0x20c))"#,
    ..Probe::NONE
};

#[test]
fn both_sides_are_given_up() {
    for start in [call(), stream()] {
        let start = start
            + "(call $is (call $proxy_grpc_cancel (i32.load #0x20c)))
               (call $is (call $proxy_grpc_cancel (i32.load #0x20c)))";
        with(&start, |guest| {
            assert_eq!(guest.tick(), ["Ok", "Ok", "NotFound"]);
            assert_eq!(guest.vm.host().sent.last().unwrap(), "reset 1");
            assert!(!guest.vm.expects(ID));
        });
    }
}

#[test]
fn a_number_that_is_neither_s_is_refused() {
    // By the lowest bits: a request's, a call's and a stream's that there are not, nobody's.
    let told = calls(
        "(call $is (call $proxy_grpc_cancel #4)) (call $is (call $proxy_grpc_cancel #5))
         (call $is (call $proxy_grpc_cancel #6)) (call $is (call $proxy_grpc_cancel #7))",
    );
    assert_eq!(told, ["BadArgument", "NotFound", "NotFound", "BadArgument"]);
}

#[test]
fn there_is_no_stream_before_a_plugin_starts() {
    PROBE.phases("Ok", &[("_initialize", "BadArgument")]);
}
