//! Which events of a stream a filter has a callback for. The others pass it without a call, and without anything being
//! asked of Envoy for it.

use crate::host::EnvoyHost;
use ahead_proxy_wasm::Filter;

/// An event of a stream that need not be told.
///
/// The request's headers are no such event: with them the stream's context begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Event {
    RequestBody,
    RequestTrailers,
    ResponseHeaders,
    ResponseBody,
    ResponseTrailers,
    Log,
}

impl Event {
    const ALL: [Event; 6] = [
        Event::RequestBody,
        Event::RequestTrailers,
        Event::ResponseHeaders,
        Event::ResponseBody,
        Event::ResponseTrailers,
        Event::Log,
    ];

    fn callback(self) -> &'static str {
        match self {
            Event::RequestBody => "proxy_on_request_body",
            Event::RequestTrailers => "proxy_on_request_trailers",
            Event::ResponseHeaders => "proxy_on_response_headers",
            Event::ResponseBody => "proxy_on_response_body",
            Event::ResponseTrailers => "proxy_on_response_trailers",
            Event::Log => "proxy_on_log",
        }
    }
}

/// The events that a filter is to be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard(u8);

impl Heard {
    pub fn by(filter: &Filter<EnvoyHost>) -> Heard {
        Heard::where_any(|callback| filter.has_callback(callback))
    }

    fn where_any(has_callback: impl Fn(&str) -> bool) -> Heard {
        let heard = Event::ALL
            .into_iter()
            .filter(|event| has_callback(event.callback()));
        Heard(heard.fold(0, |set, event| set | 1 << event as u8))
    }

    pub fn has(self, event: Event) -> bool {
        self.0 & 1 << event as u8 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_proxy_wasm::callbacks::CALLBACKS;

    #[test]
    fn a_filter_hears_what_it_has_a_callback_for() {
        let heard = Heard::where_any(|callback| callback == "proxy_on_response_body");
        for event in Event::ALL {
            assert_eq!(heard.has(event), event == Event::ResponseBody, "{event:?}");
        }
    }

    #[test]
    fn every_event_has_a_callback_of_the_abi() {
        for event in Event::ALL {
            let is_it = |row: &&str| *row == event.callback();
            // Headers have two types, and a row in neither's name.
            let known = CALLBACKS.iter().map(|row| row.name);
            assert!(
                event == Event::ResponseHeaders || known.clone().any(|name| is_it(&name)),
                "{event:?}"
            );
        }
    }
}
