//! `proxy_send_local_response`: `BadArgument`, `InvalidMemoryAccess`.

use crate::guest::{calls, each};
use crate::probe::Probe;
use ahead_filter_host::headers;
use ahead_proxy_wasm::abi::{DataStatus, HeadersStatus, TrailersStatus};
use ahead_proxy_wasm::{Effect, LocalResponse};

const PROBE: Probe<'_> = Probe {
    name: "proxy_send_local_response",
    args: r#"#403 "no\0away" "body" "\01\00\00\00\03\00\00\00\01\00\00\00x-h\00v\00" #-1"#,
    ..Probe::NONE
};

fn respond() -> String {
    format!("(call $is (call ${} {}))", PROBE.name, PROBE.args)
}

#[test]
fn a_response_stops_the_message() {
    let respond = respond();
    let callbacks = [
        ("proxy_on_request_headers", &respond[..]),
        ("proxy_on_request_body", &respond),
        ("proxy_on_request_trailers", &respond),
    ];
    each(&callbacks, |guest| {
        let (vm, id) = (&mut guest.vm, guest.stream);
        let stopped = HeadersStatus::StopAllIterationAndWatermark;
        assert_eq!(vm.on_request_headers(id, 6, false).unwrap(), stopped);
        let response = LocalResponse {
            status: 403,
            details: b"no_way".into(),
            headers: headers(&[("x-h", "v")]),
            body: b"body".into(),
            grpc_status: None,
        };
        let expected = Effect::Respond {
            stream: id,
            response,
        };
        assert_eq!(vm.take_effects(), [expected]);
        // There is one answer to a request.
        let stopped = DataStatus::StopIterationNoBuffer;
        assert_eq!(vm.on_request_body(id, 6, false).unwrap(), stopped);
        let stopped = TrailersStatus::StopIteration;
        assert_eq!(vm.on_request_trailers(id, 6).unwrap(), stopped);
        assert_eq!(vm.take_effects(), []);
        assert_eq!(guest.told(), ["Ok"; 3]);
    });
}

#[test]
fn a_response_that_is_none_is_refused() {
    let told = calls(
        r#"(call $is (call $proxy_send_local_response #199 #0 #0 #0 #0 #0 #0 #0))
           (call $is (call $proxy_send_local_response #600 #0 #0 #0 #0 #0 #0 #0))
           (call $is (call $proxy_send_local_response #-1 #0 #0 #0 #0 #0 #0 #0))
           (call $is (call $proxy_send_local_response #200 #0 #0 #0 #0 "\01" #0))
           (call $is (call $proxy_send_local_response #200 #0 #0 #0 #0
               "\01\00\00\00\01\00\00\00\02\00\00\00a\00\0d\0a\00" #0))"#,
    );
    assert_eq!(told, ["BadArgument"; 5]);
}

#[test]
fn another_stream_s_response_stops_nothing_here() {
    let body = format!(
        "(if (i32.eq (local.get 0) #3) (then
           (call $is (call $proxy_set_effective_context #2)) {}))",
        respond()
    );
    each(&[("proxy_on_request_headers", &body)], |guest| {
        let other = guest
            .vm
            .open_stream(guest.root, Default::default())
            .unwrap();
        let status = guest.vm.on_request_headers(other, 0, true).unwrap();
        assert_eq!(status, HeadersStatus::Continue);
        assert_eq!(guest.vm.take_effects()[0].stream(), guest.stream);
    });
}

#[test]
fn a_grpc_status_is_kept() {
    let body = "(drop (call $proxy_send_local_response #200 #0 #0 #0 #0 #0 #0 #7))";
    each(&[("proxy_on_request_headers", body)], |guest| {
        guest.vm.on_request_headers(guest.stream, 6, true).unwrap();
        let [Effect::Respond { response, .. }] = &guest.vm.take_effects()[..] else {
            panic!("no response");
        };
        assert_eq!(response.grpc_status, Some(7));
    });
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn a_root_context_asks_for_nothing() {
    PROBE.phases("Ok", &[]);
    each(&[("proxy_on_tick", &respond())], |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        assert_eq!(guest.vm.take_effects(), []);
    });
}
