//! The `.so`: a file that is mapped and used as it is.
//!
//! ```text
//! R    headers | build id | symbol and hash tables | unwind tables | metadata
//! RX   text
//! R    image                                         only if there is one
//! RW   .dynamic                                      older C libraries write into it
//! -    symbol table for tools, section headers       not mapped
//! ```
//! There is one dynamic symbol, the module's header. There are no undefined symbols, no needed libraries,
//! no relocations and no initialisers, so the dynamic loader has nothing to do but map it; Ahead's own
//! runtime maps the parts itself. Segments are congruent to their file offsets modulo 64 KiB, the largest
//! page of either target, and each starts on a page of 4 KiB in the file.

use super::build_id::{BUILD_ID_BYTES, build_id};
use super::elf::{
    self, DYNAMIC_BYTES, FILE_HEADER_BYTES, FileHeader, PROGRAM_HEADER_BYTES, SECTION_HEADER_BYTES,
    SYMBOL_BYTES, Section, Segment, Symbol,
};
use super::unwind::EhFrame;
use crate::link::{Linked, Target};
use ahead_artifact::header::{IMAGE_OFFSET_FIELD, MODULE_SYMBOL, TEXT_OFFSET_FIELD};
use ahead_artifact::tunables::SEGMENT_ALIGN_BYTES;
use ahead_artifact::wire::Writer;
use object::elf::*;

/// Where segments start in the file.
const FILE_PAGE_BYTES: u64 = 4096;

