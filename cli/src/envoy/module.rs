//! One shared object of the prebuilt Envoy adapter and a filter's artefact, without a linker.
//!
//! ```text
//! adapter    its loaded parts, unchanged but for the slot that says where the artefact's header is
//! headers    the program headers, which need more room than they have in the adapter
//! artefact   its read-only and executable segments, as the compiler made them
//! -          section headers: the adapter's loaded sections and the artefact's; not mapped
//! ```
//! Nothing in the artefact has to be relocated and everything in it is relative to its header, so it may lie at any
//! address that is congruent to its own modulo the largest page size. What follows the adapter's loaded parts in its
//! file, debug information and symbols, is left out.

use ahead_artifact::header::MODULE_SYMBOL;
use ahead_artifact::wire::Writer;
use ahead_targets::Isa;
use anyhow::{Context, Result, bail, ensure};
use object::elf::{self, FileHeader64, ProgramHeader64, SectionHeader64};
use object::read::elf::{FileHeader as _, ProgramHeader as _, SectionHeader as _, Sym as _};
use object::{LittleEndian, pod};
use std::ops::Range;

/// The largest page size: segments are congruent to their place in the file modulo this.
const PAGE_BYTES: u64 = 64 << 10;
const PROGRAM_HEADER_BYTES: u64 = 56;

/// The adapter's symbol of the slot, and what the slot begins with; a distance of 8 bytes follows.
const SLOT: &[u8] = b"ahead_envoy_embedded";
const SLOT_MAGIC: &[u8; 16] = b"ahead filter at:";

type Header = FileHeader64<LittleEndian>;
type Segment = ProgramHeader64<LittleEndian>;
type Section = SectionHeader64<LittleEndian>;

/// A 64-bit ELF file.
struct Elf<'a> {
    bytes: &'a [u8],
    header: &'a Header,
    segments: &'a [Segment],
}

impl<'a> Elf<'a> {
    fn parse(bytes: &'a [u8]) -> Result<Self> {
        let header = Header::parse(bytes)?;
        ensure!(
            header.is_type_64() && header.is_little_endian(),
            "not for our machines"
        );
        let segments = header.program_headers(LittleEndian, bytes)?;
        Ok(Elf {
            bytes,
            header,
            segments,
        })
    }

    fn loads(&self) -> impl Iterator<Item = &'a Segment> + use<'a> {
        let segments = self.segments.iter();
        segments.filter(|segment| segment.p_type(LittleEndian) == elf::PT_LOAD)
    }

    /// The address of a dynamic symbol.
    fn symbol(&self, name: &[u8]) -> Result<u64> {
        let sections = self.header.sections(LittleEndian, self.bytes)?;
        let symbols = sections.symbols(LittleEndian, self.bytes, elf::SHT_DYNSYM)?;
        let symbol = symbols
            .iter()
            .find(|symbol| symbol.name(LittleEndian, symbols.strings()) == Ok(name));
        let symbol = symbol.with_context(|| format!("no symbol `{}`", name.escape_ascii()))?;
        Ok(symbol.st_value(LittleEndian))
    }

    /// Where in the file an address is.
    fn place(&self, address: u64) -> Option<u64> {
        self.loads().find_map(|segment| {
            let into = address.checked_sub(segment.p_vaddr(LittleEndian))?;
            (into < segment.p_filesz(LittleEndian)).then(|| segment.p_offset(LittleEndian) + into)
        })
    }
}

fn file_range(segment: &Segment) -> Range<u64> {
    let start = segment.p_offset(LittleEndian);
    start..start + segment.p_filesz(LittleEndian)
}

fn end_in_memory(segment: &Segment) -> u64 {
    segment.p_vaddr(LittleEndian) + segment.p_memsz(LittleEndian)
}

/// Whether a file is an adapter with a filter in it.
pub fn carries_filter(bytes: &[u8]) -> bool {
    let distance = || {
        let elf = Elf::parse(bytes).ok()?;
        let slot = usize::try_from(elf.place(elf.symbol(SLOT).ok()?)?).ok()?;
        let slot = bytes.get(slot..slot.checked_add(SLOT_MAGIC.len() + 8)?)?;
        slot.strip_prefix(SLOT_MAGIC)
    };
    distance().is_some_and(|distance| distance != [0; 8])
}

/// What a program header says.
struct Load {
    flags: u32,
    offset: u64,
    address: u64,
    bytes: u64,
}

impl Load {
    fn write(&self, kind: u32, align: u64, out: &mut Writer) {
        out.u32(kind);
        out.u32(self.flags);
        for word in [
            self.offset,
            self.address,
            self.address,
            self.bytes,
            self.bytes,
            align,
        ] {
            out.u64(word);
        }
    }
}

