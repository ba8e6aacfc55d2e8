//! `proxy_grpc_close`: `BadArgument`, `NotFound`.

use crate::grpc::{ID, call, ok, stream, with};
use crate::guest::calls;
use crate::probe::Probe;
use ahead_filter_host::headers;

const PROBE: Probe<'_> = Probe {
    name: "proxy_grpc_close",
    args: "(i32.load #0x20c)",
    before: r#"(drop (call $proxy_grpc_stream "cluster" "service" "method" #0 #0 #0x20c))"#,
    ..Probe::NONE
};

#[test]
fn a_stream_s_sending_side_ends_and_a_call_is_given_up() {
    let close = "(call $is (call $proxy_grpc_close (i32.load #0x20c)))";
    with(&(stream() + close), |guest| {
        assert_eq!(guest.tick(), ["Ok", "Ok"]);
        assert_eq!(guest.vm.host().sent[1..], ["send 1  end=true"]);
        assert!(guest.vm.expects(ID));
    });
    with(&(call() + close + close), |guest| {
        assert_eq!(guest.tick(), ["Ok", "Ok", "NotFound"]);
        assert_eq!(guest.vm.host().sent.last().unwrap(), "reset 1");
        assert!(!guest.vm.expects(ID));
    });
}

#[test]
fn a_stream_that_the_other_side_ended_can_still_be_closed() {
    let start = r#"(if (i32.eqz (i32.load #0x20c)) (then STREAM) (else
        (call $is (call $proxy_grpc_send (i32.load #0x20c) "late" #0))
        (call $is (call $proxy_grpc_close (i32.load #0x20c)))
        (call $is (call $proxy_grpc_close (i32.load #0x20c)))))"#;
    with(&start.replace("STREAM", &stream()), |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        guest.vm.on_http_stream_headers(ID, ok(), false).unwrap();
        let trailers = headers(&[("grpc-status", "0")]);
        guest.vm.on_http_stream_trailers(ID, trailers).unwrap();
        guest.told();
        assert_eq!(guest.vm.host().sent.last().unwrap(), "reset 1");
        assert_eq!(guest.tick(), ["Ok", "Ok", "NotFound"]);
    });
}

#[test]
fn a_number_that_is_neither_s_is_refused() {
    // By the lowest bits: a request's, a call's and a stream's that there are not, nobody's.
    let told = calls(
        "(call $is (call $proxy_grpc_close #4)) (call $is (call $proxy_grpc_close #5))
         (call $is (call $proxy_grpc_close #6)) (call $is (call $proxy_grpc_close #7))",
    );
    assert_eq!(told, ["BadArgument", "NotFound", "NotFound", "BadArgument"]);
}

#[test]
fn there_is_no_stream_before_a_plugin_starts() {
    PROBE.phases("Ok", &[("_initialize", "BadArgument")]);
}
