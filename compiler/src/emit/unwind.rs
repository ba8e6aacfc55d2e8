//! `.eh_frame` and `.eh_frame_hdr`: how debuggers, profilers and unwinders get from a function to its
//! caller.
//!
//! ```text
//! .eh_frame:      common entry | entry | entry | ...          an entry points to its function
//! .eh_frame_hdr:  header | (function, entry) | ...            sorted, for binary search
//! ```
//! Pointers are 32-bit distances, so nothing is relocated when the file is loaded. The instructions come
//! from [`crate::codegen`]; here they are put into entries. The formats are those of the Linux Standard
//! Base, chapter "Exception Frames".

use crate::codegen::{DATA_ALIGN, sleb128, uleb128};
use crate::link;
use ahead_targets::codegen::Frames;

const DEF_CFA: u8 = 0x0c;
const OFFSET: u8 = 0x80;
const NOP: u8 = 0;

/// A 32-bit signed distance from the pointer itself.
const POINTER_DISTANCE: u8 = 0x1b;
/// A 32-bit unsigned number.
const NUMBER: u8 = 0x03;
/// A 32-bit signed distance from the start of `.eh_frame_hdr`.
const POINTER_TABLE: u8 = 0x3b;

/// Entries start at multiples of this.
const ENTRY_ALIGN: usize = 8;

/// `.eh_frame` before its functions have addresses.
#[derive(Debug, Default)]
pub struct EhFrame {
    pub bytes: Vec<u8>,
    /// For each function, ascending: where its entry is in `bytes`, and where the function is in the text.
    entries: Vec<(u32, u32)>,
}

/// Where an entry's pointer to its function is, from the start of the entry.
const FUNCTION_FIELD: usize = 8;

impl EhFrame {
    pub fn new(frames: &link::Frames, target: Frames) -> Self {
        let mut out = EhFrame::default();
        if frames.rows.is_empty() {
            return out;
        }
        out.common_entry(target);
        for &(start, bytes, program) in &frames.rows {
            let entry = out.bytes.len();
            out.entries.push((entry as u32, start));
            let instructions = frames.programs.get(program as usize);
            out.entry(|body| {
                // Back to the common entry, from this very field.
                body.extend((entry as u32 + 4).to_le_bytes());
                body.extend(0_u32.to_le_bytes());
                body.extend(bytes.to_le_bytes());
                uleb128(body, 0);
                body.extend(instructions.into_iter().flat_map(|program| program.iter()));
            });
        }
        out
    }

    fn common_entry(&mut self, target: Frames) {
        self.entry(|body| {
            body.extend(0_u32.to_le_bytes());
            body.push(1);
            body.extend(*b"zR\0");
            uleb128(body, target.code_align.into());
            sleb128(body, DATA_ALIGN.into());
            body.push(target.return_address);
            uleb128(body, 1);
            body.push(POINTER_DISTANCE);
            body.push(DEF_CFA);
            uleb128(body, target.stack_pointer.into());
            uleb128(body, target.entry_bytes.into());
            if target.entry_bytes > 0 {
                body.extend([OFFSET | target.return_address, 1]);
            }
        });
    }

    /// Adds an entry: its length, what `fill` writes, padding.
    fn entry(&mut self, fill: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        self.bytes.extend([0; 4]);
        fill(&mut self.bytes);
        self.bytes
            .resize(self.bytes.len().next_multiple_of(ENTRY_ALIGN), NOP);
        let length = (self.bytes.len() - start - 4) as u32;
        self.bytes[start..start + 4].copy_from_slice(&length.to_le_bytes());
    }

    /// For each function: where in `bytes` the distance to it belongs, and where it is in the text.
    pub fn functions(&self) -> impl Iterator<Item = (usize, u32)> + '_ {
        let field = |&(entry, start): &(u32, u32)| (entry as usize + FUNCTION_FIELD, start);
        self.entries.iter().map(field)
    }

    /// Fills the distances in, given where the section and the text are.
    pub fn resolve(&mut self, address: u64, text: u64) {
        for &(entry, start) in &self.entries {
            let field = entry as usize + FUNCTION_FIELD;
            let distance = distance(address + field as u64, text + u64::from(start));
            self.bytes[field..field + 4].copy_from_slice(&distance);
        }
    }

    /// Size of `.eh_frame_hdr`.
    pub fn table_bytes(&self) -> usize {
        12 + 8 * self.entries.len()
    }

    /// `.eh_frame_hdr` at `address`.
    pub fn table(&self, address: u64, eh_frame: u64, text: u64) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.table_bytes());
        out.extend([1, POINTER_DISTANCE, NUMBER, POINTER_TABLE]);
        out.extend(distance(address + 4, eh_frame));
        out.extend((self.entries.len() as u32).to_le_bytes());
        for &(entry, start) in &self.entries {
            out.extend(distance(address, text + u64::from(start)));
            out.extend(distance(address, eh_frame + u64::from(entry)));
        }
        out
    }
}

/// Link bounds text and tables so that any two places of a file are within reach of each other.
fn distance(from: u64, to: u64) -> [u8; 4] {
    let distance = to.wrapping_sub(from).cast_signed();
    debug_assert!(i32::try_from(distance).is_ok(), "{distance:#x}");
    (distance as i32).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_targets::Isa;

    fn word(bytes: &[u8], at: usize) -> u32 {
        u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
    }

    #[test]
    fn entries_point_to_their_functions() {
        let frames = link::Frames {
            programs: vec![Box::new([0x41, 0x0e, 16]), Box::new([])],
            rows: vec![(0, 20, 0), (32, 7, 1), (48, 100, 0)],
        };
        for isa in Isa::ALL {
            let mut eh_frame = EhFrame::new(&frames, isa.backend().frames());
            eh_frame.resolve(0x1000, 0x20000);
            let bytes = &eh_frame.bytes;
            let mut at = word(bytes, 0) as usize + 4;
            for &(start, size, program) in &frames.rows {
                let length = word(bytes, at) as usize;
                assert_eq!(
                    at + 4 - word(bytes, at + 4) as usize,
                    0,
                    "its common entry is the first"
                );
                let field = 0x1000 + at as u32 + 8;
                assert_eq!(word(bytes, at + 8).wrapping_add(field), 0x20000 + start);
                assert_eq!(word(bytes, at + 12), size);
                let program = &frames.programs[program as usize];
                assert_eq!(&bytes[at + 17..at + 17 + program.len()], &program[..]);
                at += length + 4;
            }
            assert_eq!(at, bytes.len());

            let table = eh_frame.table(0x800, 0x1000, 0x20000);
            assert_eq!(table.len(), eh_frame.table_bytes());
            assert_eq!(word(&table, 8), 3);
            assert_eq!(word(&table, 12 + 8), 0x20000 + 32 - 0x800);
        }
    }

    #[test]
    fn no_code_needs_no_entries() {
        let eh_frame = EhFrame::new(&link::Frames::default(), Isa::X86_64.backend().frames());
        assert!(eh_frame.bytes.is_empty());
        assert_eq!(eh_frame.table(0, 0, 0).len(), 12);
    }
}