/// The adapter with the artefact in it. Same bytes in, same bytes out.
pub fn join(adapter: &[u8], artefact: &[u8]) -> Result<Vec<u8>> {
    let host = Elf::parse(adapter).context("the adapter is damaged")?;
    let guest = Elf::parse(artefact).context("the artefact is damaged")?;
    let machine = |elf: &Elf<'_>| elf.header.e_machine(LittleEndian);
    ensure!(
        machine(&host) == machine(&guest),
        "the adapter is for another machine"
    );
    let slot = host.symbol(SLOT).context("this is no Envoy adapter")?;
    let slot_at = host
        .place(slot)
        .context("the adapter's slot is not in its file")?;
    let slot_at = usize::try_from(slot_at)?;
    let slot_end = slot_at.saturating_add(SLOT_MAGIC.len() + 8);
    let slot_bytes = adapter.get(slot_at..slot_end);
    let slot_bytes = slot_bytes.context("the adapter's slot is not in its file")?;
    ensure!(
        slot_bytes.starts_with(SLOT_MAGIC),
        "the adapter is of another version"
    );
    ensure!(
        slot_bytes.ends_with(&[0; 8]),
        "the adapter carries a filter already"
    );

    let adapter_end = host.loads().map(|load| file_range(load).end).max();
    let adapter_end = adapter_end.context("the adapter is damaged")?;
    let mut out = adapter
        .get(..usize::try_from(adapter_end)?)
        .context("the adapter is cut off")?
        .to_vec();
    let memory_end = host.loads().map(end_in_memory).max().unwrap_or(0);
    // The one segment that can be written is the dynamic section, of no use here.
    let guest_loads: Vec<_> = guest
        .loads()
        .filter(|load| load.p_flags(LittleEndian) & elf::PF_W == 0)
        .collect();

    let count = host.segments.len() as u64 + 1 + guest_loads.len() as u64;
    let headers_at = adapter_end.next_multiple_of(16);
    let headers = Load {
        flags: elf::PF_R,
        offset: headers_at,
        address: memory_end.next_multiple_of(PAGE_BYTES) + headers_at % PAGE_BYTES,
        bytes: count * PROGRAM_HEADER_BYTES,
    };
    let guest_at = (headers_at + headers.bytes).next_multiple_of(PAGE_BYTES);
    let guest_base = (headers.address + headers.bytes).next_multiple_of(PAGE_BYTES);
    let placed: Vec<Load> = guest_loads
        .iter()
        .map(|load| Load {
            flags: load.p_flags(LittleEndian),
            offset: guest_at + load.p_offset(LittleEndian),
            address: guest_base + load.p_vaddr(LittleEndian),
            bytes: load.p_filesz(LittleEndian),
        })
        .collect();

    out.resize(usize::try_from(headers_at)?, 0);
    out.extend(program_headers(&host, &headers, &placed));
    for (load, placed) in guest_loads.iter().zip(&placed) {
        out.resize(usize::try_from(placed.offset)?, 0);
        let range = file_range(load);
        let bytes = artefact.get(usize::try_from(range.start)?..usize::try_from(range.end)?);
        out.extend_from_slice(bytes.context("the artefact is cut off")?);
    }
    let (names, sections) = sections(&host, &placed)?;
    let names_at = out.len() as u64;
    out.extend_from_slice(&names);
    out.resize(out.len().next_multiple_of(8), 0);
    let sections_at = out.len() as u64;
    let section_count = sections.len() as u64 + 1;
    for (section, name) in &sections {
        out.extend(section_header(section, *name));
    }
    out.extend(names_header(names.len() as u64, names_at, &names)?);

    let target = guest_base + guest.symbol(MODULE_SYMBOL.as_bytes())?;
    let mut put = |at: usize, bytes: &[u8]| out[at..at + bytes.len()].copy_from_slice(bytes);
    put(
        slot_at + SLOT_MAGIC.len(),
        &target.wrapping_sub(slot).to_le_bytes(),
    );
    put(
        std::mem::offset_of!(Header, e_phoff),
        &headers_at.to_le_bytes(),
    );
    put(
        std::mem::offset_of!(Header, e_phnum),
        &u16::try_from(count)?.to_le_bytes(),
    );
    put(
        std::mem::offset_of!(Header, e_shoff),
        &sections_at.to_le_bytes(),
    );
    put(
        std::mem::offset_of!(Header, e_shnum),
        &u16::try_from(section_count)?.to_le_bytes(),
    );
    put(
        std::mem::offset_of!(Header, e_shstrndx),
        &u16::try_from(section_count - 1)?.to_le_bytes(),
    );
    Ok(out)
}

