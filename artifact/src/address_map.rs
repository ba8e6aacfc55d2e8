//! From a code offset to the Wasm offset it was made from.
//!
//! ```text
//! section `addresses`:  count: u32 | code offset: u32 x count, ascending | wasm offset: u32 x count
//! ```
//! An entry holds from its code offset to the next one's. Written by `link`; read for backtraces and by
//! `ahead objdump`. A Wasm offset counts from the first byte of the module; [`NO_POSITION`] marks code
//! that comes from no instruction (prologues, trampolines).

use crate::wire::{FormatError, Reader, Writer, u32_at};

/// The Wasm offset of code that comes from no instruction.
pub const NO_POSITION: u32 = u32::MAX;

#[derive(Debug, Default)]
pub struct AddressMapBuilder {
    entries: Vec<(u32, u32)>,
}

impl AddressMapBuilder {
    /// Says that code from `code_offset` on comes from the instruction at `wasm_offset`. A repeat of the
    /// last position is dropped; a second position for the same code offset replaces the first.
    pub fn push(&mut self, code_offset: u32, wasm_offset: u32) {
        match self.entries.last_mut() {
            Some(last) if last.0 == code_offset => last.1 = wasm_offset,
            Some(last) if last.1 == wasm_offset => {}
            _ => self.entries.push((code_offset, wasm_offset)),
        }
    }

    pub fn finish(self) -> Vec<u8> {
        let mut out = Writer::default();
        out.count(self.entries.len());
        for (code, _) in &self.entries {
            out.u32(*code);
        }
        for (_, wasm) in &self.entries {
            out.u32(*wasm);
        }
        out.finish()
    }
}

#[derive(Clone, Copy, Debug)]
pub struct AddressMap<'a> {
    bytes: &'a [u8],
    count: usize,
}

impl<'a> AddressMap<'a> {
    const SECTION: &'static str = "address map";

    pub fn new(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let mut reader = Reader::new(Self::SECTION, bytes);
        let count = reader.u32()? as usize;
        if count.checked_mul(8).and_then(|size| size.checked_add(4)) != Some(bytes.len()) {
            return Err(reader.error(format!(
                "{count} entries do not fit its {} bytes",
                bytes.len()
            )));
        }
        Ok(AddressMap { bytes, count })
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Entry number `entry` as (code offset, wasm offset).
    pub fn entry(&self, entry: usize) -> Option<(u32, u32)> {
        if entry >= self.count {
            return None;
        }
        let code = u32_at(Self::SECTION, self.bytes, 1 + entry).ok()?;
        let wasm = u32_at(Self::SECTION, self.bytes, 1 + self.count + entry).ok()?;
        Some((code, wasm))
    }

    /// The Wasm offset of the instruction that the code at `code_offset` belongs to. For a return address,
    /// ask for the byte before it.
    pub fn look_up(&self, code_offset: u32) -> Option<u32> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.entry(middle)?.0 <= code_offset {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        self.entry(low.checked_sub(1)?)
            .map(|entry| entry.1)
            .filter(|&wasm| wasm != NO_POSITION)
    }

    pub fn iter(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..self.count).map_while(|entry| self.entry(entry))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_holds_until_the_next() {
        let mut builder = AddressMapBuilder::default();
        builder.push(0, NO_POSITION);
        builder.push(4, 100);
        builder.push(9, 100);
        builder.push(12, 120);
        let bytes = builder.finish();
        let map = AddressMap::new(&bytes).unwrap();
        assert_eq!(map.len(), 3);
        assert_eq!(map.look_up(0), None);
        assert_eq!(map.look_up(4), Some(100));
        assert_eq!(map.look_up(11), Some(100));
        assert_eq!(map.look_up(4000), Some(120));
    }
}
