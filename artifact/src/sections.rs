//! The section table: which tables an artefact has and where they lie in its metadata.

use crate::header::{ABI_MAJOR, ABI_MINOR, HEADER_BYTES, MAGIC, ModuleHeader};
use crate::tunables::{Bounds, SEGMENT_ALIGN_BYTES};
use crate::wire::{FormatError, Reader, Writer};

macro_rules! section_kinds {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        /// Kinds of section. Numbers are part of the ABI: append only. A reader skips what it does not know.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum SectionKind { $($(#[$doc])* $name = $number,)* }

        impl SectionKind {
            pub const ALL: &'static [SectionKind] = &[$(SectionKind::$name,)*];

            pub fn from_number(number: u32) -> Option<Self> {
                match number { $($number => Some(SectionKind::$name),)* _ => None }
            }

            pub fn name(self) -> &'static str {
                match self { $(SectionKind::$name => stringify!($name),)* }
            }
        }
    };
}

section_kinds! {
    /// Types, imports, exports, tables, memories, globals: [`crate::interface`]. Read at open.
    Interface = 1,
    /// Code range and type of each function: [`crate::functions`]. Read by entry.
    Functions = 2,
    /// Trampolines by type: [`crate::functions`]. Read by entry.
    Trampolines = 3,
    /// [`crate::data`]. Read at first instantiation.
    DataSegments = 4,
    /// Bytes of data segments outside the image.
    Data = 5,
    /// Runs of the memory image: [`crate::data`]. Read at first instantiation.
    Image = 6,
    /// [`crate::elements`]. Read at first instantiation.
    ElementSegments = 7,
    /// Rows of tables that never change, read by compiled code: [`StaticTableRow`].
    StaticTables = 8,
    /// [`crate::trap`]. Read by the trap handler.
    Traps = 9,
    /// [`crate::address_map`]. Read for backtraces.
    Addresses = 10,
    /// [`crate::names`]. Read for backtraces.
    Names = 11,
    /// UTF-8: the module's own name, if it has one.
    ModuleName = 12,
    /// UTF-8: the compiler's version and the options that made the artefact.
    Producer = 13,
    /// Where calls that may throw go on: [`crate::exceptions`]. Read when something is thrown.
    Exceptions = 14,
    /// What each function saves: [`crate::saved_registers`]. Read when something is thrown.
    SavedRegisters = 15,
}

/// Sections start at multiples of this.
const SECTION_ALIGN: usize = 16;

/// Bytes of one entry of the section table: kind, reserved, offset, size.
const ENTRY_BYTES: usize = 24;

/// One row of a static table as compiled code reads it: what a `call_indirect` needs and nothing else.
/// `type_number` is the canonical type index plus one, 0 for a null element.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaticTableRow {
    pub type_number: u32,
    /// Start of the function from the start of the text.
    pub text_offset: u32,
}

const _: () = assert!(size_of::<StaticTableRow>() == 8);

/// What the header says beside what the builder counts itself.
#[derive(Clone, Copy, Debug)]
pub struct HeaderFacts {
    pub machine: u16,
    pub bounds: Bounds,
    pub builtin_count: u32,
    pub cpu_features: u64,
    pub text_bytes: u64,
    pub image_bytes: u64,
}

/// Where the first of `count` sections starts. They follow one another without gaps but for alignment, so a
/// reader knows where each has to be: a damaged entry of the table is not taken for another section's place.
const fn first_section(count: usize) -> usize {
    (HEADER_BYTES + count * ENTRY_BYTES).next_multiple_of(SECTION_ALIGN)
}

/// Lays sections out behind a header.
#[derive(Debug, Default)]
pub struct MetadataBuilder {
    sections: Vec<(SectionKind, Vec<u8>)>,
}

impl MetadataBuilder {
    /// Adds a section; an empty one is left out.
    ///
    /// # Panics
    /// If the kind is there already.
    pub fn section(&mut self, kind: SectionKind, bytes: Vec<u8>) {
        assert!(
            self.sections.iter().all(|section| section.0 != kind),
            "two sections {kind:?}"
        );
        if !bytes.is_empty() {
            self.sections.push((kind, bytes));
        }
    }

    /// Where section `kind` will start, from the header's first byte. Sections do not move once added, so
    /// code can be relocated against them before [`Self::finish`], provided all kinds have been added.
    pub fn offset_of(&self, kind: SectionKind) -> Option<usize> {
        let mut offset = self.first_section();
        for (section, bytes) in &self.sections {
            if *section == kind {
                return Some(offset);
            }
            offset = (offset + bytes.len()).next_multiple_of(SECTION_ALIGN);
        }
        None
    }

    fn first_section(&self) -> usize {
        first_section(self.sections.len())
    }

    /// The metadata. `text_offset` and `image_offset` are left 0, to be patched at the fields named in
    /// [`crate::header`] once the layout of the file is known.
    pub fn finish(self, facts: HeaderFacts) -> Vec<u8> {
        let mut table = Writer::default();
        let mut body = Vec::new();
        let first = self.first_section();
        for (kind, bytes) in &self.sections {
            table.u32(*kind as u32);
            table.u32(0);
            table.u64((first + body.len()) as u64);
            table.u64(bytes.len() as u64);
            body.extend_from_slice(bytes);
            body.resize(body.len().next_multiple_of(SECTION_ALIGN), 0);
        }
        let header = ModuleHeader {
            magic: MAGIC,
            abi_major: ABI_MAJOR,
            abi_minor: ABI_MINOR,
            machine: facts.machine,
            bounds: facts.bounds.to_byte(),
            reserved0: 0,
            builtin_count: facts.builtin_count,
            page_bytes: SEGMENT_ALIGN_BYTES as u32,
            cpu_features: facts.cpu_features,
            metadata_bytes: (first + body.len()) as u64,
            text_offset: 0,
            text_bytes: facts.text_bytes,
            image_offset: 0,
            image_bytes: facts.image_bytes,
            section_count: self.sections.len() as u32,
            reserved1: 0,
        };
        let mut out = header.to_bytes().to_vec();
        out.extend_from_slice(&table.finish());
        out.resize(first, 0);
        out.extend_from_slice(&body);
        out
    }
}

