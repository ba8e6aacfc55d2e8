//! `proxy_grpc_send`: `BadArgument`, `NotFound`, `InvalidMemoryAccess`.

use crate::grpc::{ID, ok, stream, with};
use crate::guest::calls;
use crate::probe::Probe;
use ahead_filter_host::headers;

const PROBE: Probe<'_> = Probe {
    name: "proxy_grpc_send",
    args: r#"(i32.load #0x20c) "message" #0"#,
    before: r#"(drop (call $proxy_grpc_stream "cluster" "service" "method" #0 #0 #0x20c))"#,
    ..Probe::NONE
};

#[test]
fn messages_are_sent_until_one_is_the_last() {
    let start = stream()
        + r#"(call $is (call $proxy_grpc_send (i32.load #0x20c) "one" #0))
             (call $is (call $proxy_grpc_send (i32.load #0x20c) "" #1))
             (call $is (call $proxy_grpc_send (i32.load #0x20c) "late" #0))"#;
    with(&start, |guest| {
        assert_eq!(guest.tick(), ["Ok", "Ok", "Ok", "BadArgument"]);
        let sent = &guest.vm.host().sent[1..];
        let expected = [
            r"send 1 \x00\x00\x00\x00\x03one end=false",
            r"send 1 \x00\x00\x00\x00\x00 end=true",
        ];
        assert_eq!(sent, expected);
    });
}

#[test]
fn what_comes_after_the_other_side_s_end_is_dropped() {
    let start = r#"(if (i32.eqz (i32.load #0x20c)) (then STREAM) (else
        (call $is (call $proxy_grpc_send (i32.load #0x20c) "late" #0))
        (call $is (call $proxy_grpc_send (i32.load #0x20c) "last" #1))
        (call $is (call $proxy_grpc_send (i32.load #0x20c) "none" #0))))"#;
    with(&start.replace("STREAM", &stream()), |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        guest.vm.on_http_stream_headers(ID, ok(), false).unwrap();
        let trailers = headers(&[("grpc-status", "0")]);
        guest.vm.on_http_stream_trailers(ID, trailers).unwrap();
        guest.told();
        assert_eq!(guest.tick(), ["Ok", "Ok", "NotFound"]);
        assert_eq!(guest.vm.host().sent.last().unwrap(), "reset 1");
    });
}

#[test]
fn a_number_that_is_no_stream_is_refused() {
    // By the lowest bits: a request's, a call's, a stream's that there is not, nobody's.
    let told = calls(
        r#"(call $is (call $proxy_grpc_send #4 "a" #0)) (call $is (call $proxy_grpc_send #5 "a" #0))
           (call $is (call $proxy_grpc_send #6 "a" #0)) (call $is (call $proxy_grpc_send #7 "a" #0))"#,
    );
    assert_eq!(
        told,
        ["BadArgument", "BadArgument", "NotFound", "BadArgument"]
    );
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn there_is_no_stream_before_a_plugin_starts() {
    PROBE.phases("Ok", &[("_initialize", "BadArgument")]);
}
