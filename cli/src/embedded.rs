//! Data between instructions: jump tables and constants, which the code generator puts where they are used.
//!
//! No table of the artefact says where they are, but the code does: a constant is loaded from an address
//! that its instruction names, and a jump table stands right behind the jump that an address of it was
//! computed for. Without this a disassembly shows them as instructions that nobody wrote.

use ahead_targets::Isa;
use std::collections::BTreeMap;
use std::ops::Range;

/// Bytes of an entry of a jump table: the distance of a target from the table's start.
const ENTRY_BYTES: u32 = 4;

/// A piece of data at some place of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// An entry of a jump table, with the place it leads to.
    Entry { target: u32 },
    /// A constant of so many bytes.
    Constant { bytes: u32 },
}

impl Embedded {
    pub fn bytes(self) -> u32 {
        match self {
            Embedded::Entry { .. } => ENTRY_BYTES,
            Embedded::Constant { bytes } => bytes,
        }
    }
}

/// Learns from a function's instructions, as they come, where data lies behind them.
#[derive(Debug)]
pub struct Finder<'a> {
    isa: Isa,
    /// Where the function starts in the text.
    start: u32,
    code: &'a [u8],
    found: BTreeMap<u32, Embedded>,
    /// The last address that an instruction computed relative to itself.
    address: Option<u32>,
}

impl<'a> Finder<'a> {
    pub fn new(isa: Isa, start: u32, code: &'a [u8]) -> Self {
        Finder {
            isa,
            start,
            code,
            found: BTreeMap::new(),
            address: None,
        }
    }

    /// The data at exactly this place.
    pub fn at(&self, offset: u32) -> Option<Embedded> {
        self.found.get(&offset).copied()
    }

    /// Where the next data behind this place starts, or the function ends.
    pub fn next(&self, offset: u32) -> u32 {
        let mut behind = self.found.range(offset..);
        behind.next().map_or(self.end(), |(&start, _)| start)
    }

    fn end(&self) -> u32 {
        self.start + self.code.len() as u32
    }

    /// Takes note of an instruction, given as it is printed.
    pub fn see(&mut self, place: Range<u32>, mnemonic: &str, operands: &str) {
        match (self.isa, mnemonic) {
            (Isa::X86_64, "lea") => self.address = rip_relative(operands, place.end),
            (Isa::Aarch64, "adr") => self.address = absolute(operands),
            (Isa::X86_64, "jmp") | (Isa::Aarch64, "br") => {
                if self.address == Some(place.end) {
                    self.find_entries(place.end);
                }
            }
            (Isa::X86_64, _) => {
                let bytes = pointed_bytes(operands);
                if let (Some(bytes), Some(offset)) = (bytes, rip_relative(operands, place.end)) {
                    self.find_constant(place.end, offset, bytes);
                }
            }
            (Isa::Aarch64, "ldr") => {
                if let (Some(bytes), Some(offset)) = (register_bytes(operands), absolute(operands))
                {
                    self.find_constant(place.end, offset, bytes);
                }
            }
            (Isa::Aarch64, _) => {}
        }
    }

    fn find_constant(&mut self, behind: u32, offset: u32, bytes: u32) {
        if offset >= behind && self.word(offset, bytes).is_some() {
            self.found.insert(offset, Embedded::Constant { bytes });
        }
    }

    /// Entries up to the first place that one of them leads to, or that cannot be one.
    fn find_entries(&mut self, table: u32) {
        let mut end = self.end();
        let mut offset = table;
        while offset < end {
            let Some(entry) = self.word(offset, ENTRY_BYTES) else {
                return;
            };
            let distance = entry as u32 as i32;
            let target = i64::from(table) + i64::from(distance);
            let inside = |target: &u32| (self.start..self.end()).contains(target);
            let Some(target) = u32::try_from(target).ok().filter(inside) else {
                return;
            };
            if target >= table {
                end = end.min(target);
            }
            self.found.insert(offset, Embedded::Entry { target });
            offset += ENTRY_BYTES;
        }
    }

