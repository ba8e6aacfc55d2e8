//! `proxy_grpc_call`: `BadArgument`, `ParseFailure`, `InvalidMemoryAccess`.

use crate::grpc::{ID, call, ok, with};
use crate::guest::calls;
use crate::probe::Probe;
use ahead_filter_host::headers;

const PROBE: Probe<'_> = Probe {
    name: "proxy_grpc_call",
    args: r#""cluster" "pkg.Service" "Method" "\01\00\00\00\01\00\00\00\01\00\00\00m\00v\00" "hi" #2000 #0x20c"#,
    ..Probe::NONE
};

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
fn what_cannot_be_sent_is_refused() {
    let told = calls(
        r#"(call $is (call $proxy_grpc_call "unknown" "s" "m" #0 #0 #0 #0 #0 #0x200))
           (call $is (call $proxy_grpc_call "cluster" "s" "m\0a" #0 #0 #0 #0 #0 #0x200))
           (call $is (call $proxy_grpc_call "cluster" "s" "m" "\01" #0 #0 #0 #0x200))"#,
    );
    assert_eq!(told, ["ParseFailure", "BadArgument", "BadArgument"]);
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn there_is_no_root_to_call_for_before_a_plugin_starts() {
    PROBE.phases("Ok", &[("_initialize", "BadArgument")]);
}
