//! Typed function references: calls through them, and branches on null.

use crate::function::call::Transfer;
use crate::function::translator::Translator;
use crate::function::trap;
use ahead_artifact::{TrapKind, TypeIndex};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value};

impl Translator<'_, '_> {
    pub fn visit_call_ref(&mut self, ty: u32) {
        self.call_ref(TypeIndex(ty), Transfer::Call);
    }

    pub fn visit_return_call_ref(&mut self, ty: u32) {
        self.call_ref(TypeIndex(ty), Transfer::TailCall);
    }

    pub fn visit_ref_as_non_null(&mut self) {
        let reference = self.pop();
        self.ins()
            .trapz(reference, trap::code(TrapKind::NullReference));
        self.push(reference);
    }

    /// Branches without the reference, goes on with it.
    pub fn visit_br_on_null(&mut self, depth: u32) {
        let reference = self.pop();
        let is_null = self.ins().icmp_imm_u(IntCC::Equal, reference, 0);
        self.branch_if(is_null, depth);
        self.push(reference);
    }

    /// Branches with the reference, goes on without it.
    pub fn visit_br_on_non_null(&mut self, depth: u32) {
        let reference: Value = self.pop();
        self.push(reference);
        self.branch_if(reference, depth);
        self.pop();
    }
}
