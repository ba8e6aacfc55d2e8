//! WASI preview 1 from a guest's side: one file per section of the specification, one or more tests per
//! function.
//!
//! `guest.rs` is a module that imports every function and exports it again, with memory full of guard bytes
//! around whatever a function may write. Functions of files and sockets are tested for what a guest without
//! any gets.

#![allow(
    clippy::single_range_in_vec_init,
    reason = "a list of one range of addresses is meant"
)]

mod args;
mod clock;
mod command;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../embedder/mod.rs"]
mod embedder;
mod environ;
mod fd;
mod guest;
mod path;
mod poll;
mod proc;
mod random;
mod random_arguments;
mod sched;
mod sock;
