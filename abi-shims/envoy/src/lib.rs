//! Proxy-Wasm filters in Envoy: `libahead_envoy.so`, which an unmodified Envoy loads as a *dynamic module*.
//!
//! Envoy calls the `hooks`; these forward to streams and connections, which call the filter's VM on their thread and
//! do what it asks for; `sys` is what Envoy lets a module do. What is the same for all proxies is `ahead-proxy-wasm`.
//!
//! `docs/guides/envoy.md` is for those who use it.

#[allow(unsafe_code)]
mod artefact;
mod callout;
mod config;
mod connection;
mod foreign;
mod heard;
#[allow(unsafe_code)]
mod hooks;
mod host;
mod hub;
mod local_reply;
mod log;
mod mailbox;
mod maps;
mod plugin;
mod properties;
mod protobuf;
mod stream;
#[allow(unsafe_code)]
mod sys;
mod timer;
mod worker;

pub use artefact::ahead_envoy_embedded;
