//! ```text
//! +--------------------------------------------------------------------------------------------------+
//! |  THE SANDBOX IS HERE. Every access of a guest to linear memory goes through this file, and a     |
//! |  mistake in it lets a guest read or write the host's memory. Change it slowly: say in a comment  |
//! |  why each access stays inside its memory or its guard, and test the edges in both modes.         |
//! +--------------------------------------------------------------------------------------------------+
//! ```
//! From a Wasm address (an index of 32 or 64 bits and a static offset) to a host address that is safe to
//! access.
//!
//! *Guard mode.* A memory is a reservation of [`GUARD_RESERVATION_BYTES`](ahead_artifact::tunables): all that
//! a 32-bit index can reach, and a guard behind it. An access whose offset and width [`guard_covers`] lands
//! in it whatever the index is, and faults beyond the memory's end. Other accesses are checked.
//!
//! *Explicit mode.* Each access is checked against the memory's current length, but for constant addresses
//! below its first length: a memory never shrinks. A checked address is `base` where the check fails, by a
//! conditional move, so that a mispredicted branch cannot reach beyond the memory either.
//!
//! A memory with 64-bit addresses, or with pages finer than the machine's, is in explicit mode whatever the
//! module's mode is ([`MemoryType::bounds`](ahead_artifact::MemoryType::bounds)): no guard covers 2^64
//! addresses, and none begins in the middle of a page.

use super::env::Env;
use super::translator::Translator;
use ahead_artifact::tunables::guard_covers;
use ahead_artifact::{AddressType, Bounds, MemoryIndex, TrapKind};
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
        if self.env.memory_bounds(memory) == Bounds::Guard && guard_covers(offset, width) {
            // Only 32-bit memories are guarded: index < 2^32, and `guard_covers` says that offset + width
            // stays in the guard behind that. Its bound is far below 2^31: the displacement is never
            // negative.
            let base = self.memory_base(memory);
            let index = self.ins().uextend(types::I64, index);
            let base = self.ins().iadd(base, index);
            let displacement = i32::try_from(offset).expect("the guard is smaller than 2 GiB");
            return Address { base, displacement };
        }
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
        let start = self.constant(index)?.checked_add(offset)?;
        let end = start.checked_add(width)?;
        if end > self.env.memory_bytes_min(memory) {
            return None;
        }
        let displacement = i32::try_from(start).ok()?;
        let base = self.memory_base(memory);
        Some(Address { base, displacement })
    }

    /// The address of `index + offset`, checked against the current length.
    pub fn checked(&mut self, memory: MemoryIndex, index: Value, offset: u64, width: u64) -> Value {
        let length = self.memory_length(memory);
        let (index, outside) = match self.env.module.memory_type(memory).address {
            AddressType::I32 => {
                // Below 2^34: neither this sum nor the address itself can wrap.
                debug_assert!(offset < 1 << 32 && width < 1 << 32);
                let index = self.ins().uextend(types::I64, index);
                let reach = (offset + width).cast_signed();
                let end = self.ins().iadd_imm_u(index, reach);
                let outside = self.ins().icmp(IntCC::UnsignedGreaterThan, end, length);
                (index, outside)
            }
            AddressType::I64 => match offset.checked_add(width) {
                // `length - reach` does not wrap: no length is below the first one.
                Some(reach) if reach <= self.env.memory_bytes_min(memory) => {
                    let reach = self.ins().iconst(types::I64, reach.cast_signed());
                    let last = self.ins().isub(length, reach);
                    let outside = self.ins().icmp(IntCC::UnsignedGreaterThan, index, last);
                    (index, outside)
                }
                Some(reach) => {
                    let reach = self.ins().iconst(types::I64, reach.cast_signed());
                    (index, self.is_beyond(index, reach, length))
                }
                // No memory has so many bytes. The address below may be anything, but is not used: where
                // the check fails it is `base`.
                None => (index, self.ins().iconst(types::I8, 1)),
            },
        };
        self.trap_if(outside, TrapKind::MemoryOutOfBounds);
        let base = self.memory_base(memory);
        let mut address = self.ins().iadd(base, index);
        if offset != 0 {
            address = self.ins().iadd_imm_u(address, offset.cast_signed());
        }
        self.ins().select_spectre_guard(outside, base, address)
    }

    /// Whether `bytes` bytes at `index` go beyond `length`, for any three numbers of 64 bits.
    ///
    /// `index + bytes` could wrap, so it is not computed: behind `index` there is room for `length - index`
    /// bytes if `index <= length`, and where that difference wraps the first comparison has said enough.
    fn is_beyond(&mut self, index: Value, bytes: Value, length: Value) -> Value {
        let starts_beyond = self.ins().icmp(IntCC::UnsignedGreaterThan, index, length);
        let room = self.ins().isub(length, index);
        let ends_beyond = self.ins().icmp(IntCC::UnsignedLessThan, room, bytes);
        self.ins().bor(starts_beyond, ends_beyond)
    }

    /// The address of a range whose length is known at run time only: `bytes` bytes at `index`, as `i64`. The
    /// range is checked whole, before any of it is touched; an empty one may start at the end.
    pub fn range(&mut self, memory: MemoryIndex, index: Value, bytes: Value) -> Value {
        let length = self.memory_length(memory);
        let outside = match self.env.module.memory_type(memory).address {
            // Both are below 2^32: with a 32-bit memory no operation's length is wider than its addresses.
            AddressType::I32 => {
                let end = self.ins().iadd(index, bytes);
                self.ins().icmp(IntCC::UnsignedGreaterThan, end, length)
            }
            AddressType::I64 => self.is_beyond(index, bytes, length),
        };
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
