//! Envoy's dynamic-module interface, declared by hand: types, functions, and safe handles of its objects.
//!
//! # Safety
//! A handle ([`HttpFilter`], [`HttpConfig`], [`Connection`], [`HelperCluster`]) is made in a hook, from the pointer
//! that Envoy passes to it, and given up in the hook that says that the object goes away. Between the two Envoy keeps
//! the object, so a handle's methods are safe; those of a stream or connection on its own worker only, which
//! handles ensure by not being `Send`.

mod callbacks;
mod cluster;
mod connection;
mod http_config;
mod http_filter;
mod network_config;
mod outgoing;
mod pages;
mod process;
mod types;

pub use callbacks::callbacks;
pub use cluster::{HelperCluster, HelperScheduler};
pub use connection::{Connection, Direction};
pub use http_config::{ConfigScheduler, HttpConfig};
pub use http_filter::{HttpFilter, MetadataValue, StreamScheduler};
pub use network_config::{NetworkConfig, NetworkScheduler};
pub use pages::give_back;
pub use process::*;
pub use types::*;

/// Calls a function of Envoy's, if this Envoy has it: `None` if not.
///
/// To be used with handles that are alive, and with buffers that outlive the call, only.
macro_rules! call {
    ($name:ident($($argument:expr),* $(,)?)) => {
        match $crate::sys::callbacks().$name {
            // SAFETY: handles are alive, as this module says, and buffers outlive the call.
            Some(function) => Some(unsafe { function($($argument),*) }),
            None => None,
        }
    };
}
pub(crate) use call;

/// What a function of Envoy's wrote, if it says that it did.
fn filled<T>(mut value: T, fill: impl FnOnce(&mut T) -> Option<bool>) -> Option<T> {
    (fill(&mut value) == Some(true)).then_some(value)
}

/// Shows the bytes that a function of Envoy's found; `false` if there are none. They are alive during the callback that
/// asks, and nobody changes them while `each` has them.
fn shown(find: impl FnOnce(&mut EnvoyBuffer) -> Option<bool>, each: impl FnOnce(&[u8])) -> bool {
    let found = filled(EnvoyBuffer::NONE, find);
    if let Some(found) = found {
        // SAFETY: as above.
        each(unsafe { found.bytes() });
    }
    found.is_some()
}

/// Headers as Envoy takes them from a module.
pub fn module_headers(headers: &[(Vec<u8>, Vec<u8>)]) -> Vec<ModuleHeader> {
    headers
        .iter()
        .map(|(key, value)| ModuleHeader {
            key: ModuleBuffer::of(key),
            value: ModuleBuffer::of(value),
        })
        .collect()
}
