//! ```text
//! +--------------------------------------------------------------------------------------------------+
//! |  THE SANDBOX IS HERE. Every access of a guest to linear memory goes through this file, and a     |
//! |  mistake in it lets a guest read or write the host's memory. Change it slowly: say in a comment  |
//! |  why each access stays inside its memory or its guard, and test the edges in both modes.         |
//! +--------------------------------------------------------------------------------------------------+
//! ```
//! From a Wasm address (a 32-bit index and a static offset) to a host address that is safe to access.
//!
//! *Guard mode.* A memory is a reservation of [`GUARD_RESERVATION_BYTES`](ahead_artifact::tunables): all that
//! a 32-bit index can reach, and a guard behind it. An access whose offset and width [`guard_covers`] lands
//! in it whatever the index is, and faults beyond the memory's end. Other accesses are checked.
//!
//! *Explicit mode.* Each access is checked against the memory's current length, but for constant addresses
//! below its first length: a memory never shrinks. A checked address is `base` where the check fails, by a
//! conditional move, so that a mispredicted branch cannot reach beyond the memory either.

use super::env::Env;
use super::translator::Translator;
use ahead_artifact::tunables::guard_covers;
use ahead_artifact::{Bounds, MemoryIndex, TrapKind};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};

/// A host address: `base` plus a displacement that the access itself takes.
#[derive(Clone, Copy, Debug)]
pub struct Address {
    pub base: Value,
    pub displacement: i32,
}

impl Translator<'_, '_> {
    /// The address of `width` bytes at `index + offset` in `memory`. An access there is inside the memory,
    /// or traps: here, or in the guard by the access itself.
    pub fn address(
        &mut self,
        memory: MemoryIndex,
        index: Value,
        offset: u64,
        width: u64,
    ) -> Address {
        if let Some(address) = self.constant_address(memory, index, offset, width) {
            return address;
        }
        if self.env.bounds == Bounds::Guard && guard_covers(offset, width) {
            // index < 2^32, and `guard_covers` says that offset + width stays in the guard behind that.
            // Its bound is far below 2^31: the displacement is never negative.
            let base = self.memory_base(memory);
            let index = self.ins().uextend(types::I64, index);
            let base = self.ins().iadd(base, index);
            let displacement = i32::try_from(offset).expect("the guard is smaller than 2 GiB");
            return Address { base, displacement };
        }
        let index = self.ins().uextend(types::I64, index);
        let base = self.checked(memory, index, offset, width);
        Address {
            base,
            displacement: 0,
        }
    }

    /// The address where the index is a constant and the access is inside every length of the memory.
    fn constant_address(
        &mut self,
        memory: MemoryIndex,
        index: Value,
        offset: u64,
        width: u64,
    ) -> Option<Address> {
        let start = u64::from(self.constant_i32(index)?.cast_unsigned()).checked_add(offset)?;
        let end = start.checked_add(width)?;
        if end > self.env.memory_bytes_min(memory) {
            return None;
        }
        let displacement = i32::try_from(start).ok()?;
        let base = self.memory_base(memory);
        Some(Address { base, displacement })
    }

    /// The address of `index + offset`, checked against the current length. `index` is below 2^32, as `i64`.
    fn checked(&mut self, memory: MemoryIndex, index: Value, offset: u64, width: u64) -> Value {
        // Below 2^34: neither this sum nor the address itself can wrap.
        debug_assert!(offset < 1 << 32 && width < 1 << 32);
        let reach = (offset + width).cast_signed();
        let end = self.ins().iadd_imm_u(index, reach);
        let length = self.memory_length(memory);
        let outside = self.ins().icmp(IntCC::UnsignedGreaterThan, end, length);
        self.trap_if(outside, TrapKind::MemoryOutOfBounds);
        let base = self.memory_base(memory);
        let mut address = self.ins().iadd(base, index);
        if offset != 0 {
            address = self.ins().iadd_imm_u(address, offset.cast_signed());
        }
        self.ins().select_spectre_guard(outside, base, address)
    }

    /// The address of a range whose length is known at run time only. `index` and `bytes` are below 2^32,
    /// as `i64`. The range is checked whole, before any of it is touched; an empty one may start at the end.
    pub fn range(&mut self, memory: MemoryIndex, index: Value, bytes: Value) -> Value {
        let end = self.ins().iadd(index, bytes);
        let length = self.memory_length(memory);
        let outside = self.ins().icmp(IntCC::UnsignedGreaterThan, end, length);
        self.trap_if(outside, TrapKind::MemoryOutOfBounds);
        let base = self.memory_base(memory);
        self.ins().iadd(base, index)
    }

    fn memory_base(&mut self, memory: MemoryIndex) -> Value {
        let (env, mut cursor) = self.env_cursor();
        env.memory_base(&mut cursor, memory)
    }

    /// The current length in bytes, as `i64`.
    pub fn memory_length(&mut self, memory: MemoryIndex) -> Value {
        let (env, mut cursor) = self.env_cursor();
        Env::memory_bytes(env, &mut cursor, memory)
    }
}