/// The metadata of an artefact, header checked, sections found.
#[derive(Clone, Debug)]
pub struct Metadata<'a> {
    pub header: ModuleHeader,
    bytes: &'a [u8],
    /// Kind, offset, size; every range is inside `bytes`.
    sections: Vec<(SectionKind, usize, usize)>,
}

impl<'a> Metadata<'a> {
    /// Reads header and section table from `bytes`, which start at the header and hold at least the
    /// metadata. Checks that each section is inside the metadata; looks into none.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FormatError> {
        let header = ModuleHeader::parse(bytes)?;
        let mut table = Reader::at("section table", bytes, HEADER_BYTES);
        if !header.abi_is_supported() {
            return Err(table.error(format!(
                "ABI version {}.{}, and this runtime reads {ABI_MAJOR}.0 to {ABI_MAJOR}.{ABI_MINOR},",
                header.abi_major, header.abi_minor
            )));
        }
        let metadata_bytes = usize::try_from(header.metadata_bytes)
            .ok()
            .filter(|&size| size <= bytes.len());
        let Some(metadata_bytes) = metadata_bytes else {
            return Err(table.error(format!(
                "{} bytes of metadata in {} bytes",
                header.metadata_bytes,
                bytes.len()
            )));
        };
        let bytes = &bytes[..metadata_bytes];
        let mut sections: Vec<(SectionKind, usize, usize)> = Vec::new();
        let mut next = first_section(header.section_count as usize) as u64;
        for _ in 0..header.section_count {
            let kind = table.u32()?;
            table.u32()?;
            let (offset, size) = (table.u64()?, table.u64()?);
            if offset != next {
                return Err(table.error(format!("section {kind} not behind the one before it")));
            }
            if offset
                .checked_add(size)
                .is_none_or(|end| end > metadata_bytes as u64)
            {
                return Err(table.error(format!("section {kind} beyond the end")));
            }
            next = (offset + size).next_multiple_of(SECTION_ALIGN as u64);
            if let Some(kind) = SectionKind::from_number(kind) {
                if sections.iter().any(|&(other, ..)| other == kind) {
                    return Err(table.error(format!("two sections {kind:?}")));
                }
                sections.push((kind, offset as usize, size as usize));
            }
        }
        Ok(Metadata {
            header,
            bytes,
            sections,
        })
    }

    /// The bytes of a section; empty if the artefact has none.
    pub fn section(&self, kind: SectionKind) -> &'a [u8] {
        self.sections
            .iter()
            .find(|section| section.0 == kind)
            .map_or(&[], |&(_, offset, size)| &self.bytes[offset..offset + size])
    }

    /// The sections that are there: kind, offset in the metadata, bytes.
    pub fn sections(&self) -> &[(SectionKind, usize, usize)] {
        &self.sections
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> (Vec<u8>, usize) {
        let mut builder = MetadataBuilder::default();
        builder.section(SectionKind::Producer, b"ahead".to_vec());
        builder.section(SectionKind::Names, vec![]);
        builder.section(SectionKind::Traps, vec![1, 2, 3]);
        let traps = builder.offset_of(SectionKind::Traps).unwrap();
        let facts = HeaderFacts {
            machine: 62,
            bounds: Bounds::Guard,
            builtin_count: 1,
            cpu_features: 0,
            text_bytes: 10,
            image_bytes: 0,
        };
        (builder.finish(facts), traps)
    }

    #[test]
    fn sections_are_found() {
        let (bytes, traps) = sample();
        let metadata = Metadata::parse(&bytes).unwrap();
        assert_eq!(metadata.section(SectionKind::Producer), b"ahead");
        assert_eq!(metadata.section(SectionKind::Traps), [1, 2, 3]);
        assert_eq!(bytes[traps..traps + 3], [1, 2, 3]);
        assert!(metadata.section(SectionKind::Names).is_empty());
    }

    #[test]
    fn every_prefix_is_an_error() {
        let (bytes, _) = sample();
        for length in 0..bytes.len() {
            assert!(
                Metadata::parse(&bytes[..length]).is_err(),
                "prefix of {length} bytes"
            );
        }
    }

    #[test]
    fn a_section_in_another_place_is_an_error() {
        let (bytes, _) = sample();
        for bit in 0..16 {
            let mut bytes = bytes.clone();
            bytes[HEADER_BYTES + 8 + bit / 8] ^= 1 << (bit % 8);
            let message = Metadata::parse(&bytes).unwrap_err().to_string();
            assert!(message.contains("not behind"), "bit {bit}: {message}");
        }
    }

    #[test]
    fn another_abi_is_named() {
        let (mut bytes, _) = sample();
        bytes[8] = 9;
        let message = Metadata::parse(&bytes).unwrap_err().to_string();
        assert!(message.contains("ABI version 9.0"), "{message}");
    }
}
