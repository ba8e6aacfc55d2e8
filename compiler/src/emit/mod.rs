//! Phase 6: what was linked, as a file.
//!
//! `shared` writes a `.so` that is finished: all addresses are chosen, every reference is resolved.
//! `object` writes a `.o` and leaves both to a linker. Neither needs a toolchain, and neither looks into
//! code or tables.

mod build_id;
mod c_header;
mod c_name;
mod elf;
mod object;
mod plan;
mod shared;
#[cfg(test)]
mod tests;
mod unwind;

pub use c_header::c_header;
pub use object::{executable_object, object};
pub use shared::shared_object;
