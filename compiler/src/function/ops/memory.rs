//! Loads and stores, `memory.size`, `memory.grow`.

use crate::function::translator::Translator;
use ahead_artifact::MemoryIndex;
use ahead_artifact::builtins::Builtin;
use cranelift_codegen::ir::immediates::Offset32;
use cranelift_codegen::ir::{InstBuilder, Opcode, Type, Value, types};
use wasmparser::{MemArg, MemArgTarget};

/// Opcode, its controlling type, and the bytes it reads or writes. The controlling type of loads and
/// stores of 32 bits of an `i64` is the address's.
macro_rules! loads {
    ($($visit:ident $opcode:ident $ty:ident $width:literal;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, argument: MemArg) {
                self.load(Opcode::$opcode, types::$ty, $width, argument);
            })*
        }
    };
}

macro_rules! stores {
    ($($visit:ident $opcode:ident $ty:ident $width:literal;)*) => {
        impl Translator<'_, '_> {
            $(pub fn $visit(&mut self, argument: MemArg) {
                self.store(Opcode::$opcode, types::$ty, $width, argument);
            })*
        }
    };
}

loads! {
    visit_i32_load Load I32 4;
    visit_i64_load Load I64 8;
    visit_f32_load Load F32 4;
    visit_f64_load Load F64 8;
    visit_i32_load8_s Sload8 I32 1;
    visit_i32_load8_u Uload8 I32 1;
    visit_i32_load16_s Sload16 I32 2;
    visit_i32_load16_u Uload16 I32 2;
    visit_i64_load8_s Sload8 I64 1;
    visit_i64_load8_u Uload8 I64 1;
    visit_i64_load16_s Sload16 I64 2;
    visit_i64_load16_u Uload16 I64 2;
    visit_i64_load32_s Sload32 I64 4;
    visit_i64_load32_u Uload32 I64 4;
}

stores! {
    visit_i32_store Store I32 4;
    visit_i64_store Store I64 8;
    visit_f32_store Store F32 4;
    visit_f64_store Store F64 8;
    visit_i32_store8 Istore8 I32 1;
    visit_i32_store16 Istore16 I32 2;
    visit_i64_store8 Istore8 I64 1;
    visit_i64_store16 Istore16 I64 2;
    visit_i64_store32 Istore32 I64 4;
}

fn memory_of(argument: MemArg) -> MemoryIndex {
    match argument.target {
        MemArgTarget::Memory(memory) => MemoryIndex(memory),
        MemArgTarget::Array(_) => unreachable!("the validator admits no accesses to arrays"),
    }
}

impl Translator<'_, '_> {
    fn load(&mut self, opcode: Opcode, ty: Type, width: u64, argument: MemArg) {
        let value = self.load_value(opcode, ty, width, argument);
        self.push(value);
    }

    /// What is loaded from the address on the stack.
    pub fn load_value(&mut self, opcode: Opcode, ty: Type, width: u64, argument: MemArg) -> Value {
        let memory = memory_of(argument);
        let index = self.pop();
        let address = self.address(memory, index, argument.offset, width);
        let flags = self.env.guest_access(self.builder.func, memory);
        let displacement = Offset32::new(address.displacement);
        let (inst, dfg) = self
            .ins()
            .Load(opcode, ty, flags, displacement, address.base);
        dfg.first_result(inst)
    }

    fn store(&mut self, opcode: Opcode, ty: Type, width: u64, argument: MemArg) {
        let value = self.pop();
        self.store_value(opcode, ty, width, argument, value);
    }

    /// Stores to the address on the stack.
    pub fn store_value(
        &mut self,
        opcode: Opcode,
        ty: Type,
        width: u64,
        argument: MemArg,
        value: Value,
    ) {
        let memory = memory_of(argument);
        let index = self.pop();
        let address = self.address(memory, index, argument.offset, width);
        let flags = self.env.guest_access(self.builder.func, memory);
        let displacement = Offset32::new(address.displacement);
        self.ins()
            .Store(opcode, ty, flags, displacement, value, address.base);
    }

    pub fn visit_memory_size(&mut self, memory: u32) {
        let memory = MemoryIndex(memory);
        let ty = self.env.module.memory_type(memory);
        let bytes = self.memory_length(memory);
        let pages = self.ins().ushr_imm_u(bytes, i64::from(ty.page.log2()));
        let pages = self.size_of_type(pages, ty.address);
        self.push(pages);
    }

    pub fn visit_memory_grow(&mut self, memory: u32) {
        let delta = self.pop();
        let ty = self.env.module.memory_type(MemoryIndex(memory));
        let memory = self.index_argument(memory);
        let delta = self.wide(delta);
        let former: Value = self
            .call_builtin(Builtin::memory_grow, &[memory, delta])
            .expect("growing a memory has a result");
        let former = self.size_of_type(former, ty.address);
        self.push(former);
    }
}
