//! `proxy_continue_stream`: `BadArgument`, `Unimplemented`.

use crate::guest::each;
use crate::probe::Probe;
use ahead_proxy_wasm::Effect;
use ahead_proxy_wasm::abi::StreamType;

const PROBE: Probe<'_> = Probe {
    name: "proxy_continue_stream",
    args: "#0",
    ..Probe::NONE
};

#[test]
fn streams_are_resumed_in_order() {
    let body =
        "(call $is (call $proxy_continue_stream #1)) (call $is (call $proxy_continue_stream #0))
        (call $is (call $proxy_continue_stream #2)) (call $is (call $proxy_continue_stream #3))";
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["Ok", "Ok", "Ok", "Unimplemented"]);
        let go = |direction| Effect::Continue {
            stream: guest.stream,
            direction,
        };
        let expected = [
            go(StreamType::HttpResponse),
            go(StreamType::HttpRequest),
            go(StreamType::Downstream),
        ];
        assert_eq!(guest.vm.take_effects(), expected);
    });
}

#[test]
fn a_number_that_is_no_stream_is_refused() {
    let body =
        "(call $is (call $proxy_continue_stream #4)) (call $is (call $proxy_continue_stream #-1))";
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["BadArgument"; 2]);
        assert_eq!(guest.vm.take_effects(), []);
    });
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
fn a_root_context_asks_for_nothing() {
    PROBE.phases("Ok", &[]);
    let body = "(call $is (call $proxy_continue_stream #0))";
    each(&[("proxy_on_tick", body)], |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        assert_eq!(guest.vm.take_effects(), []);
    });
}
