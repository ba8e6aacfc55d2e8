//! Proxy-Wasm from a filter's side: one file per section of the table of hostcalls, one or more tests per function,
//! over a proxy that is a few maps in memory (`tests/filter-host/src/host.rs`).
//!
//! `guest.rs` makes filters of WAT: a test writes what a callback does, and sees statuses and values. `addresses.rs`
//! calls every function with addresses that are none, `filters.rs` makes modules that are no filters,
//! `lifecycle.rs` is about VMs, plugins and streams, `worker.rs` about what happens when they fail. `corpus.rs` runs
//! filters that others have built. Where the program of `tests/filter-host/` is built for aarch64, what hostcalls answer
//! and what those filters do is asked of it too, under qemu (`aarch64.rs`).

mod aarch64;
mod addresses;
mod buffers;
mod context;
mod corpus;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../embedder/mod.rs"]
mod embedder;
mod filters;
mod foreign;
mod grpc;
mod guest;
mod headers;
mod http_call;
mod lifecycle;
mod log;
mod metrics;
mod properties;
mod shared_data;
mod shared_queue;
mod stream;
mod time;
mod wasi;
mod worker;
