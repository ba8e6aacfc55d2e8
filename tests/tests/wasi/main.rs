//! WASI preview 1 from a guest's side: one file per section of the specification, one or more tests per
//! function.
//!
//! `guest.rs` is a module that imports every function and exports it again, with memory full of guard bytes
//! around whatever a function may write. `fd.rs` and `path.rs` test what a guest without files gets; with a
//! directory of its own (`scratch.rs`), `open.rs` and `names.rs` test section `path`, `files.rs` and
//! `directories.rs` section `fd`. Directories are tested with both ways of resolving paths.

#![allow(
    clippy::single_range_in_vec_init,
    reason = "a list of one range of addresses is meant"
)]

mod args;
mod clock;
mod command;
mod directories;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../embedder/mod.rs"]
mod embedder;
mod environ;
mod fd;
mod files;
mod guest;
mod names;
mod open;
mod path;
mod poll;
mod proc;
mod random;
mod random_arguments;
mod sched;
mod scratch;
mod sock;
