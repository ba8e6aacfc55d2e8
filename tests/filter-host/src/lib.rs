//! A proxy in memory, for tests of Proxy-Wasm: what a test puts in, a filter finds; what a filter does, a test finds.
//!
//! It does without the compiler, so that the program made of it, `filter-host`, is soon built for another machine.
//! There it does what tests do here: see `calls.rs` and `transcript.rs`.

#![forbid(unsafe_code)]

pub mod calls;
mod host;
mod transcript;

pub use host::{MemoryHost, MemoryStream, headers, vm};
pub use transcript::transcript;
