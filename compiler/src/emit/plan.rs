//! Offsets and addresses of everything in a `.so`.
//!
//! Segments are congruent to their file offsets modulo 64 KiB, the largest page of either target, and
//! start on a page of 4 KiB in the file. No two share a page in memory.

use super::build_id::NOTE_BYTES;
use super::elf::{
    self, DYNAMIC_BYTES, FILE_HEADER_BYTES, PROGRAM_HEADER_BYTES, SYMBOL_BYTES, Section, Segment,
};
use super::unwind::EhFrame;
use crate::link::Linked;
use ahead_artifact::header::MODULE_SYMBOL;
use ahead_artifact::tunables::SEGMENT_ALIGN_BYTES;
use object::elf::*;

/// Entries of `.dynamic`.
pub const DYNAMIC_ENTRIES: usize = 7;

/// Where segments start in the file.
const FILE_PAGE_BYTES: u64 = 4096;

/// The sections by their places in the section table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    BuildId = 1,
    GnuHash,
    Hash,
    DynSym,
    DynStr,
    EhFrameHdr,
    EhFrame,
    Metadata,
    Text,
    Dynamic,
    SymTab,
    StrTab,
    SectionNames,
    /// Left out if there is none, so it comes last.
    Image,
}

/// Names of sections, by [`Part`].
pub const SECTION_NAMES: [&str; Part::Image as usize + 1] = [
    "",
    ".note.gnu.build-id",
    ".gnu.hash",
    ".hash",
    ".dynsym",
    ".dynstr",
    ".eh_frame_hdr",
    ".eh_frame",
    ".ahead",
    ".text",
    ".dynamic",
    ".symtab",
    ".strtab",
    ".shstrtab",
    ".ahead.image",
];

/// Where everything goes.
pub struct Plan {
    /// By [`Part`].
    pub sections: [Section; SECTION_NAMES.len()],
    pub segments: Vec<Segment>,
    /// The end of what has been placed so far.
    pub offset: u64,
    address: u64,
}

impl Plan {
    fn new(program_headers: usize) -> Self {
        let headers = (FILE_HEADER_BYTES + program_headers * PROGRAM_HEADER_BYTES) as u64;
        let mut plan = Plan {
            sections: [Section::default(); SECTION_NAMES.len()],
            segments: Vec::with_capacity(program_headers),
            offset: 0,
            address: 0,
        };
        plan.segment(PF_R, FILE_PAGE_BYTES);
        plan.offset = headers;
        plan.address = headers;
        plan
    }

    /// Starts a segment to be loaded; `file_align` is what its offset is a multiple of.
    fn segment(&mut self, flags: u32, file_align: u64) {
        self.end_segment();
        self.offset = self.offset.next_multiple_of(file_align);
        self.address =
            self.address.next_multiple_of(SEGMENT_ALIGN_BYTES) + self.offset % SEGMENT_ALIGN_BYTES;
        self.segments.push(Segment {
            kind: PT_LOAD,
            flags,
            offset: self.offset,
            address: self.address,
            bytes: 0,
            align: SEGMENT_ALIGN_BYTES,
        });
    }

    fn end_segment(&mut self) {
        if let Some(segment) = self.segments.last_mut().filter(|s| s.kind == PT_LOAD) {
            segment.bytes = self.offset - segment.offset;
        }
    }

    /// Places a section in the current segment, or behind the last one if it is not allocated.
    fn section(&mut self, id: Part, bytes: usize, section: Section) {
        let padding = self.offset.next_multiple_of(section.align) - self.offset;
        let allocated = section.flags & SHF_ALLOC != 0;
        self.offset += padding;
        self.address += padding;
        self.sections[id as usize] = Section {
            offset: self.offset,
            address: if allocated { self.address } else { 0 },
            bytes: bytes as u64,
            ..section
        };
        self.offset += bytes as u64;
        self.address += bytes as u64;
    }

    /// A program header that covers a section.
    fn cover(&mut self, kind: u32, flags: u32, id: Part) {
        let section = self.at(id);
        self.segments.push(Segment {
            kind,
            flags,
            offset: section.offset,
            address: section.address,
            bytes: section.bytes,
            align: section.align,
        });
    }

    pub fn at(&self, id: Part) -> Section {
        self.sections[id as usize]
    }
}

