//! Reading an artefact from a file, to show it and not to run it.
//!
//! The header is looked for by its magic number, so that one reader serves `.so`, `.o` and executables,
//! stripped or not, of either target. Nothing here is trusted: every part is found by checked look-ups.

use crate::input::{self, Kind};
use ahead_artifact::functions::FunctionTable;
use ahead_artifact::header::{IMAGE_OFFSET_FIELD, TEXT_OFFSET_FIELD};
use ahead_artifact::trap::TrapTable;
use ahead_artifact::{Interface, MAGIC, Metadata, ModuleHeader, SectionKind};
use ahead_targets::Isa;
use anyhow::{Context, Result, bail};
use object::read::elf::ElfFile64;
use object::{Endianness, Object, ObjectKind, ObjectSection, ObjectSegment, ObjectSymbol};
use std::ops::Range;

type Elf<'a> = ElfFile64<'a, Endianness>;

/// An artefact's bytes and where its parts are in them.
#[derive(Debug)]
pub struct ArtefactFile {
    bytes: Vec<u8>,
    pub kind: ObjectKind,
    pub isa: Isa,
    /// Where the header is in the file.
    header_at: usize,
    text: Range<usize>,
}

impl ArtefactFile {
    pub fn parse(bytes: Vec<u8>) -> Result<Self> {
        match input::kind(&bytes) {
            Kind::Native => {}
            Kind::Wasm => bail!(
                "it is a WebAssembly module, not an artefact\n\nhint: compile it with `ahead compile`"
            ),
            Kind::Text => bail!("it is not an ELF file"),
        }
        let elf = Elf::parse(bytes.as_slice()).context("damaged ELF file")?;
        let (header_at, header) = find_header(&bytes)?;
        let isa = Isa::from_machine(header.machine)
            .with_context(|| format!("artefact for an unknown machine, {}", header.machine))?;
        let text = part(&elf, header_at, TEXT_OFFSET_FIELD, header.text_offset)
            .and_then(|start| range(start, header.text_bytes, bytes.len()))
            .context("damaged artefact: its text is not in the file")?;
        let kind = elf.kind();
        Ok(ArtefactFile {
            bytes,
            kind,
            isa,
            header_at,
            text,
        })
    }

    pub fn metadata(&self) -> Result<Metadata<'_>> {
        Ok(Metadata::parse(&self.bytes[self.header_at..])?)
    }

    /// The machine code.
    pub fn text(&self) -> &[u8] {
        &self.bytes[self.text.clone()]
    }

    /// The file as ELF.
    pub fn elf(&self) -> Result<Elf<'_>> {
        Elf::parse(self.bytes.as_slice()).context("damaged ELF file")
    }

    /// Whether it is a program and not a library: programs may be position-independent as well.
    pub fn is_program(&self) -> Result<bool> {
        Ok(self.kind == ObjectKind::Executable || self.elf()?.entry() != 0)
    }

    /// Whether the image, if there is one, lies inside the file.
    pub fn image_is_present(&self) -> Result<bool> {
        let header = self.metadata()?.header;
        let elf = self.elf()?;
        Ok(header.image_bytes == 0
            || part(
                &elf,
                self.header_at,
                IMAGE_OFFSET_FIELD,
                header.image_offset,
            )
            .and_then(|start| range(start, header.image_bytes, self.bytes.len()))
            .is_some())
    }
}

/// The tables of an artefact that say what its code is.
#[derive(Debug)]
pub struct CodeTables<'a> {
    pub interface: Interface,
    pub functions: FunctionTable<'a>,
    pub traps: Option<TrapTable<'a>>,
}

impl<'a> CodeTables<'a> {
    pub fn new(metadata: &Metadata<'a>) -> Result<Self> {
        let traps = metadata.section(SectionKind::Traps);
        Ok(CodeTables {
            interface: Interface::parse(metadata.section(SectionKind::Interface))?,
            functions: FunctionTable::new(metadata.section(SectionKind::Functions)),
            traps: match traps {
                [] => None,
                traps => Some(TrapTable::new(traps)?),
            },
        })
    }
}

/// The first place in the file that reads as metadata. A runtime that is linked in holds the magic number
/// as well, among its constants: what follows tells the two apart.
fn find_header(bytes: &[u8]) -> Result<(usize, ModuleHeader)> {
    let mut damage = None;
    for at in memory_positions(bytes) {
        match Metadata::parse(&bytes[at..]) {
            Ok(metadata) => return Ok((at, metadata.header)),
            Err(error) => damage = damage.or(Some(error)),
        }
    }
    match damage {
        Some(error) => Err(error.into()),
        None => bail!("no Ahead artefact in this ELF file"),
    }
}

fn memory_positions(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    // Metadata is aligned to 16 in memory, and in the file as well: segments are congruent to pages.
    (0..bytes.len().saturating_sub(MAGIC.len()))
        .step_by(16)
        .filter(|&at| bytes[at..].starts_with(&MAGIC))
}

/// Where in the file a part of the artefact starts that is `offset` bytes from the header in memory.
/// In an object that has not been linked the offset is still a relocation of the header's field.
fn part(elf: &Elf<'_>, header_at: usize, field: usize, offset: i64) -> Option<usize> {
    if elf.kind() != ObjectKind::Relocatable {
        let header_address = address_at(elf, header_at as u64)?;
        return file_offset(elf, header_address.checked_add_signed(offset)?);
    }
    let section = elf.sections().find(|section| {
        section
            .file_range()
            .is_some_and(|(start, size)| (start..start + size).contains(&(header_at as u64)))
    })?;
    let place = (header_at + field) as u64 - section.file_range()?.0;
    let (_, relocation) = section.relocations().find(|(at, _)| *at == place)?;
    let object::RelocationTarget::Symbol(symbol) = relocation.target() else {
        return None;
    };
    let symbol = elf.symbol_by_index(symbol).ok()?;
    let target = elf.section_by_index(symbol.section_index()?).ok()?;
    // The field counts from the header, the relocation from the field itself.
    let start = (symbol.address() as i64)
        .checked_add(relocation.addend())?
        .checked_sub(field as i64)?;
    usize::try_from(target.file_range()?.0.checked_add_signed(start)?).ok()
}

fn address_at(elf: &Elf<'_>, file_offset: u64) -> Option<u64> {
    elf.segments().find_map(|segment| {
        let (start, size) = segment.file_range();
        let into = file_offset.checked_sub(start).filter(|&into| into < size)?;
        segment.address().checked_add(into)
    })
}

fn file_offset(elf: &Elf<'_>, address: u64) -> Option<usize> {
    elf.segments().find_map(|segment| {
        let (start, size) = segment.file_range();
        let into = address
            .checked_sub(segment.address())
            .filter(|&into| into <= size)?;
        usize::try_from(start.checked_add(into)?).ok()
    })
}

fn range(start: usize, size: u64, limit: usize) -> Option<Range<usize>> {
    let end = start.checked_add(usize::try_from(size).ok()?)?;
    (end <= limit).then_some(start..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_artefact_is_told_what_it_is() {
        let message = |bytes: &[u8]| ArtefactFile::parse(bytes.to_vec()).unwrap_err().to_string();
        assert!(message(b"\0asm\x01\0\0\0").contains("WebAssembly module"));
        assert!(message(b"hello").contains("not an ELF file"));
        assert!(message(b"\x7fELF").contains("damaged ELF file"));
        let own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        assert!(ArtefactFile::parse(own).is_err());
    }
}
