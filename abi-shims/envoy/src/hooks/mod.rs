//! The functions that Envoy calls, one file for each of its extension points.
//!
//! # Safety
//! Envoy resolves these by name and passes pointers of two kinds. Its own ones (`EnvoyPtr`) become handles, which last
//! as `sys` says. Ours (`ModulePtr`) are what an earlier hook returned: an [`Arc`](std::sync::Arc) or
//! [`Rc`](std::rc::Rc) turned into a pointer, which Envoy passes back until, and including, the hook that gives it up.
//!
//! No panic leaves a hook: it would unwind into Envoy.

mod cluster;
mod configuration;
mod http_callouts;
mod http_config;
mod http_filter;
mod network;
mod program;

use crate::sys::{EnvoyBuffer, EnvoyHeader, ModulePtr};
use ahead_proxy_wasm::Header;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;

/// What a hook does; `instead` if that panics.
fn guarded<R>(instead: R, f: impl FnOnce() -> R) -> R {
    match catch_unwind(AssertUnwindSafe(f)) {
        Ok(result) => result,
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("a panic");
            crate::log::error(&format!("internal error: {text}"));
            instead
        }
    }
}

/// What an `Rc` that Envoy has points to, kept through the hook: Envoy may give its own up meanwhile.
///
/// # Safety
/// The pointer is what `Rc::into_raw` gave for a `T`, or null, and Envoy has not given it up.
unsafe fn shared<T>(pointer: ModulePtr) -> Option<Rc<T>> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: it came from `Rc::into_raw`, and Envoy still has its count.
    unsafe { Rc::increment_strong_count(pointer.cast::<T>()) };
    // SAFETY: the count is ours.
    Some(unsafe { Rc::from_raw(pointer.cast::<T>()) })
}

/// The same for an `Arc`.
///
/// # Safety
/// As for [`shared`], with `Arc::into_raw`.
unsafe fn shared_everywhere<T>(pointer: ModulePtr) -> Option<Arc<T>> {
    if pointer.is_null() {
        return None;
    }
    // SAFETY: it came from `Arc::into_raw`, and Envoy still has its count.
    unsafe { Arc::increment_strong_count(pointer.cast::<T>()) };
    // SAFETY: the count is ours.
    Some(unsafe { Arc::from_raw(pointer.cast::<T>()) })
}

/// Copies of Envoy's headers.
///
/// # Safety
/// `count` headers of Envoy's, alive during the call, or null.
unsafe fn headers(headers: *const EnvoyHeader, count: usize) -> Vec<Header> {
    if headers.is_null() {
        return Vec::new();
    }
    // SAFETY: an array of Envoy's.
    let headers = unsafe { std::slice::from_raw_parts(headers, count) };
    let copy = |header: &EnvoyHeader| {
        // SAFETY: Envoy's own bytes, alive during the call.
        let (name, value) = unsafe { (header.key.bytes(), header.value.bytes()) };
        (name.to_vec(), value.to_vec())
    };
    headers.iter().map(copy).collect()
}

/// Copies of Envoy's chunks, together.
///
/// # Safety
/// `count` buffers of Envoy's, alive during the call, or null.
unsafe fn chunks(chunks: *const EnvoyBuffer, count: usize) -> Vec<u8> {
    if chunks.is_null() {
        return Vec::new();
    }
    // SAFETY: an array of Envoy's.
    let chunks = unsafe { std::slice::from_raw_parts(chunks, count) };
    // SAFETY: Envoy's own bytes, alive during the call.
    let bytes = chunks.iter().map(|chunk| unsafe { chunk.bytes() });
    bytes.collect::<Vec<_>>().concat()
}

/// Envoy's text. Names of filters are UTF-8.
///
/// # Safety
/// A buffer of Envoy's, alive during the call.
unsafe fn text(buffer: EnvoyBuffer) -> String {
    // SAFETY: as above.
    String::from_utf8_lossy(unsafe { buffer.bytes() }).into_owned()
}
