//! Operators, a file per group. Each has the method that [`super::body`] calls for it, named as
//! `wasmparser` names its visit.

mod bulk_memory;
mod compare;
mod control;
mod convert;
mod exceptions;
mod function_references;
mod legacy_exceptions;
mod memory;
mod numeric;
mod reference;
mod relaxed_simd;
mod simd;
mod tail_call;
mod threads;
mod variable;
mod wide_arithmetic;

pub use legacy_exceptions::LegacyTries;
