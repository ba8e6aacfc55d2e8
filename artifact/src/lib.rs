//! What the compiler writes and the runtime reads.
//!
//! Two programs meet in an artefact and nowhere else. Everything they must agree on stands here once:
//! struct layouts, section formats, trap codes, the builtin table, the ABI version. Each table has its
//! writer and its reader in one file, with a round trip test below them.
//!
//! Not here: anything about ELF (the compiler's `emit` writes it, the runtime's `sys` maps it), anything
//! that needs `unsafe`, and any dependency. Both targets are 64-bit little-endian, so layouts are plain
//! `#[repr(C)]` Rust and numbers are little-endian on the wire.
//!
//! A reader never trusts its input: every access is bounds-checked and gives a [`FormatError`], so that
//! opening an artefact reads its header and its interface only, and a damaged table is found by the first
//! look at it.

#![forbid(unsafe_code)]

pub mod address_map;
pub mod builtins;
pub mod const_expr;
pub mod data;
pub mod elements;
pub mod exceptions;
pub mod functions;
pub mod header;
pub mod index;
pub mod interface;
pub mod layout;
pub mod names;
pub mod saved_registers;
pub mod sections;
pub mod trap;
pub mod tunables;
pub mod types;
pub mod vmctx;
pub mod wire;

pub use header::{ABI_MAJOR, ABI_MINOR, MAGIC, ModuleHeader};
pub use index::*;
pub use interface::Interface;
pub use sections::{Metadata, MetadataBuilder, SectionKind};
pub use trap::TrapKind;
pub use tunables::Bounds;
pub use types::{
    AddressType, FuncType, GlobalType, HeapType, Hierarchy, Limits, MemoryType, PageSize, RefType,
    TableType, ValType,
};
pub use wire::FormatError;
