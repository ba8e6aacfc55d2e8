//! References and tables.

use crate::function::env::{Env, Region};
use crate::function::signature::POINTER;
use crate::function::translator::Translator;
use ahead_artifact::builtins::Builtin;
use ahead_artifact::{AddressType, Hierarchy, TableIndex, TrapKind, vmctx};
use cranelift_codegen::ir::{InstBuilder, Value, types};
use wasmparser::HeapType;

impl Translator<'_, '_> {
    pub fn visit_ref_null(&mut self, _ty: HeapType) {
        let null = self.ins().iconst(POINTER, 0);
        self.push(null);
    }

    pub fn visit_ref_is_null(&mut self) {
        let reference = self.pop();
        let is_null = self.is_zero(reference);
        self.push(is_null);
    }

    pub fn visit_ref_func(&mut self, function: u32) {
        let function = self.index_argument(function);
        let reference = self
            .call_builtin(Builtin::ref_func, &[function])
            .expect("it is a reference");
        self.push(reference);
    }

    pub fn visit_table_get(&mut self, table: u32) {
        let index = self.pop();
        let table = TableIndex(table);
        let (bytes, offset) = match self.env.module.table_type(table).element.hierarchy() {
            Hierarchy::Func => (vmctx::ENTRY_BYTES, vmctx::ENTRY_FUNC_REF as i32),
            Hierarchy::Extern | Hierarchy::Exn => (vmctx::EXTERN_REF_BYTES, 0),
        };
        let element = self.table_element(table, index, bytes, TrapKind::TableOutOfBounds);
        let flags = Env::field(self.builder.func, Region::Table(table));
        let reference = self.ins().load(POINTER, flags, element, offset);
        self.push(reference);
    }

    pub fn visit_table_set(&mut self, table: u32) {
        let (index, reference) = self.pop2();
        let table = TableIndex(table);
        match self.env.module.table_type(table).element.hierarchy() {
            // The entry is a copy of the function's record, which only the runtime can read.
            Hierarchy::Func => {
                let args = [self.index_argument(table.0), self.wide(index), reference];
                self.call_fallible(Builtin::table_set, &args, TrapKind::TableOutOfBounds);
            }
            Hierarchy::Extern | Hierarchy::Exn => {
                let bytes = vmctx::EXTERN_REF_BYTES;
                let element = self.table_element(table, index, bytes, TrapKind::TableOutOfBounds);
                let flags = Env::field(self.builder.func, Region::Table(table));
                self.ins().store(flags, reference, element, 0);
            }
        }
    }

    pub fn visit_table_size(&mut self, table: u32) {
        let (env, mut cursor) = self.env_cursor();
        let length = env.table_length(&mut cursor, TableIndex(table));
        let ty = self.env.module.table_type(TableIndex(table)).address;
        let length = self.size_of_type(length, ty);
        self.push(length);
    }

    pub fn visit_table_grow(&mut self, table: u32) {
        let (value, delta) = self.pop2();
        let args = [self.index_argument(table), self.wide(delta), value];
        let former = self
            .call_builtin(Builtin::table_grow, &args)
            .expect("growing a table has a result");
        let ty = self.env.module.table_type(TableIndex(table)).address;
        let former = self.size_of_type(former, ty);
        self.push(former);
    }

    pub fn visit_table_fill(&mut self, table: u32) {
        let (index, value, length) = self.pop3();
        let args = [
            self.index_argument(table),
            self.wide(index),
            value,
            self.wide(length),
        ];
        self.call_fallible(Builtin::table_fill, &args, TrapKind::TableOutOfBounds);
    }

    /// An index of the module as an argument of a builtin.
    pub fn index_argument(&mut self, index: u32) -> Value {
        self.ins().iconst(types::I32, i64::from(index))
    }

    /// An address or a length of either address type, unsigned, as an `i64`.
    pub fn wide(&mut self, value: Value) -> Value {
        match self.builder.func.dfg.value_type(value) {
            types::I64 => value,
            _ => self.ins().uextend(types::I64, value),
        }
    }

    /// A size that is an `i64` in the integers of an address type, which it fits; -1 stays -1.
    pub fn size_of_type(&mut self, size: Value, ty: AddressType) -> Value {
        match ty {
            AddressType::I32 => self.ins().ireduce(types::I32, size),
            AddressType::I64 => size,
        }
    }
}
