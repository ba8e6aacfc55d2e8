//! Trap codes, their messages, and the table of trap sites.
//!
//! ```text
//! section `traps`:  count: u32 | code offset: u32 x count, ascending | code: u8 x count
//! ```
//! Written by `link`, read by the trap handler: a fault whose program counter is not in this table is
//! not the guest's.

use crate::wire::{FormatError, Reader, Writer, u32_at};

macro_rules! trap_kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $message:literal;)*) => {
        /// Why a guest stopped. Codes are part of the ABI: append only.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum TrapKind { $($(#[$doc])* $name = $code,)* }

        impl TrapKind {
            pub const ALL: &'static [TrapKind] = &[$(TrapKind::$name,)*];

            /// The specification's words for it, as its tests expect them.
            pub const fn message(self) -> &'static str {
                match self { $(TrapKind::$name => $message,)* }
            }

            pub const fn code(self) -> u8 {
                self as u8
            }

            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(TrapKind::$name),)* _ => None }
            }
        }
    };
}

trap_kinds! {
    Unreachable = 1, "wasm `unreachable` instruction executed";
    MemoryOutOfBounds = 2, "out of bounds memory access";
    TableOutOfBounds = 3, "out of bounds table access";
    /// `call_indirect` with an index beyond the table.
    UndefinedElement = 4, "undefined element";
    /// `call_indirect` to a null entry.
    UninitializedElement = 5, "uninitialized element";
    IndirectCallTypeMismatch = 6, "indirect call type mismatch";
    IntegerDivideByZero = 7, "integer divide by zero";
    IntegerOverflow = 8, "integer overflow";
    InvalidConversionToInteger = 9, "invalid conversion to integer";
    StackOverflow = 10, "call stack exhausted";
    NullReference = 11, "null reference";
    UnalignedAtomic = 12, "unaligned atomic";
    AllocationTooLarge = 13, "allocation size too large";
    /// A deadline or a request from the embedder.
    Interrupted = 14, "interrupted";
    UncaughtException = 15, "uncaught exception";
    /// A call through a reference that is null.
    NullFunctionReference = 16, "null function reference";
    /// `throw_ref` of null.
    NullExceptionReference = 17, "null exception reference";
    WaitOnUnsharedMemory = 18, "expected shared memory";
}

impl std::fmt::Display for TrapKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.message())
    }
}

/// Collects trap sites in ascending order of code offset.
#[derive(Debug, Default)]
pub struct TrapTableBuilder {
    sites: Vec<(u32, TrapKind)>,
}

impl TrapTableBuilder {
    /// # Panics
    /// If `code_offset` is not beyond the last one: `link` lays functions out in order.
    pub fn push(&mut self, code_offset: u32, kind: TrapKind) {
        let last = self.sites.last().map(|site| site.0);
        assert!(
            last.is_none_or(|last| last < code_offset),
            "trap site {code_offset:#x} after {last:x?}"
        );
        self.sites.push((code_offset, kind));
    }

    pub fn finish(self) -> Vec<u8> {
        let mut out = Writer::default();
        out.count(self.sites.len());
        for (offset, _) in &self.sites {
            out.u32(*offset);
        }
        for (_, kind) in &self.sites {
            out.u8(kind.code());
        }
        out.finish()
    }
}

/// Reads the section. A look-up allocates nothing, so it may run in a signal handler.
#[derive(Clone, Copy, Debug)]
pub struct TrapTable<'a> {
    bytes: &'a [u8],
    count: usize,
}

impl<'a> TrapTable<'a> {
    const SECTION: &'static str = "trap table";

    pub fn new(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let mut reader = Reader::new(Self::SECTION, bytes);
        let count = reader.u32()? as usize;
        if count.checked_mul(5).and_then(|size| size.checked_add(4)) != Some(bytes.len()) {
            return Err(reader.error(format!(
                "{count} sites do not fit its {} bytes",
                bytes.len()
            )));
        }
        Ok(TrapTable { bytes, count })
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    fn offset_at(&self, site: usize) -> Option<u32> {
        u32_at(Self::SECTION, self.bytes, 1 + site).ok()
    }

    /// Site number `site`, in order of code offset.
    pub fn site(&self, site: usize) -> Option<(u32, TrapKind)> {
        if site >= self.count {
            return None;
        }
        let code = *self.bytes.get(4 + self.count * 4 + site)?;
        Some((self.offset_at(site)?, TrapKind::from_code(code)?))
    }

    /// The trap recorded at exactly this code offset.
    pub fn look_up(&self, code_offset: u32) -> Option<TrapKind> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            let offset = self.offset_at(middle)?;
            if offset == code_offset {
                return self.site(middle).map(|site| site.1);
            }
            if offset < code_offset {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        None
    }

    pub fn iter(&self) -> impl Iterator<Item = (u32, TrapKind)> + '_ {
        (0..self.count).map_while(|site| self.site(site))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_round_trip() {
        for kind in TrapKind::ALL {
            assert_eq!(TrapKind::from_code(kind.code()), Some(*kind));
        }
        assert_eq!(TrapKind::from_code(0), None);
    }

    #[test]
    fn sites_are_found_exactly() {
        let mut builder = TrapTableBuilder::default();
        for site in 0..100 {
            builder.push(
                site * 7 + 3,
                TrapKind::ALL[site as usize % TrapKind::ALL.len()],
            );
        }
        let bytes = builder.finish();
        let table = TrapTable::new(&bytes).unwrap();
        for offset in 0..720 {
            let expected = (offset >= 3 && (offset - 3) % 7 == 0 && offset < 703)
                .then(|| TrapKind::ALL[((offset - 3) / 7) as usize % TrapKind::ALL.len()]);
            assert_eq!(table.look_up(offset), expected, "offset {offset}");
        }
        assert_eq!(table.iter().count(), 100);
    }

    #[test]
    fn a_wrong_count_is_an_error() {
        let mut bytes = TrapTableBuilder::default().finish();
        bytes[0] = 9;
        assert!(TrapTable::new(&bytes).is_err());
    }
}
