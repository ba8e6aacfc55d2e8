//! What a configuration's hooks do, be it of an HTTP filter or of connections.

use super::{guarded, shared_everywhere};
use crate::plugin::{EnvoyPlugin, EnvoySide};
use crate::sys::ModulePtr;
use crate::{log, worker};
use std::ptr;
use std::sync::Arc;

/// Null if the configuration is not accepted; why stands in the log.
pub fn accept(name: &str, filter_config: &[u8], side: EnvoySide) -> ModulePtr {
    match EnvoyPlugin::new(name, filter_config, side) {
        Ok(plugin) => Arc::into_raw(plugin).cast(),
        Err(error) => {
            log::error(&format!("filter `{}`: {error}", name.escape_debug()));
            ptr::null()
        }
    }
}

/// # Safety
/// `plugin` must be null or what [`accept`] returned, given up by its owner.
pub unsafe fn destroy(plugin: ModulePtr) {
    guarded((), || {
        if plugin.is_null() {
            return;
        }
        // SAFETY: as the caller says.
        let plugin = unsafe { Arc::from_raw(plugin.cast::<EnvoyPlugin>()) };
        plugin.end();
        worker::look();
    });
}

/// # Safety
/// `plugin` must be null or what [`accept`] returned, and not given up.
pub unsafe fn scheduled(plugin: ModulePtr) {
    guarded((), || {
        // SAFETY: as the caller says.
        if let Some(plugin) = unsafe { shared_everywhere::<EnvoyPlugin>(plugin) } {
            plugin.on_scheduled();
            worker::look();
        }
    });
}
