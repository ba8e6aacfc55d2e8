//! gRPC calls and streams.

use crate::guest::{Guest, calls, each};
use ahead_filter_host::headers;
use ahead_proxy_wasm::{CalloutId, Header};

const ID: CalloutId = CalloutId(1);

/// `m: v`
const METADATA: &str = r#""\01\00\00\00\01\00\00\00\01\00\00\00m\00v\00""#;

const TOLD: [(&str, &str); 4] = [
    (
        "proxy_on_grpc_receive_initial_metadata",
        r#"(call $number (i64.const 101)) (call $number (i64.extend_i32_u (local.get 2)))
           (call $got (call $proxy_get_header_map_value #4 "a" OUT))"#,
    ),
    (
        "proxy_on_grpc_receive",
        r#"(call $number (i64.const 102)) (call $number (i64.extend_i32_u (local.get 2)))
           (call $got (call $proxy_get_buffer_bytes #5 #0 #100 OUT))"#,
    ),
    (
        "proxy_on_grpc_receive_trailing_metadata",
        r#"(call $number (i64.const 103))
           (call $got (call $proxy_get_header_map_value #5 "t" OUT))"#,
    ),
    (
        "proxy_on_grpc_close",
        r#"(call $number (i64.const 104)) (call $number (i64.extend_i32_u (local.get 2)))
           (call $got (call $proxy_get_status #0x208 OUT)) (call $word #0x208)"#,
    ),
];

/// Starts a call or a stream on tick, and lets `act` be the other side.
fn with(start: &str, act: impl FnMut(&mut Guest)) {
    let mut callbacks = vec![("proxy_on_tick", start)];
    callbacks.extend(TOLD);
    each(&callbacks, act);
}

fn call() -> String {
    format!(
        r#"(call $is (call $proxy_grpc_call "cluster" "pkg.Service" "Method" {METADATA} "hi" #2000 #0x20c))"#
    )
}

fn stream() -> String {
    format!(
        r#"(call $is (call $proxy_grpc_stream "cluster" "pkg.Service" "Method" {METADATA} #0x20c))"#
    )
}

fn ok() -> Vec<Header> {
    headers(&[(":status", "200"), ("a", "b")])
}

#[test]
fn a_call_gets_its_response() {
    with(&call(), |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        let open = "open cluster [:method=POST,:path=/pkg.Service/Method,:authority=cluster,\
            :scheme=http,te=trailers,grpc-timeout=2000m,content-type=application/grpc,m=v] \"\" [] 2000ms";
        assert_eq!(
            guest.vm.host().sent,
            [open, r"send 1 \x00\x00\x00\x00\x02hi end=true"]
        );
        guest.vm.on_http_stream_headers(ID, ok(), false).unwrap();
        guest.vm.on_http_stream_data(ID, b"\0\0\0", false).unwrap();
        guest
            .vm
            .on_http_stream_data(ID, b"\0\x03abc", false)
            .unwrap();
        // Not before it is known how it ended.
        assert_eq!(guest.told(), [""; 0]);
        let trailers = headers(&[("grpc-status", "0")]);
        guest.vm.on_http_stream_trailers(ID, trailers).unwrap();
        assert_eq!(guest.told(), ["102", "3", "Ok", "abc"]);
        guest.vm.on_http_stream_end(ID).unwrap();
        guest.vm.on_http_stream_reset(ID).unwrap();
        assert_eq!(guest.told(), [""; 0]);
    });
}

#[test]
fn a_call_that_fails_is_closed() {
    let told = [
        ["104", "5", "Ok", "not here", "5"],
        ["104", "14", "Ok", "the response has no grpc-status", "14"],
    ];
    let fields = [
        headers(&[
            (":status", "200"),
            ("grpc-status", "5"),
            ("grpc-message", "not%20here"),
        ]),
        headers(&[(":status", "503")]),
    ];
    for (fields, told) in fields.iter().zip(told) {
        with(&call(), |guest| {
            guest.tick();
            guest
                .vm
                .on_http_stream_headers(ID, fields.clone(), true)
                .unwrap();
            assert_eq!(guest.told(), told);
            assert!(!guest.vm.expects(ID));
        });
    }
    with(&call(), |guest| {
        guest.tick();
        guest.vm.on_http_stream_reset(ID).unwrap();
        assert_eq!(guest.told(), ["104", "14", "Ok", "reset", "14"]);
    });
    with(&call(), |guest| {
        guest.tick();
        guest.vm.on_http_stream_headers(ID, ok(), false).unwrap();
        let trailers = headers(&[("grpc-status", "0")]);
        guest.vm.on_http_stream_trailers(ID, trailers).unwrap();
        let told = ["104", "13", "Ok", "the response has no message", "13"];
        assert_eq!(guest.told(), told);
    });
}

#[test]
fn a_stream_tells_everything_in_order() {
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
        guest.vm.on_http_stream_headers(ID, ok(), false).unwrap();
        assert_eq!(guest.told(), ["101", "2", "Ok", "b"]);
        let messages = b"\0\0\0\0\x01x\0\0\0\0\0\0\0\0\0\x02y";
        guest.vm.on_http_stream_data(ID, messages, false).unwrap();
        let told = ["102", "1", "Ok", "x", "102", "0", "Ok", ""];
        assert_eq!(guest.told(), told);
        guest.vm.on_http_stream_data(ID, b"z", false).unwrap();
        assert_eq!(guest.told(), ["102", "2", "Ok", "yz"]);
        let trailers = headers(&[("t", "u"), ("grpc-status", "0")]);
        guest.vm.on_http_stream_trailers(ID, trailers).unwrap();
        assert_eq!(guest.told(), ["103", "Ok", "u", "104", "0", "Ok", "", "0"]);
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
fn what_is_no_message_ends_the_stream() {
    for (bytes, status) in [(&b"\x01\0\0\0\0"[..], "13"), (b"\0\xff\xff\xff\xff", "8")] {
        with(&stream(), |guest| {
            guest.tick();
            guest.vm.on_http_stream_headers(ID, ok(), false).unwrap();
            guest.told();
            guest.vm.on_http_stream_data(ID, bytes, false).unwrap();
            assert_eq!(guest.told()[..2], ["104", status]);
            assert_eq!(guest.vm.host().sent.last().unwrap(), "reset 1");
            assert!(!guest.vm.expects(ID));
        });
    }
}

#[test]
fn closing_ends_this_side_and_cancelling_both() {
    let close = stream() + "(call $is (call $proxy_grpc_close (i32.load #0x20c)))";
    with(&close, |guest| {
        assert_eq!(guest.tick(), ["Ok", "Ok"]);
        assert_eq!(guest.vm.host().sent[1..], ["send 1  end=true"]);
        assert!(guest.vm.expects(ID));
    });
    for end in ["proxy_grpc_cancel", "proxy_grpc_close"] {
        let start = match end {
            "proxy_grpc_close" => call(),
            _ => stream(),
        };
        let start = start
            + &format!(
                "(call $is (call ${end} (i32.load #0x20c))) (call $is (call ${end} (i32.load #0x20c)))"
            );
        with(&start, |guest| {
            assert_eq!(guest.tick(), ["Ok", "Ok", "NotFound"]);
            assert_eq!(guest.vm.host().sent.last().unwrap(), "reset 1");
            assert!(!guest.vm.expects(ID));
        });
    }
}

#[test]
fn numbers_that_are_no_stream_s_are_told_apart() {
    // By the lowest bits: a request's, a call's, a stream's, nobody's.
    let told = calls(
        r#"(call $is (call $proxy_grpc_send #4 "a" #0)) (call $is (call $proxy_grpc_send #5 "a" #0))
           (call $is (call $proxy_grpc_send #6 "a" #0)) (call $is (call $proxy_grpc_send #7 "a" #0))
           (call $is (call $proxy_grpc_cancel #4)) (call $is (call $proxy_grpc_cancel #5))
           (call $is (call $proxy_grpc_cancel #6)) (call $is (call $proxy_grpc_cancel #7))
           (call $is (call $proxy_grpc_close #4)) (call $is (call $proxy_grpc_close #5))
           (call $is (call $proxy_grpc_close #6)) (call $is (call $proxy_grpc_close #7))"#,
    );
    let of_both = ["BadArgument", "NotFound", "NotFound", "BadArgument"];
    let expected = [
        &["BadArgument", "BadArgument", "NotFound", "BadArgument"][..],
        &of_both,
        &of_both,
    ];
    assert_eq!(told, expected.concat());
}

#[test]
fn what_cannot_be_sent_is_refused() {
    let told = calls(
        r#"(call $is (call $proxy_grpc_call "unknown" "s" "m" #0 #0 #0 #0 #0 #0x200))
           (call $is (call $proxy_grpc_stream "unknown" "s" "m" #0 #0 #0x200))
           (call $is (call $proxy_grpc_stream "cluster" "s\0d\0a" "m" #0 #0 #0x200))
           (call $is (call $proxy_grpc_stream "cluster" "s" "m" "\01" #0x200))"#,
    );
    assert_eq!(
        told,
        ["ParseFailure", "ParseFailure", "BadArgument", "BadArgument"]
    );
}
