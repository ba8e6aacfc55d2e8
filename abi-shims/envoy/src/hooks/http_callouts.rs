//! Events of requests that filters send: on a stream's worker for those of a stream, on the main thread for those of a
//! configuration.

use super::{chunks, guarded, headers, shared, shared_everywhere};
use crate::callout::CalloutEvent;
use crate::plugin::EnvoyPlugin;
use crate::stream::HttpStream;
use crate::sys::{EnvoyBuffer, EnvoyHeader, EnvoyPtr, ModulePtr};
use crate::worker;

/// Tells a stream of an event.
///
/// # Safety
/// The pointer is what `on_http_filter_new` returned, and Envoy has it.
unsafe fn of_stream(stream: ModulePtr, id: u64, event: CalloutEvent) {
    guarded((), || {
        // SAFETY: as above.
        if let Some(stream) = unsafe { shared::<HttpStream>(stream) } {
            stream.on_callout_event(id, event);
        }
    });
}

/// Tells a configuration of an event.
///
/// # Safety
/// The pointer is what `on_http_filter_config_new` returned, and Envoy has it.
unsafe fn of_config(plugin: ModulePtr, id: u64, event: CalloutEvent) {
    guarded((), || {
        // SAFETY: as above.
        if let Some(plugin) = unsafe { shared_everywhere::<EnvoyPlugin>(plugin) } {
            plugin.hub.on_event(id, event);
            // It may have been for a VM of this thread.
            worker::look();
        }
    });
}

/// Not used: requests are sent as streams, which have trailers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_http_callout_done(
    _filter: EnvoyPtr,
    _stream: ModulePtr,
    _id: u64,
    _result: u32,
    _headers: *const EnvoyHeader,
    _header_count: usize,
    _body: *const EnvoyBuffer,
    _chunk_count: usize,
) {
}

macro_rules! events {
    ($tell:ident: $headers:ident, $data:ident, $trailers:ident, $complete:ident, $reset:ident) => {
        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $headers(
            _: EnvoyPtr,
            ours: ModulePtr,
            id: u64,
            list: *const EnvoyHeader,
            count: usize,
            end: bool,
        ) {
            // SAFETY: Envoy's headers, alive during the hook.
            let event = CalloutEvent::Headers(unsafe { headers(list, count) }, end);
            // SAFETY: our own pointer, which Envoy has.
            unsafe { $tell(ours, id, event) }
        }

        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $data(
            _: EnvoyPtr,
            ours: ModulePtr,
            id: u64,
            list: *const EnvoyBuffer,
            count: usize,
            end: bool,
        ) {
            // SAFETY: Envoy's chunks, alive during the hook.
            let event = CalloutEvent::Data(unsafe { chunks(list, count) }, end);
            // SAFETY: our own pointer, which Envoy has.
            unsafe { $tell(ours, id, event) }
        }

        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $trailers(
            _: EnvoyPtr,
            ours: ModulePtr,
            id: u64,
            list: *const EnvoyHeader,
            count: usize,
        ) {
            // SAFETY: Envoy's headers, alive during the hook.
            let event = CalloutEvent::Trailers(unsafe { headers(list, count) });
            // SAFETY: our own pointer, which Envoy has.
            unsafe { $tell(ours, id, event) }
        }

        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $complete(_: EnvoyPtr, ours: ModulePtr, id: u64) {
            // SAFETY: our own pointer, which Envoy has.
            unsafe { $tell(ours, id, CalloutEvent::Complete) }
        }

        #[unsafe(no_mangle)]
        pub unsafe extern "C" fn $reset(_: EnvoyPtr, ours: ModulePtr, id: u64, _reason: u32) {
            // SAFETY: our own pointer, which Envoy has.
            unsafe { $tell(ours, id, CalloutEvent::Reset) }
        }
    };
}

events! {
    of_stream:
    envoy_dynamic_module_on_http_filter_http_stream_headers,
    envoy_dynamic_module_on_http_filter_http_stream_data,
    envoy_dynamic_module_on_http_filter_http_stream_trailers,
    envoy_dynamic_module_on_http_filter_http_stream_complete,
    envoy_dynamic_module_on_http_filter_http_stream_reset
}

events! {
    of_config:
    envoy_dynamic_module_on_http_filter_config_http_stream_headers,
    envoy_dynamic_module_on_http_filter_config_http_stream_data,
    envoy_dynamic_module_on_http_filter_config_http_stream_trailers,
    envoy_dynamic_module_on_http_filter_config_http_stream_complete,
    envoy_dynamic_module_on_http_filter_config_http_stream_reset
}
