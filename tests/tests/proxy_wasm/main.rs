//! Proxy-Wasm from a filter's side, over a proxy that is a few maps in memory (`tests/filter-host/src/host.rs`):
//! `hostcalls/` has a file for each function of the ABI; here are what they share and what concerns all of them.
//!
//! `guest.rs` makes filters of WAT: a test writes what a callback does, and sees statuses and values. `probe.rs` tries a
//! call at the edges of the memory and in every phase; `http_call.rs` and `grpc.rs` make callouts. `random_arguments.rs`
//! calls every function with anything, `filters.rs` makes modules that are no filters,
//! `lifecycle.rs` is about VMs, plugins and streams, `answers.rs` about what callbacks say, `worker.rs` about what
//! happens when they fail. `corpus.rs` runs filters that others have built. Where the program of `tests/filter-host/` is
//! built for aarch64, what hostcalls answer and what those filters do is asked of it too, under qemu (`aarch64.rs`).

mod aarch64;
mod answers;
mod corpus;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../embedder/mod.rs"]
mod embedder;
mod filters;
mod grpc;
mod guest;
mod hostcalls;
mod http_call;
mod lifecycle;
mod probe;
mod random_arguments;
mod wasi;
mod worker;
