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
//! runtime maps the parts itself.

use super::build_id::{BUILD_ID_BYTES, build_id, note};
use super::elf::{self, FILE_HEADER_BYTES, FileHeader, SECTION_HEADER_BYTES, SYMBOL_BYTES, Symbol};
use super::plan::{DYNAMIC_ENTRIES, Part, Plan, SECTION_NAMES, plan};
use super::unwind::EhFrame;
use crate::link::{Linked, Target};
use ahead_artifact::header::{IMAGE_OFFSET_FIELD, MODULE_SYMBOL, TEXT_OFFSET_FIELD};
use ahead_artifact::wire::Writer;
use object::elf::*;

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
    let sections = if linked.image.is_empty() {
        Part::Image as usize
    } else {
        plan.sections.len()
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
        (Part::BuildId, &note([0; BUILD_ID_BYTES])[..]),
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
    // Of the file as it is, with zeroes in its own place.
    let note = note(build_id(&out));
    out[plan.at(Part::BuildId).offset as usize..][..note.len()].copy_from_slice(&note);
    out
}

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut out = Writer::default();
    write(&mut out);
    out.finish()
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
