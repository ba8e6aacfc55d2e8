//! Engines measured side by side on one module.
//!
//! [`session`] is the whole of a measurement: each engine of [`engines`] compiles the program, is shown to give the
//! same results as the others, and is then measured in interleaved rounds, every time in a process of its own
//! ([`child`], [`worker`]). [`statistics`] says what of the differences is more than noise, [`report`] tells it.
//!
//! Not here: the command line, and the peers that are crates. Those stand in programs of their own, which serve
//! [`worker`]'s tasks, so that `ahead` does not carry another engine.

pub mod child;
pub mod engines;
pub mod file_cache;
pub mod filter;
pub mod fingerprint;
pub mod machine;
pub mod program;
pub mod report;
pub mod session;
pub mod statistics;
pub mod value;
pub mod worker;
