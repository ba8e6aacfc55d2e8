//! WASI preview 1 from a guest's side: `functions/` has a file for each function; here are what they share and what
//! concerns all of them.
//!
//! `guest.rs` is a module that imports every function and exports it again, with memory full of guard bytes
//! around whatever a function may write. `scratch.rs` gives it a directory, `streams.rs` pipes and files, `sockets.rs`
//! a socket; `paths.rs` is what every path has to go through. Paths are tested with both ways of resolving them.

#![allow(
    clippy::single_range_in_vec_init,
    reason = "a list of one range of addresses is meant"
)]

mod command;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../embedder/mod.rs"]
mod embedder;
mod functions;
mod guest;
mod paths;
mod random_arguments;
mod scratch;
mod sockets;
mod streams;
mod threads;
