//! `proxy_grpc_stream`: `BadArgument`, `ParseFailure`, `InvalidMemoryAccess`.

use crate::grpc::{ID, ok, stream, with};
use crate::guest::calls;
use crate::probe::Probe;
use ahead_filter_host::headers;

const PROBE: Probe<'_> = Probe {
    name: "proxy_grpc_stream",
    args: r#""cluster" "pkg.Service" "Method" "\01\00\00\00\01\00\00\00\01\00\00\00m\00v\00" #0x20c"#,
    ..Probe::NONE
};

#[test]
fn a_stream_tells_everything_in_order() {
    with(&stream(), |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
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
fn what_cannot_be_opened_is_refused() {
    let told = calls(
        r#"(call $is (call $proxy_grpc_stream "unknown" "s" "m" #0 #0 #0x200))
           (call $is (call $proxy_grpc_stream "cluster" "s\0d\0a" "m" #0 #0 #0x200))
           (call $is (call $proxy_grpc_stream "cluster" "s" "m" "\01" #0x200))"#,
    );
    assert_eq!(told, ["ParseFailure", "BadArgument", "BadArgument"]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn there_is_no_root_to_open_for_before_a_plugin_starts() {
    PROBE.phases("Ok", &[("_initialize", "BadArgument")]);
}
