//! The C API of the Ahead runtime: `libahead.a`, `libahead.so`, with `include/ahead.h` as its manual.
//!
//! One file per noun of the header, in its order. This crate translates: C's pointers, counts and strings to
//! the runtime's types, its results back. It decides nothing about guests.
//!
//! Every `extern "C"` function answers for its own edge: null pointers are refused, and a panic becomes an
//! error or a trap ([`error::guarded`], [`trap::guarded`]), since nothing may unwind into C.

// The boundary to C is made of raw pointers; each block says what the header makes the caller promise.
#![allow(unsafe_code)]
// The promises of each function stand in the header, once for all of them.
#![allow(clippy::missing_safety_doc)]

mod command;
mod error;
mod executable;
mod export;
mod func;
mod instance;
mod linker;
mod memory;
mod module;
mod store;
mod tag;
mod trap;
mod value;
mod wasi;
