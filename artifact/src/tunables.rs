//! Choices that compiled code and runtime must make alike. Each is recorded in the header.

use std::fmt;

/// How an access to linear memory is kept inside the memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Bounds {
    /// The memory is reserved with all addresses that a 32-bit index can reach behind it; an access beyond
    /// its end faults and becomes a trap. Costs 4 GiB of address space a memory, nothing an access.
    #[default]
    Guard,
    /// Each access compares with the memory's current length. Costs instructions, no address space.
    Explicit,
}

impl Bounds {
    pub fn to_byte(self) -> u8 {
        match self {
            Bounds::Guard => 0,
            Bounds::Explicit => 1,
        }
    }

    pub fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Bounds::Guard),
            1 => Some(Bounds::Explicit),
            _ => None,
        }
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Bounds::Guard => "guard",
            Bounds::Explicit => "explicit",
        })
    }
}

/// A Wasm page.
pub const WASM_PAGE_BYTES: u64 = 65_536;

/// Bytes that a 32-bit index alone can address.
pub const INDEX_SPACE_BYTES: u64 = 1 << 32;

/// Inaccessible bytes behind the index space of a memory in [`Bounds::Guard`] mode. An access whose static
/// offset plus width is at most this needs no check: it lands in the memory or in the guard. The compiler
/// checks larger offsets explicitly. This is the one number behind the sandbox; both sides take it from here.
pub const GUARD_BYTES: u64 = 32 << 20;

/// Address space that one memory in guard mode takes.
pub const GUARD_RESERVATION_BYTES: u64 = INDEX_SPACE_BYTES + GUARD_BYTES;

/// Segments of an artefact are congruent modulo this, so that it maps on every page size of aarch64.
pub const SEGMENT_ALIGN_BYTES: u64 = 65_536;

/// The most targets of a `br_table` that is accepted, in reachable and unreachable code alike.
pub const BR_TABLE_TARGETS_MAX: u32 = 65_520;

/// The deepest nesting of blocks that is accepted.
pub const NESTING_MAX: usize = 5_000;

/// Stack a host call may count on below the guest's limit, in bytes.
pub const HOST_STACK_RESERVE_BYTES: usize = 128 * 1024;

/// Whether an access of `width` bytes at static `offset` is covered by the guard for every 32-bit index.
pub const fn guard_covers(offset: u64, width: u64) -> bool {
    match offset.checked_add(width) {
        Some(end) => end <= GUARD_BYTES,
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The property the sandbox rests on: a covered access with any index ends inside the reservation.
    #[test]
    fn covered_accesses_end_inside_the_reservation() {
        let offsets = [
            0,
            1,
            65_535,
            GUARD_BYTES - 17,
            GUARD_BYTES - 16,
            GUARD_BYTES - 1,
            GUARD_BYTES,
            u64::MAX,
        ];
        for offset in offsets {
            for width in [1, 2, 4, 8, 16] {
                let index_max = INDEX_SPACE_BYTES - 1;
                let end = u128::from(index_max) + u128::from(offset) + u128::from(width);
                if guard_covers(offset, width) {
                    assert!(
                        end <= u128::from(GUARD_RESERVATION_BYTES),
                        "offset {offset} width {width}"
                    );
                } else {
                    assert!(
                        end + 1 > u128::from(GUARD_RESERVATION_BYTES),
                        "offset {offset} width {width}"
                    );
                }
            }
        }
    }
}
