//! Tail calls: the callee takes the place of the function that calls it, so a chain of them needs no stack.
//!
//! All guest functions, and the trampolines that lead out of the guest, have a convention in which that works.

use crate::function::call::Transfer;
use crate::function::translator::Translator;
use ahead_artifact::{FuncIndex, TableIndex, TypeIndex};

impl Translator<'_, '_> {
    pub fn visit_return_call(&mut self, function: u32) {
        self.call(FuncIndex(function), Transfer::TailCall);
    }

    pub fn visit_return_call_indirect(&mut self, ty: u32, table: u32) {
        self.call_indirect(TypeIndex(ty), TableIndex(table), Transfer::TailCall);
    }
}
