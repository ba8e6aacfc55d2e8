//! Connections: configurations on the main thread, the rest on the connection's worker.

use super::{chunks, configuration, guarded, headers, shared, shared_everywhere, text};
use crate::connection::TcpStream;
use crate::plugin::{EnvoyPlugin, EnvoySide};
use crate::sys::{
    Connection, EnvoyBuffer, EnvoyHeader, EnvoyPtr, ModulePtr, NetworkConfig, callout_result,
};
use crate::worker;
use ahead_proxy_wasm::abi::TrailersStatus;
use std::ptr;
use std::rc::Rc;

/// Null if the configuration is not accepted; why stands in the log.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_config_new(
    config: EnvoyPtr,
    name: EnvoyBuffer,
    filter_config: EnvoyBuffer,
) -> ModulePtr {
    guarded(ptr::null(), || {
        // SAFETY: Envoy's buffers, alive during the hook.
        let (name, filter_config) = unsafe { (text(name), filter_config.bytes()) };
        // SAFETY: what Envoy passed; given up when Envoy destroys the configuration, or below if it is refused.
        let side = EnvoySide::Network(unsafe { NetworkConfig::new(config) });
        configuration::accept(&name, filter_config, side)
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_config_destroy(plugin: ModulePtr) {
    // SAFETY: what `config_new` returned, which Envoy gives up.
    unsafe { configuration::destroy(plugin) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_config_scheduled(
    _config: EnvoyPtr,
    plugin: ModulePtr,
    _event: u64,
) {
    // SAFETY: the configuration's, which Envoy has.
    unsafe { configuration::scheduled(plugin) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_new(
    plugin: ModulePtr,
    filter: EnvoyPtr,
) -> ModulePtr {
    guarded(ptr::null(), || {
        // SAFETY: the configuration's, which Envoy has.
        let Some(plugin) = (unsafe { shared_everywhere::<EnvoyPlugin>(plugin) }) else {
            return ptr::null();
        };
        // SAFETY: what Envoy passed; a connection uses it until it is destroyed, and stays on its thread.
        let connection = unsafe { Connection::new(filter) };
        Rc::into_raw(TcpStream::new(plugin, connection)).cast()
    })
}

/// Calls a method of the connection. Numbers of the answers are those of Envoy.
///
/// # Safety
/// The pointer is what `on_network_filter_new` returned, and Envoy has it.
unsafe fn connection(pointer: ModulePtr, f: impl FnOnce(&Rc<TcpStream>) -> TrailersStatus) -> u32 {
    guarded(TrailersStatus::StopIteration.number(), || {
        // SAFETY: as above.
        let stream = unsafe { shared::<TcpStream>(pointer) };
        f(&stream.expect("Envoy has a connection of ours")).number()
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_new_connection(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
) -> u32 {
    // SAFETY: the connection's.
    unsafe { connection(pointer, TcpStream::on_new_connection) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_read(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
    _bytes: usize,
    end: bool,
) -> u32 {
    // SAFETY: the connection's.
    unsafe { connection(pointer, |stream| stream.on_read(end)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_write(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
    _bytes: usize,
    end: bool,
) -> u32 {
    // SAFETY: the connection's.
    unsafe { connection(pointer, |stream| stream.on_write(end)) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_event(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
    event: u32,
) {
    let handle = |stream: &Rc<TcpStream>| {
        stream.on_event(event);
        TrailersStatus::Continue
    };
    // SAFETY: the connection's.
    unsafe { connection(pointer, handle) };
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_destroy(pointer: ModulePtr) {
    guarded((), || {
        if pointer.is_null() {
            return;
        }
        // SAFETY: what `on_network_filter_new` returned, given up here.
        let stream = unsafe { Rc::from_raw(pointer.cast::<TcpStream>()) };
        stream.on_destroy();
    });
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_network_filter_http_callout_done(
    _filter: EnvoyPtr,
    pointer: ModulePtr,
    id: u64,
    result: u32,
    list: *const EnvoyHeader,
    count: usize,
    body: *const EnvoyBuffer,
    chunk_count: usize,
) {
    guarded((), || {
        // SAFETY: the connection's.
        let Some(stream) = (unsafe { shared::<TcpStream>(pointer) }) else {
            return;
        };
        let response = (result == callout_result::OK).then(|| {
            // SAFETY: Envoy's, alive during the hook.
            unsafe { (headers(list, count), chunks(body, chunk_count)) }
        });
        stream.on_callout_done(id, response);
    });
}

/// Somebody woke this worker.
#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_network_filter_scheduled(
    _filter: EnvoyPtr,
    _pointer: ModulePtr,
    _event: u64,
) {
    guarded((), worker::look);
}

/// Filters are not told of watermarks.
#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_network_filter_above_write_buffer_high_watermark(
    _filter: EnvoyPtr,
    _pointer: ModulePtr,
) {
}

/// Filters are not told of watermarks.
#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_network_filter_below_write_buffer_low_watermark(
    _filter: EnvoyPtr,
    _pointer: ModulePtr,
) {
}
