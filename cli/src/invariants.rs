//! What an artefact promises to whoever maps it, checked on the file itself.
//!
//! The compiler's tests check the same of what it writes; this is for a file that comes from elsewhere.

use crate::artefact::ArtefactFile;
use ahead_artifact::header::MODULE_SYMBOL;
use ahead_artifact::tunables::SEGMENT_ALIGN_BYTES;
use anyhow::{Context, Result};
use object::elf;
use object::read::elf::{Dyn, ProgramHeader};
use object::{Object, ObjectKind, ObjectSymbol};

/// A property of the file that others rely on.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    pub says: &'static str,
    pub holds: bool,
}

/// What a `.so` promises to whoever maps it. Of the other kinds only what concerns the whole file: a
/// linker has its own say about them.
pub fn invariants(file: &ArtefactFile) -> Result<Vec<Invariant>> {
    let elf = file.elf()?;
    let endian = elf.endian();
    let mut checks = vec![Invariant {
        says: "its image is inside the file",
        holds: file.image_is_present()?,
    }];
    let mut check = |says, holds| checks.push(Invariant { says, holds });
    let headers = elf.elf_program_headers();
    if file.kind != ObjectKind::Relocatable {
        let both = elf::PF_W | elf::PF_X;
        check(
            "no segment is writable and executable",
            headers
                .iter()
                .all(|header| header.p_flags(endian) & both != both),
        );
    }
    if file.kind != ObjectKind::Dynamic || file.is_program()? {
        return Ok(checks);
    }
    let exported: Vec<_> = elf
        .dynamic_symbols()
        .filter(ObjectSymbol::is_definition)
        .collect();
    check(
        "it exports one symbol, `ahead_module`",
        matches!(&exported[..], [symbol] if symbol.name() == Ok(MODULE_SYMBOL)),
    );
    check(
        "it has no undefined symbols",
        elf.dynamic_symbols().all(|symbol| !symbol.is_undefined()),
    );
    let mut tags = Vec::new();
    for header in headers {
        let entries = header
            .dynamic(endian, elf.data())
            .context("damaged ELF file: its dynamic section")?;
        tags.extend(
            entries
                .unwrap_or_default()
                .iter()
                .map(|entry| entry.d_tag(endian)),
        );
    }
    let lacks = |unwanted: &[i64]| !tags.iter().any(|tag| unwanted.contains(tag));
    check("it needs no other library", lacks(&[elf::DT_NEEDED]));
    check(
        "it has no relocations to apply",
        lacks(&[elf::DT_REL, elf::DT_RELA, elf::DT_JMPREL, elf::DT_TEXTREL]),
    );
    check(
        "it runs nothing when it is loaded",
        lacks(&[
            elf::DT_INIT,
            elf::DT_INIT_ARRAY,
            elf::DT_FINI,
            elf::DT_FINI_ARRAY,
            elf::DT_PREINIT_ARRAY,
        ]),
    );
    check(
        "its segments are aligned to 64 KiB",
        headers
            .iter()
            .filter(|header| header.p_type(endian) == elf::PT_LOAD)
            .all(|header| {
                let align = header.p_align(endian);
                align >= SEGMENT_ALIGN_BYTES
                    && align % SEGMENT_ALIGN_BYTES == 0
                    && (header.p_vaddr(endian).wrapping_sub(header.p_offset(endian))) % align == 0
            }),
    );
    Ok(checks)
}
