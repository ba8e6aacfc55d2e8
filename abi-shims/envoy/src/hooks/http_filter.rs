//! HTTP streams, on their workers.

use super::{guarded, shared, shared_everywhere};
use crate::plugin::EnvoyPlugin;
use crate::stream::HttpStream;
use crate::sys::{EnvoyPtr, HttpFilter, ModulePtr};
use crate::worker;
use ahead_proxy_wasm::abi::{DataStatus, HeadersStatus, TrailersStatus};
use std::ptr;
use std::rc::Rc;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_new(
    plugin: ModulePtr,
    filter: EnvoyPtr,
) -> ModulePtr {
    guarded(ptr::null(), || {
        // SAFETY: the configuration's, which Envoy has.
        let Some(plugin) = (unsafe { shared_everywhere::<EnvoyPlugin>(plugin) }) else {
            return ptr::null();
        };
        // SAFETY: what Envoy passed; a stream uses it until it is destroyed, and stays on its thread.
        let filter = unsafe { HttpFilter::new(filter) };
        Rc::into_raw(HttpStream::new(plugin, filter)).cast()
    })
}

/// Calls a method of the stream. Numbers of the answers are those of Envoy.
///
/// # Safety
/// The pointer is what `on_http_filter_new` returned, and Envoy has it.
unsafe fn stream<R>(stream: ModulePtr, instead: R, f: impl FnOnce(&Rc<HttpStream>) -> R) -> R {
    guarded(instead, || {
        // SAFETY: as above.
        let stream = unsafe { shared::<HttpStream>(stream) };
        f(&stream.expect("Envoy has a stream of ours"))
    })
}

const STOP_HEADERS: u32 = HeadersStatus::StopAllIterationAndWatermark as u32;
const STOP_DATA: u32 = DataStatus::StopIterationNoBuffer as u32;
const STOP_TRAILERS: u32 = TrailersStatus::StopIteration as u32;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_request_headers(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
    end: bool,
) -> u32 {
    // SAFETY: the stream's.
    unsafe {
        stream(pointer, STOP_HEADERS, |stream| {
            stream.on_request_headers(end).number()
        })
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_request_body(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
    end: bool,
) -> u32 {
    // SAFETY: the stream's.
    unsafe {
        stream(pointer, STOP_DATA, |stream| {
            stream.on_request_body(end).number()
        })
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_request_trailers(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
) -> u32 {
    // SAFETY: the stream's.
    unsafe {
        stream(pointer, STOP_TRAILERS, |stream| {
            stream.on_request_trailers().number()
        })
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_response_headers(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
    end: bool,
) -> u32 {
    // SAFETY: the stream's.
    unsafe {
        stream(pointer, STOP_HEADERS, |stream| {
            stream.on_response_headers(end).number()
        })
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_response_body(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
    end: bool,
) -> u32 {
    // SAFETY: the stream's.
    unsafe {
        stream(pointer, STOP_DATA, |stream| {
            stream.on_response_body(end).number()
        })
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_response_trailers(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
) -> u32 {
    // SAFETY: the stream's.
    unsafe {
        stream(pointer, STOP_TRAILERS, |stream| {
            stream.on_response_trailers().number()
        })
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_stream_complete(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
) {
    // SAFETY: the stream's.
    unsafe { stream(pointer, (), HttpStream::on_complete) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_destroy(pointer: ModulePtr) {
    guarded((), || {
        if pointer.is_null() {
            return;
        }
        // SAFETY: what `on_http_filter_new` returned, given up here.
        let stream = unsafe { Rc::from_raw(pointer.cast::<HttpStream>()) };
        stream.on_destroy();
    });
}

/// Somebody woke this worker.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_scheduled(
    _filter: EnvoyPtr,
    _pointer: ModulePtr,
    _event: u64,
) {
    guarded((), worker::look);
}

/// Filters are not told of watermarks.
#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_http_filter_downstream_above_write_buffer_high_watermark(
    _filter: EnvoyPtr,
    _pointer: ModulePtr,
) {
}

/// Filters are not told of watermarks.
#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_http_filter_downstream_below_write_buffer_low_watermark(
    _filter: EnvoyPtr,
    _pointer: ModulePtr,
) {
}
