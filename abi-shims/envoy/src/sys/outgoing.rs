//! HTTP streams that a module opens: for a stream, and for a configuration without one. Only the functions differ.

use super::{
    EnvoyPtr, ModuleBuffer, ModuleHeader, callbacks, milliseconds, module_headers, started,
};
use ahead_proxy_wasm::Header;
use std::time::Duration;

type Start = unsafe extern "C" fn(
    EnvoyPtr,
    *mut u64,
    ModuleBuffer,
    *mut ModuleHeader,
    usize,
    ModuleBuffer,
    bool,
    u64,
) -> u32;
type SendData = unsafe extern "C" fn(EnvoyPtr, u64, ModuleBuffer, bool) -> bool;
type SendTrailers = unsafe extern "C" fn(EnvoyPtr, u64, *mut ModuleHeader, usize) -> bool;
type Reset = unsafe extern "C" fn(EnvoyPtr, u64);

/// Somebody who opens streams, with the functions for it.
pub struct Outgoing {
    owner: EnvoyPtr,
    start: Option<Start>,
    send_data: Option<SendData>,
    send_trailers: Option<SendTrailers>,
    reset: Option<Reset>,
}

impl Outgoing {
    /// Streams that live no longer than this one.
    pub fn of_stream(filter: EnvoyPtr) -> Outgoing {
        let functions = callbacks();
        Outgoing {
            owner: filter,
            start: functions.http_filter_start_http_stream,
            send_data: functions.http_stream_send_data,
            send_trailers: functions.http_stream_send_trailers,
            reset: functions.http_filter_reset_http_stream,
        }
    }

    /// Streams that live no longer than the configuration, on the main thread.
    pub fn of_config(config: EnvoyPtr) -> Outgoing {
        let functions = callbacks();
        Outgoing {
            owner: config,
            start: functions.http_filter_config_start_http_stream,
            send_data: functions.http_filter_config_stream_send_data,
            send_trailers: functions.http_filter_config_stream_send_trailers,
            reset: functions.http_filter_config_reset_http_stream,
        }
    }

    /// Opens a stream; the error is Envoy's number. Its events may come from within.
    pub fn start(
        &self,
        cluster: &[u8],
        headers: &[Header],
        body: &[u8],
        end: bool,
        timeout: Duration,
    ) -> Result<u64, u32> {
        let mut headers = module_headers(headers);
        let mut id = 0;
        let result = self.start.map(|start| {
            let (cluster, body) = (ModuleBuffer::of(cluster), ModuleBuffer::of(body));
            let (list, count) = (headers.as_mut_ptr(), headers.len());
            let timeout = milliseconds(timeout);
            // SAFETY: the owner is alive, as `sys` says, and buffers outlive the call.
            unsafe {
                start(
                    self.owner, &mut id, cluster, list, count, body, end, timeout,
                )
            }
        });
        started(result, id)
    }

    pub fn send_data(&self, id: u64, data: &[u8], end: bool) -> bool {
        self.send_data.is_some_and(|send| {
            // SAFETY: as above.
            unsafe { send(self.owner, id, ModuleBuffer::of(data), end) }
        })
    }

    pub fn send_trailers(&self, id: u64, trailers: &[Header]) -> bool {
        let mut trailers = module_headers(trailers);
        self.send_trailers.is_some_and(|send| {
            // SAFETY: as above.
            unsafe { send(self.owner, id, trailers.as_mut_ptr(), trailers.len()) }
        })
    }

    pub fn reset(&self, id: u64) {
        if let Some(reset) = self.reset {
            // SAFETY: as above.
            unsafe { reset(self.owner, id) }
        }
    }
}
