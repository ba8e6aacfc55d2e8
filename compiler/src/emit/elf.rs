//! ELF's records as bytes: file header, program headers, section headers, symbols, dynamic entries.
//!
//! Just what a 64-bit little-endian shared object needs. Numbers come from the `object` crate's list of
//! ELF constants.

use ahead_artifact::wire::Writer;
use object::elf;

pub const FILE_HEADER_BYTES: usize = 64;
pub const PROGRAM_HEADER_BYTES: usize = 56;
pub const SECTION_HEADER_BYTES: usize = 64;
pub const SYMBOL_BYTES: usize = 24;
pub const DYNAMIC_BYTES: usize = 16;

/// The file header of a shared object.
#[derive(Clone, Copy, Debug)]
pub struct FileHeader {
    pub machine: u16,
    pub program_headers: usize,
    pub section_headers_offset: u64,
    pub section_headers: usize,
    /// Which section holds the names of sections.
    pub section_names: usize,
}

impl FileHeader {
    pub fn write(&self, out: &mut Writer) {
        out.raw(&elf::ELFMAG);
        out.raw(&[
            elf::ELFCLASS64,
            elf::ELFDATA2LSB,
            elf::EV_CURRENT,
            elf::ELFOSABI_NONE,
        ]);
        out.raw(&[0; 8]);
        out.u16(elf::ET_DYN);
        out.u16(self.machine);
        out.u32(elf::EV_CURRENT.into());
        out.u64(0);
        out.u64(FILE_HEADER_BYTES as u64);
        out.u64(self.section_headers_offset);
        out.u32(0);
        out.u16(FILE_HEADER_BYTES as u16);
        out.u16(PROGRAM_HEADER_BYTES as u16);
        out.u16(self.program_headers as u16);
        out.u16(SECTION_HEADER_BYTES as u16);
        out.u16(self.section_headers as u16);
        out.u16(self.section_names as u16);
    }
}

/// A program header; physical addresses are the virtual ones.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    pub kind: u32,
    pub flags: u32,
    pub offset: u64,
    pub address: u64,
    pub bytes: u64,
    pub align: u64,
}

impl Segment {
    pub fn write(&self, out: &mut Writer) {
        out.u32(self.kind);
        out.u32(self.flags);
        out.u64(self.offset);
        out.u64(self.address);
        out.u64(self.address);
        out.u64(self.bytes);
        out.u64(self.bytes);
        out.u64(self.align);
    }
}

/// A section header.
#[derive(Clone, Copy, Debug, Default)]
pub struct Section {
    pub kind: u32,
    pub flags: u32,
    pub address: u64,
    pub offset: u64,
    pub bytes: u64,
    pub link: u32,
    pub info: u32,
    pub align: u64,
    pub entry_bytes: u64,
}

impl Section {
    /// `name` is where the name starts in the section of names.
    pub fn write(&self, name: u32, out: &mut Writer) {
        out.u32(name);
        out.u32(self.kind);
        out.u64(self.flags.into());
        out.u64(self.address);
        out.u64(self.offset);
        out.u64(self.bytes);
        out.u32(self.link);
        out.u32(self.info);
        out.u64(self.align);
        out.u64(self.entry_bytes);
    }
}

/// A symbol.
#[derive(Clone, Copy, Debug, Default)]
pub struct Symbol {
    /// Where its name starts in the section of strings.
    pub name: u32,
    /// Binding and type.
    pub info: u8,
    pub section: u16,
    pub value: u64,
    pub bytes: u64,
}

impl Symbol {
    pub const fn info(binding: u8, kind: u8) -> u8 {
        binding << 4 | kind
    }

    pub fn write(&self, out: &mut Writer) {
        out.u32(self.name);
        out.u8(self.info);
        out.u8(elf::STV_DEFAULT);
        out.u16(self.section);
        out.u64(self.value);
        out.u64(self.bytes);
    }
}

/// `.gnu.hash` for a symbol table whose one symbol, behind the null symbol, is `name`.
pub fn gnu_hash_of_one(name: &str) -> Vec<u8> {
    /// The second bit of the filter: as far to the left as other linkers take it.
    const SHIFT: u32 = 6;
    let hash = elf::gnu_hash(name.as_bytes());
    let mut out = Writer::default();
    // One bucket, symbols from 1 on, one word of filter.
    for word in [1, 1, 1, SHIFT] {
        out.u32(word);
    }
    out.u64(1 << (hash % 64) | 1 << ((hash >> SHIFT) % 64));
    // The bucket starts at symbol 1, and its chain ends there.
    out.u32(1);
    out.u32(hash | 1);
    out.finish()
}

/// `.hash` for the same.
pub fn hash_of_one() -> Vec<u8> {
    let mut out = Writer::default();
    // One bucket, a chain of two symbols; the bucket starts at symbol 1, whose chain ends.
    for word in [1, 2, 1, 0, 0] {
        out.u32(word);
    }
    out.finish()
}
