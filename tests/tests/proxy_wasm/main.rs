//! Proxy-Wasm from a filter's side: one file per section of the table of hostcalls, one or more tests per function,
//! over a proxy that is a few maps in memory (`host.rs`).
//!
//! `guest.rs` makes filters of WAT: a test writes what a callback does, and sees statuses and values in the log.
//! `corpus.rs` runs filters that others have built.

mod corpus;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../embedder/mod.rs"]
mod embedder;
mod host;
