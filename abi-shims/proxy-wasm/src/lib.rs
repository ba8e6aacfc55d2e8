//! Proxy-Wasm for Ahead: the ABI between filters and a proxy, versions 0.1.0, 0.2.0 and 0.2.1, independent of any
//! proxy.
//!
//! A [`Filter`] is an opened artefact that was found to be one, a [`Vm`] an instance of it on one thread, a
//! [`PluginConfig`] what makes a plugin of it. A proxy's adapter implements [`ProxyHost`], forwards the proxy's
//! events to the VM's methods, and applies the [`Effect`]s that these leave. A [`Worker`] keeps the VMs of a thread
//! and knows what to do when one fails. [`abi`] has the ABI's numbers as
//! types; [`table`] lists the functions that filters can call, [`callbacks`] those that they export.
//!
//! Everything that a filter passes is checked before it is used: numbers and states (`BadArgument`, `NotFound`),
//! addresses (`InvalidMemoryAccess`), and how much it is ([`Limits`]). Nothing that a filter passes makes the host
//! panic.

#![forbid(unsafe_code)]

pub mod abi;
pub mod callbacks;
mod callout;
mod config;
mod context;
mod effect;
mod emscripten;
mod error;
mod filter;
mod grpc;
mod host;
mod hostcalls;
mod pairs;
mod shared;
mod state;
pub mod table;
mod vm;
mod wasi;
mod worker;

pub use callout::HttpResponse;
pub use config::{Backoff, FailurePolicy, Limits, PluginConfig};
pub use context::ContextId;
pub use effect::{Effect, LocalResponse};
pub use error::{Error, Failed};
pub use filter::Filter;
pub use host::{CalloutId, Header, HostMetric, HttpRequest, LogMessage, PropertyPath, ProxyHost};
pub use shared::Shared;
pub use vm::Vm;
pub use worker::{Admission, Plugin, VmHandle, VmSource, Worker};
