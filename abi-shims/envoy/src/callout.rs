//! Requests that filters send on their own: by which way they went, what has come of them so far, and how that is
//! told to the VM.

use crate::host::EnvoyHost;
use crate::hub::{HubNumber, Order};
use crate::plugin::EnvoyPlugin;
use crate::stream::HttpStream;
use ahead_proxy_wasm::{CalloutId, Failed, Header, HttpResponse, Vm};
use std::rc::Rc;
use std::sync::Arc;

/// What Envoy tells of a request.
#[derive(Clone, Debug)]
pub enum CalloutEvent {
    Headers(Vec<Header>, bool),
    Data(Vec<u8>, bool),
    Trailers(Vec<Header>),
    /// Both sides have ended.
    Complete,
    /// It failed, or could not begin.
    Reset,
}

/// What a request is to the filter.
#[derive(Debug)]
pub enum Kind {
    /// A whole response is waited for, of not more than so many bytes.
    Http {
        response: HttpResponse,
        bytes_max: usize,
    },
    /// What comes is passed on as it comes.
    Stream,
}

/// Who sends a request.
pub enum Way {
    /// The HTTP stream for which the filter ran: the request ends with it at the latest.
    Stream(Rc<HttpStream>, u64),
    /// The filter's configuration, on Envoy's main thread.
    Hub(Arc<EnvoyPlugin>, HubNumber),
    /// A connection's one-shot request, which cannot be given up.
    Connection,
}

/// A request under way.
pub struct Callout {
    pub kind: Kind,
    pub way: Way,
}

impl Callout {
    pub fn send(&self, bytes: &[u8], end: bool) -> bool {
        match &self.way {
            Way::Stream(stream, id) => {
                stream.is_alive() && stream.filter().outgoing().send_data(*id, bytes, end)
            }
            Way::Hub(plugin, number) => {
                plugin.order(Order::Send(*number, bytes.to_vec(), end));
                true
            }
            Way::Connection => false,
        }
    }

    pub fn reset(&self) {
        match &self.way {
            Way::Stream(stream, id) => {
                stream.forget_callout(*id);
                if stream.is_alive() {
                    stream.filter().outgoing().reset(*id);
                }
            }
            Way::Hub(plugin, number) => plugin.order(Order::Reset(*number)),
            Way::Connection => {}
        }
    }
}

/// Tells a VM of an event. One of a request that is gone is nothing.
pub fn deliver(vm: &mut Vm<EnvoyHost>, id: CalloutId, event: CalloutEvent) -> Result<(), Failed> {
    let Some(callout) = vm.host_mut().callouts.get_mut(&id) else {
        return Ok(());
    };
    match &mut callout.kind {
        Kind::Http {
            response,
            bytes_max,
        } => {
            let over = match event {
                CalloutEvent::Headers(headers, end) => {
                    response.headers = headers;
                    end
                }
                CalloutEvent::Data(bytes, end) => {
                    if response.body.len() + bytes.len() > *bytes_max {
                        callout.reset();
                        vm.host_mut().callouts.remove(&id);
                        return vm.on_http_response(id, None);
                    }
                    response.body.extend_from_slice(&bytes);
                    end
                }
                CalloutEvent::Trailers(trailers) => {
                    response.trailers = trailers;
                    true
                }
                CalloutEvent::Complete => true,
                CalloutEvent::Reset => {
                    vm.host_mut().callouts.remove(&id);
                    return vm.on_http_response(id, None);
                }
            };
            if !over {
                return Ok(());
            }
            let response = std::mem::take(response);
            vm.host_mut().callouts.remove(&id);
            vm.on_http_response(id, Some(response))
        }
        Kind::Stream => match event {
            CalloutEvent::Headers(headers, end) => vm.on_http_stream_headers(id, headers, end),
            CalloutEvent::Data(bytes, end) => vm.on_http_stream_data(id, &bytes, end),
            CalloutEvent::Trailers(trailers) => vm.on_http_stream_trailers(id, trailers),
            CalloutEvent::Complete => {
                vm.host_mut().callouts.remove(&id);
                vm.on_http_stream_end(id)
            }
            CalloutEvent::Reset => {
                vm.host_mut().callouts.remove(&id);
                vm.on_http_stream_reset(id)
            }
        },
    }
}
