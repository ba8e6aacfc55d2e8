//! Locals, globals and constants.

use crate::function::signature::value_type;
use crate::function::translator::Translator;
use ahead_artifact::const_expr::ConstOp;
use ahead_artifact::{GlobalIndex, RefType};
use cranelift_codegen::ir::immediates::{Ieee32, Ieee64};
use cranelift_codegen::ir::{InstBuilder, types};

impl Translator<'_, '_> {
    pub fn visit_local_get(&mut self, local: u32) {
        let value = self.locals.read(&mut self.builder, local);
        self.push(value);
    }

    pub fn visit_local_set(&mut self, local: u32) {
        let value = self.pop();
        self.locals.write(&mut self.builder, local, value);
    }

    pub fn visit_local_tee(&mut self, local: u32) {
        self.widen_top(1);
        let value = self.stack.values[self.stack.values.len() - 1];
        self.locals.write(&mut self.builder, local, value);
    }

    pub fn visit_global_get(&mut self, global: u32) {
        let global = GlobalIndex(global);
        let constant = self.env.module.facts.constant_global(global);
        let value = match constant {
            Some(ConstOp::I32Const(value)) => self
                .ins()
                .iconst(types::I32, i64::from(value.cast_unsigned())),
            Some(ConstOp::I64Const(value)) => self.ins().iconst(types::I64, value),
            Some(ConstOp::F32Const(bits)) => self.ins().f32const(Ieee32::with_bits(bits)),
            Some(ConstOp::F64Const(bits)) => self.ins().f64const(Ieee64::with_bits(bits)),
            Some(ConstOp::V128Const(bits)) => self.vector_constant(bits),
            Some(ConstOp::RefNull(ty)) => {
                let ty = value_type(ahead_artifact::ValType::Ref(RefType::nullable(ty)));
                self.ins().iconst(ty, 0)
            }
            // A function's reference has its address only in an instance.
            constant => {
                let (env, mut cursor) = self.env_cursor();
                let (ty, flags, record, offset) = env.global(&mut cursor, global);
                let value = self.ins().load(ty, flags, record, offset);
                if let Some(ConstOp::RefFunc(function)) = constant {
                    self.known_functions.push((value, function));
                }
                value
            }
        };
        self.push(value);
    }

    pub fn visit_global_set(&mut self, global: u32) {
        let value = self.pop();
        let (env, mut cursor) = self.env_cursor();
        let (_, flags, record, offset) = env.global(&mut cursor, GlobalIndex(global));
        self.ins().store(flags, value, record, offset);
    }

    pub fn visit_i32_const(&mut self, value: i32) {
        let value = self
            .ins()
            .iconst(types::I32, i64::from(value.cast_unsigned()));
        self.push(value);
    }

    pub fn visit_i64_const(&mut self, value: i64) {
        let value = self.ins().iconst(types::I64, value);
        self.push(value);
    }

    pub fn visit_f32_const(&mut self, value: wasmparser::Ieee32) {
        let value = self.ins().f32const(Ieee32::with_bits(value.bits()));
        self.push(value);
    }

    pub fn visit_f64_const(&mut self, value: wasmparser::Ieee64) {
        let value = self.ins().f64const(Ieee64::with_bits(value.bits()));
        self.push(value);
    }
}
