//! Proxy-Wasm filters under a mix of requests.
//!
//! [`mix`] says what is sent. [`driver`] sends it through a filter by way of [`proxy`], a proxy that lives in this
//! process and weighs nothing, and [`task`] measures that. Driver and proxy stand on `ahead-proxy-wasm`, which they
//! call `abi`: where the sources of that crate are compiled against another engine, so are these two, and then the same
//! host code runs on both (`peers/wasmtime/`).
//!
//! Not here: filters in a real proxy. Connections, codecs and threads would hide what engines differ in.

pub mod driver;
pub mod envoy;
pub mod mix;
pub mod proxy;
pub mod task;

pub(crate) use crate::fingerprint;
pub(crate) use ahead_proxy_wasm as abi;
pub use mix::{Mix, Request};

use anyhow::Result;
use std::time::Duration;

/// A filter with its code loaded.
pub trait LoadedFilter {
    /// A VM with a plugin that is configured.
    fn vm(&self) -> Result<Box<dyn RunningFilter + '_>>;

    /// How many requests go once through the mix.
    fn requests(&self) -> u32;
}

pub trait RunningFilter {
    /// Sends the next so many requests of the mix. Gives the time that they took, and not that of making them.
    fn send(&mut self, count: u32) -> Result<Duration>;

    /// From now on what becomes of requests is written down.
    fn watch(&mut self);

    /// What became of them since then, in lines; ends watching.
    fn seen(&mut self) -> Vec<String>;
}

/// Makes 1000 calls of `proxy_get_header_map_value` in each request, and answers them all the same.
pub const HOST_CALLS: &str = r#"(module
  (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "user-agent")
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
  (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32) (local $left i32)
    (local.set $left (i32.const 1000))
    (loop $again
      (drop (call $get (i32.const 0) (i32.const 16) (i32.const 10) (i32.const 0) (i32.const 4)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))"#;

/// Calls that [`HOST_CALLS`] makes in a request.
pub const HOST_CALLS_EACH: f64 = 1000.0;