/// The adapter's, with the new segments behind its own: the dynamic loader wants them in the order of their addresses.
fn program_headers(host: &Elf<'_>, headers: &Load, placed: &[Load]) -> Vec<u8> {
    let mut out = Writer::default();
    let last = host
        .segments
        .iter()
        .rposition(|segment| segment.p_type(LittleEndian) == elf::PT_LOAD);
    for (index, segment) in host.segments.iter().enumerate() {
        if segment.p_type(LittleEndian) == elf::PT_PHDR {
            headers.write(elf::PT_PHDR, 8, &mut out);
        } else {
            out.raw(pod::bytes_of(segment));
        }
        if Some(index) == last {
            headers.write(elf::PT_LOAD, PAGE_BYTES, &mut out);
            for load in placed {
                load.write(elf::PT_LOAD, PAGE_BYTES, &mut out);
            }
        }
    }
    out.finish()
}

/// A section header and where its name is.
type Named = (SectionCopy, u32);

/// A section of the adapter as it was, or one of the artefact's segments.
enum SectionCopy {
    Kept(Box<Section>),
    /// Keeps the numbers of those that follow.
    Empty,
    New(u32, u64, u64, u64),
}

/// Names, and the sections that they are of: the adapter's up to the last that is loaded, and the artefact's.
fn sections(host: &Elf<'_>, placed: &[Load]) -> Result<(Vec<u8>, Vec<Named>)> {
    let all = host.header.sections(LittleEndian, host.bytes)?;
    let loaded =
        |section: &Section| section.sh_flags(LittleEndian) & u64::from(elf::SHF_ALLOC) != 0;
    let last = all
        .iter()
        .rposition(loaded)
        .context("the adapter has no sections")?;
    let mut names = vec![0];
    let mut name = |text: &[u8]| {
        let at = names.len() as u32;
        names.extend_from_slice(text);
        names.push(0);
        at
    };
    let mut sections = Vec::new();
    for section in all.iter().take(last + 1) {
        if loaded(section) {
            let name = name(all.section_name(LittleEndian, section)?);
            sections.push((SectionCopy::Kept(Box::new(*section)), name));
        } else {
            sections.push((SectionCopy::Empty, 0));
        }
    }
    for load in placed {
        let (text, flags) = match load.flags & elf::PF_X {
            0 => (&b".ahead.rodata"[..], elf::SHF_ALLOC),
            _ => (&b".ahead.text"[..], elf::SHF_ALLOC | elf::SHF_EXECINSTR),
        };
        let section = SectionCopy::New(flags, load.address, load.offset, load.bytes);
        sections.push((section, name(text)));
    }
    name(b".shstrtab");
    Ok((names, sections))
}

fn section_header(section: &SectionCopy, name: u32) -> Vec<u8> {
    let mut out = Writer::default();
    match section {
        SectionCopy::Kept(section) => {
            out.u32(name);
            out.raw(&pod::bytes_of(&**section)[4..]);
        }
        SectionCopy::Empty => out.raw(&[0; size_of::<Section>()]),
        SectionCopy::New(flags, address, offset, bytes) => {
            out.u32(name);
            out.u32(elf::SHT_PROGBITS);
            for word in [u64::from(*flags), *address, *offset, *bytes] {
                out.u64(word);
            }
            out.u32(0);
            out.u32(0);
            out.u64(16);
            out.u64(0);
        }
    }
    out.finish()
}

/// The header of the section with the names.
fn names_header(bytes: u64, offset: u64, names: &[u8]) -> Result<Vec<u8>> {
    let text = b"\0.shstrtab\0";
    let Some(name) = names.windows(text.len()).rposition(|window| window == text) else {
        bail!("the section names are not among themselves");
    };
    let mut out = Writer::default();
    out.u32(u32::try_from(name)? + 1);
    out.u32(elf::SHT_STRTAB);
    for word in [0, 0, offset, bytes] {
        out.u64(word);
    }
    out.u32(0);
    out.u32(0);
    out.u64(1);
    out.u64(0);
    Ok(out.finish())
}

/// The instruction set of a shared object.
pub fn machine_of(library: &std::path::Path) -> Option<Isa> {
    use std::io::Read;
    let mut head = [0; size_of::<Header>()];
    std::fs::File::open(library)
        .ok()?
        .read_exact(&mut head)
        .ok()?;
    let header = Header::parse(&head[..]).ok()?;
    Isa::from_machine(header.e_machine(LittleEndian))
}
