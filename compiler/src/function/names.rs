//! What CLIF calls things outside the function: a namespace and an index in it.
//!
//! `function` writes these names, `link` resolves them. Guest names never appear here.

use ahead_artifact::{DefinedFuncIndex, TableIndex};
use cranelift_codegen::ir::UserExternalName;

/// A function with a body; index = [`DefinedFuncIndex`].
pub const NS_FUNCTION: u32 = 0;

/// The thunk of an imported function, for rows of static tables; index = its
/// [`FuncIndex`](ahead_artifact::FuncIndex).
pub const NS_THUNK: u32 = 1;

/// The address of a static table's first row in the metadata; index = [`TableIndex`].
pub const NS_STATIC_TABLE: u32 = 2;

/// The first byte of the text; index 0.
pub const NS_TEXT: u32 = 3;

/// An undefined symbol of a relocatable object, by its place in a list of `emit`'s own.
pub const NS_EXTERN: u32 = 4;

pub fn function(function: DefinedFuncIndex) -> UserExternalName {
    UserExternalName::new(NS_FUNCTION, function.0)
}

pub fn static_table(table: TableIndex) -> UserExternalName {
    UserExternalName::new(NS_STATIC_TABLE, table.0)
}

pub fn text() -> UserExternalName {
    UserExternalName::new(NS_TEXT, 0)
}
