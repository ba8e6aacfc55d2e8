//! Bulk operations on memories and tables.
//!
//! `memory.copy` and `memory.fill` are checked here and done by the runtime, or, when few bytes are known
//! to be meant, done here. The others need the runtime's segments and are checked there.

use crate::function::address::Address;
use crate::function::translator::Translator;
use ahead_artifact::builtins::Builtin;
use ahead_artifact::{Bounds, MemoryIndex, TrapKind};
use cranelift_codegen::ir::immediates::Offset32;
use cranelift_codegen::ir::{InstBuilder, Opcode, Type, Value, types};

/// The most bytes that are copied or filled without a call.
const INLINE_BYTES_MAX: u64 = 64;

/// Types of the accesses that cover `bytes` bytes, with their places: the widest first.
fn pieces(bytes: u64) -> impl Iterator<Item = (Type, i32)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let ty = match bytes - at {
            0 => return None,
            16.. => types::I8X16,
            8.. => types::I64,
            4.. => types::I32,
            2.. => types::I16,
            _ => types::I8,
        };
        let place = at as i32;
        at += u64::from(ty.bytes());
        Some((ty, place))
    })
}

impl Translator<'_, '_> {
    pub fn visit_memory_copy(&mut self, destination_memory: u32, source_memory: u32) {
        let to = MemoryIndex(destination_memory);
        let from = MemoryIndex(source_memory);
        let (destination, source, bytes) = self.pop3();
        if let Some(bytes) = self.small(bytes) {
            return self.copy_inline(to, destination, from, source, bytes);
        }
        let destination = self.wide(destination);
        let source = self.wide(source);
        let bytes = self.wide(bytes);
        let destination = self.range(to, destination, bytes);
        let source = self.range(from, source, bytes);
        let is_shared = |memory| self.env.module.memory_type(memory).shared;
        let builtin = match is_shared(to) || is_shared(from) {
            true => Builtin::shared_memory_copy,
            false => Builtin::memory_copy,
        };
        self.call_builtin(builtin, &[destination, source, bytes]);
    }

    pub fn visit_memory_fill(&mut self, memory: u32) {
        let memory = MemoryIndex(memory);
        let (destination, byte, bytes) = self.pop3();
        if let Some(bytes) = self.small(bytes) {
            return self.fill_inline(memory, destination, byte, bytes);
        }
        let destination = self.wide(destination);
        let bytes = self.wide(bytes);
        let destination = self.range(memory, destination, bytes);
        let builtin = match self.env.module.memory_type(memory).shared {
            true => Builtin::shared_memory_fill,
            false => Builtin::memory_fill,
        };
        self.call_builtin(builtin, &[destination, byte, bytes]);
    }

    /// A length that is constant and small enough to do without a call, and not 0.
    fn small(&self, bytes: Value) -> Option<u64> {
        let bytes = self.constant(bytes)?;
        (1..=INLINE_BYTES_MAX).contains(&bytes).then_some(bytes)
    }

    /// The destination of an operation that is done here. It must trap before it has written anything:
    /// where the guard does the checking, the last byte is touched first. A memory has no holes.
    fn destination(&mut self, memory: MemoryIndex, index: Value, bytes: u64) -> Address {
        let address = self.address(memory, index, 0, bytes);
        if self.env.memory_bounds(memory) == Bounds::Guard {
            self.access(memory, types::I8, address, bytes as i32 - 1);
        }
        address
    }

    /// All is read before anything is written: ranges may overlap.
    fn copy_inline(
        &mut self,
        to: MemoryIndex,
        destination: Value,
        from: MemoryIndex,
        source: Value,
        bytes: u64,
    ) {
        let source = self.address(from, source, 0, bytes);
        let destination = self.destination(to, destination, bytes);
        let values: Vec<_> = pieces(bytes)
            .map(|(ty, place)| (self.access(from, ty, source, place), place))
            .collect();
        for (value, place) in values {
            self.put(to, value, destination, place);
        }
    }

    fn fill_inline(&mut self, memory: MemoryIndex, destination: Value, byte: Value, bytes: u64) {
        let address = self.destination(memory, destination, bytes);
        let byte = self.ins().ireduce(types::I8, byte);
        let mut splats: Vec<(Type, Value)> = Vec::new();
        for (ty, place) in pieces(bytes) {
            let known = splats.iter().find(|splat| splat.0 == ty).map(|s| s.1);
            let value = known.unwrap_or_else(|| self.splat(ty, byte));
            splats.push((ty, value));
            self.put(memory, value, address, place);
        }
    }

    /// `byte` in each byte of a value of type `ty`.
    fn splat(&mut self, ty: Type, byte: Value) -> Value {
        if ty == types::I8 {
            return byte;
        }
        if ty == types::I8X16 {
            return self.ins().splat(ty, byte);
        }
        let ones = u64::from_le_bytes([1; 8]) >> (64 - ty.bits());
        let wide = self.ins().uextend(ty, byte);
        let ones = self.ins().iconst(ty, ones.cast_signed());
        self.ins().imul(wide, ones)
    }

    fn access(&mut self, memory: MemoryIndex, ty: Type, address: Address, place: i32) -> Value {
        let flags = self.env.guest_access(self.builder.func, memory);
        let offset = Offset32::new(address.displacement + place);
        let (inst, dfg) = self
            .ins()
            .Load(Opcode::Load, ty, flags, offset, address.base);
        dfg.first_result(inst)
    }

    fn put(&mut self, memory: MemoryIndex, value: Value, address: Address, place: i32) {
        let flags = self.env.guest_access(self.builder.func, memory);
        let offset = Offset32::new(address.displacement + place);
        let ty = self.builder.func.dfg.value_type(value);
        self.ins()
            .Store(Opcode::Store, ty, flags, offset, value, address.base);
    }

    pub fn visit_memory_init(&mut self, segment: u32, memory: u32) {
        let (destination, source, bytes) = self.pop3();
        let args = [
            self.index_argument(memory),
            self.index_argument(segment),
            self.wide(destination),
            source,
            bytes,
        ];
        self.call_fallible(Builtin::memory_init, &args, TrapKind::MemoryOutOfBounds);
    }

    pub fn visit_data_drop(&mut self, segment: u32) {
        let segment = self.index_argument(segment);
        self.call_builtin(Builtin::data_drop, &[segment]);
    }

    pub fn visit_table_init(&mut self, segment: u32, table: u32) {
        let (destination, source, length) = self.pop3();
        let args = [
            self.index_argument(table),
            self.index_argument(segment),
            self.wide(destination),
            source,
            length,
        ];
        self.call_fallible(Builtin::table_init, &args, TrapKind::TableOutOfBounds);
    }

    pub fn visit_elem_drop(&mut self, segment: u32) {
        let segment = self.index_argument(segment);
        self.call_builtin(Builtin::elem_drop, &[segment]);
    }

    pub fn visit_table_copy(&mut self, destination_table: u32, source_table: u32) {
        let (destination, source, length) = self.pop3();
        let args = [
            self.index_argument(destination_table),
            self.index_argument(source_table),
            self.wide(destination),
            self.wide(source),
            self.wide(length),
        ];
        self.call_fallible(Builtin::table_copy, &args, TrapKind::TableOutOfBounds);
    }
}
