//! Proxy-Wasm for Ahead: the ABI between filters and a proxy, versions 0.1.0, 0.2.0 and 0.2.1, independent of any
//! proxy.
//!
//! [`abi`] has the ABI's numbers as types, [`ProxyHost`] is what a proxy provides.

#![forbid(unsafe_code)]

pub mod abi;
mod host;

pub use host::{CalloutId, Header, HostMetric, HttpRequest, LogMessage, PropertyPath, ProxyHost};
