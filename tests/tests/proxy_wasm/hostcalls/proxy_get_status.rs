//! `proxy_get_status`: `InvalidMemoryAccess`.

use crate::guest::each;
use crate::http_call::{call, request};
use crate::probe::Probe;
use ahead_filter_host::headers;
use ahead_proxy_wasm::{CalloutId, HttpResponse};

const PROBE: Probe<'_> = Probe {
    name: "proxy_get_status",
    args: "#0x208 OUT",
    ..Probe::NONE
};

const ASK: &str = "(call $got (call $proxy_get_status #0x208 OUT)) (call $word #0x208)";

#[test]
fn it_tells_how_the_callout_of_the_callback_ended() {
    let call = call("cluster", &request()).repeat(2);
    let callbacks = [
        ("proxy_on_request_headers", &call[..]),
        ("proxy_on_http_call_response", ASK),
        ("proxy_on_tick", ASK),
    ];
    each(&callbacks, |guest| {
        assert_eq!(guest.headers(), ["Ok"; 2]);
        let response = HttpResponse {
            headers: headers(&[(":status", "503")]),
            body: Vec::new(),
            trailers: Vec::new(),
        };
        let answered = guest.vm.on_http_response(CalloutId(1), Some(response));
        answered.unwrap();
        assert_eq!(guest.told(), ["Ok", "", "0"]);
        guest.vm.on_http_response(CalloutId(2), None).unwrap();
        // 11 is `BrokenConnection`.
        assert_eq!(guest.told(), ["Ok", "reset", "11"]);
        // It lasts as long as the callback.
        assert_eq!(guest.tick(), ["Ok", "", "0"]);
    });
}

#[test]
fn addresses_are_checked() {
    PROBE.edges();
}

#[test]
fn every_phase_may_ask() {
    PROBE.phases("Ok", &[]);
}