    /// The number that lies at a place, if that is inside the function.
    fn word(&self, offset: u32, bytes: u32) -> Option<u128> {
        let at = offset.checked_sub(self.start)? as usize;
        let bytes = self.code.get(at..at.checked_add(bytes as usize)?)?;
        Some(
            bytes
                .iter()
                .rev()
                .fold(0, |word, &byte| word << 8 | u128::from(byte)),
        )
    }
}

/// The address in operands such as `rcx, [rip + 0x10]`.
fn rip_relative(operands: &str, end: u32) -> Option<u32> {
    let (_, rest) = operands.split_once("[rip ")?;
    let (displacement, _) = rest.split_once(']')?;
    let distance = number(displacement.get(2..)?)?;
    match displacement.get(..1)? {
        "+" => end.checked_add(distance),
        "-" => end.checked_sub(distance),
        _ => None,
    }
}

/// The address in operands such as `x9, #0x58`.
fn absolute(operands: &str) -> Option<u32> {
    let (_, address) = operands.split_once(", #")?;
    number(address)
}

fn number(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// What `qword ptr [...]` and its like point to.
fn pointed_bytes(operands: &str) -> Option<u32> {
    let (before, _) = operands.split_once(" ptr [rip ")?;
    Some(match before.rsplit([' ', ',']).next()? {
        "dword" => 4,
        "qword" => 8,
        "xmmword" => 16,
        _ => return None,
    })
}

/// What a load to this register of aarch64 takes.
fn register_bytes(operands: &str) -> Option<u32> {
    Some(match operands.as_bytes().first()? {
        b's' | b'w' => 4,
        b'd' | b'x' => 8,
        b'q' => 16,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_ends_where_its_first_target_is() {
        // A jump of two bytes, a table of three entries at 0x102, code at 0x10e, 0x110 and 0x112.
        let mut code = vec![0xff, 0xe1];
        for distance in [12u32, 14, 16] {
            code.extend_from_slice(&distance.to_le_bytes());
        }
        code.extend_from_slice(&[0x90; 6]);
        let mut finder = Finder::new(Isa::X86_64, 0x100, &code);
        finder.see(0xf0..0xf7, "lea", "rcx, [rip + 0xb]");
        finder.see(0x100..0x102, "jmp", "rcx");
        assert_eq!(finder.at(0x102), Some(Embedded::Entry { target: 0x10e }));
        assert_eq!(finder.at(0x10a), Some(Embedded::Entry { target: 0x112 }));
        assert_eq!(finder.at(0x10e), None);
    }

    #[test]
    fn a_jump_elsewhere_has_no_table() {
        let code = [0; 16];
        let mut finder = Finder::new(Isa::Aarch64, 0, &code);
        finder.see(0..4, "adr", "x9, #0x20");
        finder.see(4..8, "br", "x9");
        assert_eq!(finder.at(8), None);
    }

    #[test]
    fn constants_are_as_wide_as_their_loads() {
        let code = [0; 64];
        let mut finder = Finder::new(Isa::X86_64, 0, &code);
        finder.see(0..8, "movsd", "xmm0, qword ptr [rip + 0x18]");
        finder.see(8..16, "andpd", "xmm0, xmmword ptr [rip + 0x20]");
        finder.see(16..20, "mov", "rax, qword ptr [rdi + 0x20]");
        finder.see(20..28, "movsd", "xmm0, qword ptr [rip + 0x7000]");
        assert_eq!(finder.at(0x20), Some(Embedded::Constant { bytes: 8 }));
        assert_eq!(finder.at(0x30), Some(Embedded::Constant { bytes: 16 }));
        assert_eq!(finder.found.len(), 2);
        let mut finder = Finder::new(Isa::Aarch64, 0, &code);
        finder.see(0..4, "ldr", "d0, #8");
        assert_eq!(finder.at(8), Some(Embedded::Constant { bytes: 8 }));
    }
}
