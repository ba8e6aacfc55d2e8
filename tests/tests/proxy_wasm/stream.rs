//! Taking a stream onward, ending it, answering it.

use crate::embedder::MODES;
use crate::guest::{Scene, calls, each};
use ahead_filter_host::headers;
use ahead_proxy_wasm::abi::{AbiVersion, DataStatus, HeadersStatus, StreamType, TrailersStatus};
use ahead_proxy_wasm::{Effect, LocalResponse, PluginConfig};

const RESPOND: &str = r#"(call $is (call $proxy_send_local_response #403 "no\0away" "body"
    "\01\00\00\00\03\00\00\00\01\00\00\00x-h\00v\00" #-1))"#;

#[test]
fn a_response_stops_the_message() {
    let callbacks = [
        ("proxy_on_request_headers", RESPOND),
        ("proxy_on_request_body", RESPOND),
        ("proxy_on_request_trailers", RESPOND),
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
fn a_root_context_asks_for_nothing() {
    let body = r#"(call $is (call $proxy_send_local_response #200 #0 #0 #0 #0 #0 #0 #0))
        (call $is (call $proxy_continue_stream #0)) (call $is (call $proxy_close_stream #0))
        (call $is (call $proxy_call_foreign_function "clear_route_cache" #0 #0 #0 #0))"#;
    each(&[("proxy_on_tick", body)], |guest| {
        assert_eq!(guest.tick(), ["Ok"; 4]);
        assert_eq!(guest.vm.take_effects(), []);
        assert_eq!(guest.vm.host().route_cache_cleared, 0);
    });
}

#[test]
fn another_stream_s_response_stops_nothing_here() {
    let body = format!(
        r#"(if (i32.eq (local.get 0) #3) (then
             (call $is (call $proxy_set_effective_context #2)) {RESPOND}))"#
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
fn streams_are_resumed_and_closed_in_order() {
    let body = r#"(call $is (call $proxy_continue_stream #0)) (call $is (call $proxy_continue_stream #1))
        (call $is (call $proxy_continue_stream #2)) (call $is (call $proxy_continue_stream #3))
        (call $is (call $proxy_continue_stream #4)) (call $is (call $proxy_close_stream #1))
        (call $is (call $proxy_close_stream #3)) (call $is (call $proxy_close_stream #4))"#;
    each(&[("proxy_on_request_headers", body)], |guest| {
        let expected = [
            "Ok",
            "Ok",
            "Ok",
            "Unimplemented",
            "BadArgument",
            "Ok",
            "Ok",
            "BadArgument",
        ];
        assert_eq!(guest.headers(), expected);
        let stream = guest.stream;
        let go = |direction| Effect::Continue { stream, direction };
        let close = |direction| Effect::Close { stream, direction };
        let effects = guest.vm.take_effects();
        let expected = [
            go(StreamType::HttpRequest),
            go(StreamType::HttpResponse),
            go(StreamType::Downstream),
            close(StreamType::HttpResponse),
            close(StreamType::Upstream),
        ];
        assert_eq!(effects, expected);
    });
}

#[test]
fn abi_0_1_0_has_its_own_names() {
    let scene = Scene {
        version: AbiVersion::V0_1_0,
        callbacks: &[(
            "proxy_on_request_headers",
            r#"(call $is (call $proxy_continue_request)) (call $is (call $proxy_continue_response))
               (call $is (call $proxy_clear_route_cache))"#,
        )],
        ..Scene::default()
    };
    for bounds in MODES {
        let mut guest = scene.start(bounds);
        assert_eq!(guest.headers(), ["Ok"; 3]);
        assert_eq!(guest.vm.take_effects().len(), 2);
        assert_eq!(guest.vm.host().route_cache_cleared, 1);
    }
}

#[test]
fn requests_of_a_stream_that_is_gone_are_forgotten() {
    let body = "(drop (call $proxy_continue_stream #0))";
    each(
        &[("proxy_on_request_headers", body), ("proxy_on_done", body)],
        |guest| {
            let other = guest
                .vm
                .open_stream(guest.root, Default::default())
                .unwrap();
            guest.vm.on_request_headers(other, 0, true).unwrap();
            guest.vm.on_request_headers(guest.stream, 6, true).unwrap();
            guest.vm.close_stream(guest.stream).unwrap();
            let effects = guest.vm.take_effects();
            assert_eq!(effects.len(), 1);
            assert_eq!(effects[0].stream(), other);
        },
    );
}

#[test]
fn answers_are_numbers_of_the_abi_or_stop() {
    for (answer, status) in [
        (0, HeadersStatus::Continue),
        (1, HeadersStatus::StopAllIterationAndWatermark),
        (2, HeadersStatus::ContinueAndEndStream),
        (3, HeadersStatus::StopAllIterationAndBuffer),
        (4, HeadersStatus::StopAllIterationAndWatermark),
        (5, HeadersStatus::StopAllIterationAndWatermark),
        (-1, HeadersStatus::StopAllIterationAndWatermark),
    ] {
        let body = format!("(return (i32.const {answer}))");
        each(&[("proxy_on_response_headers", &body)], |guest| {
            let got = guest
                .vm
                .on_response_headers(guest.stream, 0, false)
                .unwrap();
            assert_eq!(got, status, "{answer}");
        });
    }
    let scene = Scene {
        callbacks: &[("proxy_on_request_headers", "(return (i32.const 1))")],
        config: PluginConfig {
            allow_on_headers_stop_iteration: true,
            ..PluginConfig::default()
        },
        ..Scene::default()
    };
    let mut guest = scene.start(MODES[0]);
    let status = guest.vm.on_request_headers(guest.stream, 0, false).unwrap();
    assert_eq!(status, HeadersStatus::StopIteration);
    for (answer, status) in [
        (2, DataStatus::StopIterationAndWatermark),
        (4, DataStatus::StopIterationNoBuffer),
    ] {
        let body = format!("(return (i32.const {answer}))");
        each(&[("proxy_on_response_body", &body)], |guest| {
            let got = guest.vm.on_response_body(guest.stream, 0, false).unwrap();
            assert_eq!(got, status, "{answer}");
        });
    }
}
