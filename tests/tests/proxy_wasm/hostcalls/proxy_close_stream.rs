//! `proxy_close_stream`: `BadArgument`.

use crate::guest::each;
use crate::probe::Probe;
use ahead_proxy_wasm::Effect;
use ahead_proxy_wasm::abi::StreamType;

const PROBE: Probe<'_> = Probe {
    name: "proxy_close_stream",
    args: "#0",
    ..Probe::NONE
};

#[test]
fn streams_are_closed_in_order() {
    let body = "(call $is (call $proxy_close_stream #3)) (call $is (call $proxy_close_stream #1))
        (call $is (call $proxy_continue_stream #1))";
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["Ok"; 3]);
        let stream = guest.stream;
        let close = |direction| Effect::Close { stream, direction };
        let go = |direction| Effect::Continue { stream, direction };
        let expected = [
            close(StreamType::Upstream),
            close(StreamType::HttpResponse),
            go(StreamType::HttpResponse),
        ];
        assert_eq!(guest.vm.take_effects(), expected);
    });
}

#[test]
fn a_number_that_is_no_stream_is_refused() {
    let body = "(call $is (call $proxy_close_stream #4)) (call $is (call $proxy_close_stream #-1))";
    each(&[("proxy_on_request_headers", body)], |guest| {
        assert_eq!(guest.headers(), ["BadArgument"; 2]);
        assert_eq!(guest.vm.take_effects(), []);
    });
}

#[test]
fn a_root_context_asks_for_nothing() {
    PROBE.phases("Ok", &[]);
    let body = "(call $is (call $proxy_close_stream #0))";
    each(&[("proxy_on_tick", body)], |guest| {
        assert_eq!(guest.tick(), ["Ok"]);
        assert_eq!(guest.vm.take_effects(), []);
    });
}
