//! Configurations of HTTP filters, on Envoy's main thread.

use super::{configuration, guarded, text};
use crate::log;
use crate::plugin::EnvoySide;
use crate::sys::{EnvoyBuffer, EnvoyPtr, HttpConfig, ModulePtr};
use std::ptr;

/// Null if the configuration is not accepted; why stands in the log.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_config_new(
    config: EnvoyPtr,
    name: EnvoyBuffer,
    filter_config: EnvoyBuffer,
) -> ModulePtr {
    guarded(ptr::null(), || {
        // SAFETY: Envoy's buffers, alive during the hook.
        let (name, filter_config) = unsafe { (text(name), filter_config.bytes()) };
        // SAFETY: what Envoy passed; given up when Envoy destroys the configuration, or below if it is refused.
        let side = EnvoySide::Http(unsafe { HttpConfig::new(config) });
        configuration::accept(&name, filter_config, side)
    })
}

/// On any thread: with the last stream of the configuration.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_config_destroy(plugin: ModulePtr) {
    // SAFETY: what `config_new` returned, which Envoy gives up.
    unsafe { configuration::destroy(plugin) }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn envoy_dynamic_module_on_http_filter_config_scheduled(
    _config: EnvoyPtr,
    plugin: ModulePtr,
    _event: u64,
) {
    // SAFETY: the configuration's, which Envoy has.
    unsafe { configuration::scheduled(plugin) }
}

/// Routes have no configurations of their own.
#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_http_filter_per_route_config_new(
    _name: EnvoyBuffer,
    _config: EnvoyBuffer,
) -> ModulePtr {
    log::error("a route cannot have a configuration of its own for a Proxy-Wasm filter");
    ptr::null()
}

#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_http_filter_per_route_config_destroy(_: ModulePtr) {}