/// The sections by their places in the section table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
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
const SECTION_NAMES: [&str; Part::Image as usize + 1] = [
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
struct Plan {
    /// By [`Part`].
    sections: [Section; SECTION_NAMES.len()],
    segments: Vec<Segment>,
    offset: u64,
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

    fn at(&self, id: Part) -> Section {
        self.sections[id as usize]
    }
}

/// Writes a linked module as a shared object.
///
/// # Panics
/// Never for what `link` made: it bounds the sizes that distances depend on.
pub fn shared_object(linked: &Linked) -> Vec<u8> {
    let backend = linked.config.target.backend();
    let mut eh_frame = EhFrame::new(&linked.frames, backend.frames());
    // The end of the list.
    eh_frame.bytes.extend([0; 4]);
    let (names, name_starts) = symbol_names(linked);
    let (section_names, section_name_starts) = strings(SECTION_NAMES[1..].iter().copied());
    let plan = plan(linked, &eh_frame, names.len(), section_names.len());
    let [metadata, text, image] = [Part::Metadata, Part::Text, Part::Image].map(|id| plan.at(id));

    eh_frame.resolve(plan.at(Part::EhFrame).address, text.address);
    let eh_frame_hdr = eh_frame.table(
        plan.at(Part::EhFrameHdr).address,
        plan.at(Part::EhFrame).address,
        text.address,
    );

    let section_headers = plan.offset.next_multiple_of(8);
    let sections = match linked.image.is_empty() {
        true => Part::Image as usize,
        false => plan.sections.len(),
    };
    let bytes = section_headers as usize + sections * SECTION_HEADER_BYTES;
    let mut out = vec![0; bytes];
    let mut put = |offset: u64, bytes: &[u8]| {
        out[offset as usize..][..bytes.len()].copy_from_slice(bytes);
    };
    let header = FileHeader {
        machine: linked.config.target.machine(),
        program_headers: plan.segments.len(),
        section_headers_offset: section_headers,
        section_headers: sections,
        section_names: Part::SectionNames as usize,
    };
    put(0, &written(|out| header.write(out)));
    put(
        FILE_HEADER_BYTES as u64,
        &written(|out| plan.segments.iter().for_each(|segment| segment.write(out))),
    );
    for (id, bytes) in [
        (Part::BuildId, &build_id_note([0; BUILD_ID_BYTES])[..]),
        (Part::GnuHash, &elf::gnu_hash_of_one(MODULE_SYMBOL)),
        (Part::Hash, &elf::hash_of_one()),
        (Part::DynSym, &dynamic_symbols(&plan)),
        (Part::DynStr, &dynamic_strings()),
        (Part::EhFrameHdr, &eh_frame_hdr),
        (Part::EhFrame, &eh_frame.bytes),
        (Part::Metadata, &linked.metadata),
        (Part::Text, &linked.text),
        (Part::Image, &linked.image),
        (Part::Dynamic, &dynamic(&plan)),
        (Part::SymTab, &symbols(linked, &plan, &name_starts)),
        (Part::StrTab, &names),
        (Part::SectionNames, &section_names),
    ] {
        debug_assert_eq!(plan.at(id).bytes, bytes.len() as u64, "{id:?}");
        put(plan.at(id).offset, bytes);
    }
    let fields = [(TEXT_OFFSET_FIELD, text), (IMAGE_OFFSET_FIELD, image)];
    for (field, target) in fields.into_iter().filter(|(_, target)| target.bytes > 0) {
        let distance = target.address.wrapping_sub(metadata.address);
        put(metadata.offset + field as u64, &distance.to_le_bytes());
    }
    put(
        section_headers,
        &written(|out| {
            let names = [0].into_iter().chain(section_name_starts);
            for (section, name) in plan.sections.iter().zip(names).take(sections) {
                section.write(name, out);
            }
        }),
    );
    let code = &mut out[text.offset as usize..][..text.bytes as usize];
    for reference in &linked.references {
        let target = match reference.target {
            Target::Text(offset) => text.address + u64::from(offset),
            Target::Metadata(offset) => metadata.address + u64::from(offset),
        };
        backend
            .patch(
                code,
                reference.offset as usize,
                reference.kind,
                text.address + u64::from(reference.offset),
                target.wrapping_add_signed(reference.addend),
            )
            .expect("link bounds the sizes of text and metadata");
    }
    let note = build_id_note(build_id(&out));
    out[plan.at(Part::BuildId).offset as usize..][..note.len()].copy_from_slice(&note);
    out
}

/// Chooses offsets and addresses.
fn plan(linked: &Linked, eh_frame: &EhFrame, names: usize, section_names: usize) -> Plan {
    const PROGRAM_HEADERS: usize = 8;
    let has_image = !linked.image.is_empty();
    let mut plan = Plan::new(PROGRAM_HEADERS - usize::from(!has_image));
    let read_only = |kind, align| Section {
        kind,
        flags: SHF_ALLOC,
        align,
        ..Section::default()
    };
    let note = build_id_note([0; BUILD_ID_BYTES]);
    plan.section(Part::BuildId, note.len(), read_only(SHT_NOTE, 4));
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
        dynamic_strings().len(),
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

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut out = Writer::default();
    write(&mut out);
    out.finish()
}

fn build_id_note(id: [u8; BUILD_ID_BYTES]) -> Vec<u8> {
    written(|out| {
        out.u32(ELF_NOTE_GNU.len() as u32 + 1);
        out.u32(id.len() as u32);
        out.u32(NT_GNU_BUILD_ID);
        out.raw(ELF_NOTE_GNU);
        out.u8(0);
        out.raw(&id);
    })
}

fn dynamic_strings() -> Vec<u8> {
    format!("\0{MODULE_SYMBOL}\0").into_bytes()
}

/// The null symbol and the module.
fn dynamic_symbols(plan: &Plan) -> Vec<u8> {
    written(|out| {
        Symbol::default().write(out);
        module_symbol(plan, 1).write(out);
    })
}

fn module_symbol(plan: &Plan, name: u32) -> Symbol {
    let metadata = plan.at(Part::Metadata);
    Symbol {
        name,
        info: Symbol::info(STB_GLOBAL, STT_OBJECT),
        section: Part::Metadata as u16,
        value: metadata.address,
        bytes: metadata.bytes,
    }
}

const DYNAMIC_ENTRIES: usize = 7;

fn dynamic(plan: &Plan) -> Vec<u8> {
    let address = |id| plan.at(id).address;
    let entries: [_; DYNAMIC_ENTRIES] = [
        (DT_HASH, address(Part::Hash)),
        (DT_GNU_HASH, address(Part::GnuHash)),
        (DT_STRTAB, address(Part::DynStr)),
        (DT_SYMTAB, address(Part::DynSym)),
        (DT_STRSZ, plan.at(Part::DynStr).bytes),
        (DT_SYMENT, SYMBOL_BYTES as u64),
        (DT_NULL, 0),
    ];
    written(|out| {
        for (tag, value) in entries {
            out.u64(tag.cast_unsigned());
            out.u64(value);
        }
    })
}

/// The names of [`symbols`], and where each starts.
fn symbol_names(linked: &Linked) -> (Vec<u8>, Vec<u32>) {
    let names = linked.symbols.iter().map(|symbol| &*symbol.name);
    strings(names.chain([MODULE_SYMBOL]))
}

/// Functions by name, for tools, and the module.
fn symbols(linked: &Linked, plan: &Plan, names: &[u32]) -> Vec<u8> {
    let text = plan.at(Part::Text).address;
    written(|out| {
        Symbol::default().write(out);
        for (symbol, &name) in linked.symbols.iter().zip(names) {
            Symbol {
                name,
                info: Symbol::info(STB_LOCAL, STT_FUNC),
                section: Part::Text as u16,
                value: text + u64::from(symbol.start),
                bytes: symbol.bytes.into(),
            }
            .write(out);
        }
        module_symbol(plan, names[linked.symbols.len()]).write(out);
    })
}

/// Strings with an end each, behind an empty one, and where each starts.
fn strings<'a>(list: impl Iterator<Item = &'a str>) -> (Vec<u8>, Vec<u32>) {
    let mut bytes = vec![0];
    let mut starts = Vec::new();
    for string in list {
        starts.push(bytes.len() as u32);
        bytes.extend(string.as_bytes());
        bytes.push(0);
    }
    (bytes, starts)
}