/// Chooses offsets and addresses for a module, given the sizes of what is made for the file.
pub fn plan(linked: &Linked, eh_frame: &EhFrame, names: usize, section_names: usize) -> Plan {
    const PROGRAM_HEADERS: usize = 8;
    let has_image = !linked.image.is_empty();
    let mut plan = Plan::new(PROGRAM_HEADERS - usize::from(!has_image));
    let read_only = |kind, align| Section {
        kind,
        flags: SHF_ALLOC,
        align,
        ..Section::default()
    };
    plan.section(Part::BuildId, NOTE_BYTES, read_only(SHT_NOTE, 4));
    plan.section(
        Part::GnuHash,
        elf::gnu_hash_of_one(MODULE_SYMBOL).len(),
        Section {
            link: Part::DynSym as u32,
            ..read_only(SHT_GNU_HASH, 8)
        },
    );
    plan.section(
        Part::Hash,
        elf::hash_of_one().len(),
        Section {
            link: Part::DynSym as u32,
            entry_bytes: 4,
            ..read_only(SHT_HASH, 8)
        },
    );
    plan.section(
        Part::DynSym,
        2 * SYMBOL_BYTES,
        Section {
            link: Part::DynStr as u32,
            // The first symbol that is not local.
            info: 1,
            entry_bytes: SYMBOL_BYTES as u64,
            ..read_only(SHT_DYNSYM, 8)
        },
    );
    plan.section(
        Part::DynStr,
        MODULE_SYMBOL.len() + 2,
        read_only(SHT_STRTAB, 1),
    );
    plan.section(
        Part::EhFrameHdr,
        eh_frame.table_bytes(),
        read_only(SHT_PROGBITS, 4),
    );
    plan.section(
        Part::EhFrame,
        eh_frame.bytes.len(),
        read_only(SHT_PROGBITS, 8),
    );
    plan.section(
        Part::Metadata,
        linked.metadata.len(),
        read_only(SHT_PROGBITS, 64),
    );
    plan.segment(PF_R | PF_X, FILE_PAGE_BYTES);
    plan.section(
        Part::Text,
        linked.text.len(),
        Section {
            flags: SHF_ALLOC | SHF_EXECINSTR,
            ..read_only(SHT_PROGBITS, 64)
        },
    );
    if has_image {
        // Parts of it are mapped by themselves: they must start on a page of any size.
        let file_align = if linked.image_is_mapped {
            SEGMENT_ALIGN_BYTES
        } else {
            FILE_PAGE_BYTES
        };
        plan.segment(PF_R, file_align);
        let section = read_only(SHT_PROGBITS, FILE_PAGE_BYTES);
        plan.section(Part::Image, linked.image.len(), section);
    }
    plan.segment(PF_R | PF_W, FILE_PAGE_BYTES);
    plan.section(
        Part::Dynamic,
        DYNAMIC_ENTRIES * DYNAMIC_BYTES,
        Section {
            flags: SHF_ALLOC | SHF_WRITE,
            link: Part::DynStr as u32,
            entry_bytes: DYNAMIC_BYTES as u64,
            ..read_only(SHT_DYNAMIC, 8)
        },
    );
    plan.end_segment();
    plan.cover(PT_DYNAMIC, PF_R | PF_W, Part::Dynamic);
    plan.cover(PT_NOTE, PF_R, Part::BuildId);
    plan.cover(PT_GNU_EH_FRAME, PF_R, Part::EhFrameHdr);
    plan.segments.push(Segment {
        kind: PT_GNU_STACK,
        flags: PF_R | PF_W,
        offset: 0,
        address: 0,
        bytes: 0,
        align: 16,
    });

    let tool = |kind, align| Section {
        flags: 0,
        ..read_only(kind, align)
    };
    plan.section(
        Part::SymTab,
        (linked.symbols.len() + 2) * SYMBOL_BYTES,
        Section {
            link: Part::StrTab as u32,
            info: linked.symbols.len() as u32 + 1,
            entry_bytes: SYMBOL_BYTES as u64,
            ..tool(SHT_SYMTAB, 8)
        },
    );
    plan.section(Part::StrTab, names, tool(SHT_STRTAB, 1));
    plan.section(Part::SectionNames, section_names, tool(SHT_STRTAB, 1));
    plan
}
