//! Where each defined function and each trampoline is.
//!
//! ```text
//! section `functions`:    (text offset: u32 | bytes: u32 | type: u32) x defined functions
//! section `trampolines`:  (entry offset: u32 | hostcall offset: u32) x types, NONE where not needed
//! ```
//! Written by `link`, read entry by entry. A type's *entry* trampoline takes the host into a guest
//! function of that type, its *hostcall* trampoline takes the guest into a host function.

use crate::index::{DefinedFuncIndex, TypeIndex};
use crate::wire::{FormatError, Reader, Writer};

const NONE: u32 = u32::MAX;

/// One row of the function table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunctionEntry {
    /// First byte of its code in the text.
    pub text_offset: u32,
    pub bytes: u32,
    pub ty: TypeIndex,
}

/// The trampolines of one function type, as offsets in the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrampolineEntry {
    pub entry: Option<u32>,
    pub hostcall: Option<u32>,
}

pub fn write_functions(functions: &[FunctionEntry]) -> Vec<u8> {
    let mut out = Writer::default();
    for function in functions {
        out.u32(function.text_offset);
        out.u32(function.bytes);
        out.u32(function.ty.0);
    }
    out.finish()
}

pub fn write_trampolines(trampolines: &[TrampolineEntry]) -> Vec<u8> {
    let mut out = Writer::default();
    for trampoline in trampolines {
        out.u32(trampoline.entry.unwrap_or(NONE));
        out.u32(trampoline.hostcall.unwrap_or(NONE));
    }
    out.finish()
}

#[derive(Clone, Copy, Debug)]
pub struct FunctionTable<'a> {
    bytes: &'a [u8],
}

impl<'a> FunctionTable<'a> {
    const ROW_BYTES: usize = 12;

    pub fn new(bytes: &'a [u8]) -> Self {
        FunctionTable { bytes }
    }

    pub fn len(&self) -> usize {
        self.bytes.len() / Self::ROW_BYTES
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn look_up(&self, function: DefinedFuncIndex) -> Result<FunctionEntry, FormatError> {
        let mut row = Reader::at(
            "function table",
            self.bytes,
            function.index().saturating_mul(Self::ROW_BYTES),
        );
        Ok(FunctionEntry {
            text_offset: row.u32()?,
            bytes: row.u32()?,
            ty: TypeIndex(row.u32()?),
        })
    }

    pub fn iter(&self) -> impl Iterator<Item = FunctionEntry> + '_ {
        (0..self.len()).map_while(|function| self.look_up(DefinedFuncIndex::new(function)).ok())
    }
}

#[derive(Clone, Copy, Debug)]
pub struct TrampolineTable<'a> {
    bytes: &'a [u8],
}

impl<'a> TrampolineTable<'a> {
    const ROW_BYTES: usize = 8;

    pub fn new(bytes: &'a [u8]) -> Self {
        TrampolineTable { bytes }
    }

    pub fn look_up(&self, ty: TypeIndex) -> Result<TrampolineEntry, FormatError> {
        let mut row = Reader::at(
            "trampoline table",
            self.bytes,
            ty.index().saturating_mul(Self::ROW_BYTES),
        );
        let mut offset = || row.u32().map(|offset| (offset != NONE).then_some(offset));
        Ok(TrampolineEntry {
            entry: offset()?,
            hostcall: offset()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_round_trip() {
        let functions = [
            FunctionEntry {
                text_offset: 0,
                bytes: 16,
                ty: TypeIndex(3),
            },
            FunctionEntry {
                text_offset: 64,
                bytes: 100,
                ty: TypeIndex(0),
            },
        ];
        let bytes = write_functions(&functions);
        let table = FunctionTable::new(&bytes);
        assert_eq!(table.iter().collect::<Vec<_>>(), functions);
        assert!(table.look_up(DefinedFuncIndex(2)).is_err());

        let trampolines = [
            TrampolineEntry {
                entry: Some(8),
                hostcall: None,
            },
            TrampolineEntry::default(),
        ];
        let bytes = write_trampolines(&trampolines);
        let table = TrampolineTable::new(&bytes);
        assert_eq!(table.look_up(TypeIndex(0)).unwrap(), trampolines[0]);
        assert_eq!(table.look_up(TypeIndex(1)).unwrap(), trampolines[1]);
    }
}
