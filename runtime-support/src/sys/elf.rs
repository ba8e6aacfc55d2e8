//! ELF, as far as an artefact is concerned: where its segments are and where its header is.
//!
//! An artefact's `.so` is a very plain one. Whatever the compiler would not write is refused: what runs code
//! at load, what asks for other libraries, relocations, memory both writable and executable. The reader
//! looks at the headers and the dynamic section only, so its cost does not depend on the file's size.

use super::mapping::Access;
use super::page_bytes;
use crate::error::Error;
use ahead_artifact::header::MODULE_SYMBOL;
use ahead_targets::Isa;
use std::io;

/// A part of the file to be mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    /// Where it lies relative to the others.
    pub address: u64,
    pub file_offset: u64,
    pub bytes: u64,
    pub access: Access,
}

impl Segment {
    pub fn contains(&self, address: u64, bytes: u64) -> bool {
        let inside = |end| end <= self.address + self.bytes;
        address >= self.address && address.checked_add(bytes).is_some_and(inside)
    }
}

/// A checked artefact file.
#[derive(Debug)]
pub(crate) struct Layout {
    /// In ascending order of address, no two on one page; exactly one is executable, and that is not
    /// writable.
    pub segments: Vec<Segment>,
    /// Address of the module header.
    pub header: u64,
}

/// Bytes of a file by offset.
pub(crate) trait ReadAt {
    fn length(&self) -> u64;

    /// Fills `into` from `offset`, which was checked to be inside.
    fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<()>;

    fn array<const N: usize>(&self, offset: u64) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        let end = offset.checked_add(N as u64);
        if end.is_none_or(|end| end > self.length()) {
            return Err(refuse(format!("truncated (at offset {offset:#x})")));
        }
        self.read_at(&mut bytes, offset)
            .map_err(|error| refuse(error.to_string()))?;
        Ok(bytes)
    }

    fn list(&self, offset: u64, bytes: usize) -> Result<Vec<u8>, Error> {
        let end = offset.checked_add(bytes as u64);
        if end.is_none_or(|end| end > self.length()) {
            return Err(refuse(format!("truncated (at offset {offset:#x})")));
        }
        let mut list = vec![0; bytes];
        self.read_at(&mut list, offset)
            .map_err(|error| refuse(error.to_string()))?;
        Ok(list)
    }
}

fn refuse(problem: impl Into<String>) -> Error {
    Error::Elf(problem.into())
}

fn u16_at(bytes: &[u8], offset: usize) -> u16 {
    u16::from_le_bytes([bytes[offset], bytes[offset + 1]])
}

fn u32_at(bytes: &[u8], offset: usize) -> u32 {
    u32::from(u16_at(bytes, offset)) | u32::from(u16_at(bytes, offset + 2)) << 16
}

fn u64_at(bytes: &[u8], offset: usize) -> u64 {
    u64::from(u32_at(bytes, offset)) | u64::from(u32_at(bytes, offset + 4)) << 32
}

const FILE_HEADER_BYTES: usize = 64;
const PROGRAM_HEADER_BYTES: usize = 56;
const PROGRAM_HEADERS_MAX: u16 = 32;
const SYMBOL_BYTES: u64 = 24;
const DYNAMIC_BYTES_MAX: u64 = 4096;

/// More segments of alignment than any artefact has, for gaps between them.
const GAP_BYTES_MAX: u64 = 2 * 65_536;

const ET_DYN: u16 = 3;
const PT_LOAD: u32 = 1;
const PT_DYNAMIC: u32 = 2;
const PT_INTERP: u32 = 3;
const PT_TLS: u32 = 7;
const PT_GNU_STACK: u32 = 0x6474_e551;
const PF_X: u32 = 1;
const PF_W: u32 = 2;
const PF_R: u32 = 4;
const PF_RW: u32 = PF_R | PF_W;
const PF_RX: u32 = PF_R | PF_X;

impl Layout {
    pub fn read(file: &impl ReadAt) -> Result<Self, Error> {
        if file.length() < FILE_HEADER_BYTES as u64 {
            return Err(refuse("too short for an ELF file"));
        }
        let header: [u8; FILE_HEADER_BYTES] = file.array(0)?;
        check_file_header(&header)?;
        let count = u16_at(&header, 56);
        if u16_at(&header, 54) as usize != PROGRAM_HEADER_BYTES
            || !(1..=PROGRAM_HEADERS_MAX).contains(&count)
        {
            return Err(refuse("a program header table of another shape"));
        }
        let table = file.list(
            u64_at(&header, 32),
            usize::from(count) * PROGRAM_HEADER_BYTES,
        )?;

        let mut segments = Vec::new();
        let mut dynamic = None;
        for entry in table.chunks_exact(PROGRAM_HEADER_BYTES) {
            let flags = u32_at(entry, 4);
            match u32_at(entry, 0) {
                PT_LOAD => segments.push(read_segment(entry, file.length())?),
                PT_DYNAMIC => dynamic = Some((u64_at(entry, 8), u64_at(entry, 32))),
                PT_INTERP => return Err(refuse("it is a program, not a library")),
                PT_TLS => return Err(refuse("thread-local storage")),
                PT_GNU_STACK if flags & PF_X != 0 => return Err(refuse("an executable stack")),
                _ => {}
            }
        }
        check_segments(&segments, file.length())?;
        let Some((offset, bytes)) = dynamic else {
            return Err(refuse("no dynamic section"));
        };
        let dynamic = Dynamic::read(file, offset, bytes)?;
        let header = dynamic.module_header(file, &segments)?;
        Ok(Layout { segments, header })
    }

    /// The segment that holds a range of addresses.
    pub fn segment_of(&self, address: u64, bytes: u64) -> Option<&Segment> {
        self.segments
            .iter()
            .find(|segment| segment.contains(address, bytes))
    }

    pub fn text(&self) -> &Segment {
        let text = self
            .segments
            .iter()
            .find(|segment| segment.access == Access::ReadExecute);
        text.expect("checked to be there")
    }

    /// The first address, a multiple of the page size.
    pub fn start(&self) -> u64 {
        let first = self.segments.first().expect("checked to be there");
        first.address - first.address % page_bytes() as u64
    }

    /// Bytes from [`Self::start`] to the last segment's end.
    pub fn span(&self) -> u64 {
        let last = self.segments.last().expect("checked to be there");
        (last.address + last.bytes - self.start()).next_multiple_of(page_bytes() as u64)
    }
}

fn check_file_header(header: &[u8; FILE_HEADER_BYTES]) -> Result<(), Error> {
    if !header.starts_with(b"\x7fELF") {
        return Err(refuse("not an ELF file"));
    }
    // 64 bits, little-endian, version 1.
    if header[4..7] != [2, 1, 1] {
        return Err(refuse("not a 64-bit little-endian ELF file"));
    }
    if u16_at(header, 16) != ET_DYN {
        return Err(refuse("not a shared object"));
    }
    check_machine(u16_at(header, 18))
}

/// Whether `machine`, an ELF number, is what this program runs on.
pub(crate) fn check_machine(machine: u16) -> Result<(), Error> {
    let host = Isa::host().expect("the runtime is built for hosts it knows");
    if machine == host.machine() {
        return Ok(());
    }
    Err(Error::Machine {
        found: match Isa::from_machine(machine) {
            Some(isa) => isa.to_string(),
            None => format!("machine {machine}"),
        },
        expected: host.name(),
    })
}

fn read_segment(entry: &[u8], file_bytes: u64) -> Result<Segment, Error> {
    let flags = u32_at(entry, 4);
    let (file_offset, address) = (u64_at(entry, 8), u64_at(entry, 16));
    let (bytes, memory_bytes) = (u64_at(entry, 32), u64_at(entry, 40));
    let access = match flags & (PF_R | PF_W | PF_X) {
        PF_R => Access::Read,
        PF_RW => Access::ReadWrite,
        PF_RX => Access::ReadExecute,
        flags if flags & (PF_W | PF_X) == PF_W | PF_X => {
            return Err(refuse("a segment both writable and executable"));
        }
        _ => return Err(refuse("a segment that cannot be read")),
    };
    let inside = file_offset
        .checked_add(bytes)
        .is_some_and(|end| end <= file_bytes);
    if !inside || bytes == 0 || bytes != memory_bytes {
        return Err(refuse(format!(
            "a segment that is not in the file (at offset {file_offset:#x})"
        )));
    }
    // Kept far from overflow in all that is computed with it.
    if address >= 1 << 47
        || !address
            .abs_diff(file_offset)
            .is_multiple_of(page_bytes() as u64)
    {
        return Err(refuse(format!(
            "a segment that cannot be mapped (at offset {file_offset:#x})"
        )));
    }
    Ok(Segment {
        address,
        file_offset,
        bytes,
        access,
    })
}

fn check_segments(segments: &[Segment], file_bytes: u64) -> Result<(), Error> {
    let page = page_bytes() as u64;
    for pair in segments.windows(2) {
        let end = (pair[0].address + pair[0].bytes).next_multiple_of(page);
        if pair[1].address < end {
            return Err(refuse("segments that overlap"));
        }
    }
    let executable = segments
        .iter()
        .filter(|segment| segment.access == Access::ReadExecute);
    if executable.count() != 1 {
        return Err(refuse("not exactly one executable segment"));
    }
    let (first, last) = (&segments[0], &segments[segments.len() - 1]);
    let gaps = GAP_BYTES_MAX * segments.len() as u64;
    if last.address + last.bytes - first.address > file_bytes.saturating_add(gaps) {
        return Err(refuse("segments that are far apart"));
    }
    Ok(())
}

/// What the dynamic section says.
#[derive(Default)]
struct Dynamic {
    symbols: Option<u64>,
    strings: Option<u64>,
    strings_bytes: u64,
    hash: Option<u64>,
    gnu_hash: Option<u64>,
}

impl Dynamic {
    fn read(file: &impl ReadAt, offset: u64, bytes: u64) -> Result<Self, Error> {
        if bytes > DYNAMIC_BYTES_MAX {
            return Err(refuse("a dynamic section larger than any artefact's"));
        }
        let mut dynamic = Dynamic::default();
        for entry in file.list(offset, bytes as usize)?.chunks_exact(16) {
            let (tag, value) = (u64_at(entry, 0), u64_at(entry, 8));
            match tag {
                0 => return Ok(dynamic),
                4 => dynamic.hash = Some(value),
                5 => dynamic.strings = Some(value),
                6 => dynamic.symbols = Some(value),
                10 => dynamic.strings_bytes = value,
                0x6fff_fef5 => dynamic.gnu_hash = Some(value),
                // Entry size of symbols, name of the library, flags that say nothing to do, flags of no effect.
                11 | 14 | 0x6fff_fffb => {}
                30 if value & DF_TEXTREL == 0 => {}
                1 => return Err(refuse("it needs another library")),
                12 | 13 | 25 | 26 | 32 => {
                    return Err(refuse("it runs code when it is loaded or unloaded"));
                }
                7 | 17 | 23 | 36 => return Err(refuse("it has relocations")),
                22 | 30 => return Err(refuse("it has text relocations")),
                other => return Err(refuse(format!("dynamic entry {other:#x}"))),
            }
        }
        Err(refuse("a dynamic section without an end"))
    }

    /// Finds the one symbol there is.
    fn module_header(&self, file: &impl ReadAt, segments: &[Segment]) -> Result<u64, Error> {
        let place = |address: u64, bytes: u64| {
            let segment = segments
                .iter()
                .find(|segment| segment.contains(address, bytes));
            let segment =
                segment.ok_or_else(|| refuse("a dynamic entry that leads outside the file"))?;
            Ok::<_, Error>(segment.file_offset + (address - segment.address))
        };
        let (Some(symbols), Some(strings)) = (self.symbols, self.strings) else {
            return Err(refuse("no dynamic symbols"));
        };
        if self.symbol_count(file, &place)? != 2 {
            return Err(refuse(
                "it exports or imports other symbols than its header",
            ));
        }
        let symbol: [u8; SYMBOL_BYTES as usize] =
            file.array(place(symbols + SYMBOL_BYTES, SYMBOL_BYTES)?)?;
        if u16_at(&symbol, 6) == 0 {
            return Err(refuse("it has an undefined symbol"));
        }
        let name_start = u64::from(u32_at(&symbol, 0));
        let name_bytes = MODULE_SYMBOL.len() as u64 + 1;
        if name_start + name_bytes > self.strings_bytes {
            return Err(refuse("its symbol is not the header of an artefact"));
        }
        let start = strings
            .checked_add(name_start)
            .ok_or_else(|| refuse("a string table beyond all addresses"))?;
        let name: [u8; MODULE_SYMBOL.len() + 1] = file.array(place(start, name_bytes)?)?;
        if !name.starts_with(MODULE_SYMBOL.as_bytes()) || !name.ends_with(&[0]) {
            return Err(refuse("its symbol is not the header of an artefact"));
        }
        Ok(u64_at(&symbol, 8))
    }

    fn symbol_count(
        &self,
        file: &impl ReadAt,
        place: &impl Fn(u64, u64) -> Result<u64, Error>,
    ) -> Result<u64, Error> {
        if let Some(hash) = self.hash {
            let head: [u8; 8] = file.array(place(hash, 8)?)?;
            return Ok(u64::from(u32_at(&head, 4)));
        }
        let hash = self
            .gnu_hash
            .ok_or_else(|| refuse("no symbol hash table"))?;
        let head: [u8; 16] = file.array(place(hash, 16)?)?;
        let (buckets, first) = (u64::from(u32_at(&head, 0)), u64::from(u32_at(&head, 4)));
        let bloom_bytes = u64::from(u32_at(&head, 8)) * 8;
        // One symbol hashes to one bucket, and its chain is that symbol with the end mark.
        if buckets == 0 || buckets > 64 || bloom_bytes > 4096 {
            return Err(refuse("a symbol hash table larger than any artefact's"));
        }
        let buckets_start = hash + 16 + bloom_bytes;
        let list = file.list(place(buckets_start, buckets * 4)?, buckets as usize * 4)?;
        let last = list
            .chunks_exact(4)
            .map(|bucket| u64::from(u32_at(bucket, 0)))
            .max()
            .unwrap_or(0);
        if last < first {
            return Ok(first);
        }
        let chain_start = buckets_start + buckets * 4 + (last - first) * 4;
        let chain: [u8; 4] = file.array(place(chain_start, 4)?)?;
        // Any more symbols, and the answer only has to be another one than 2.
        Ok(if u32_at(&chain, 0) & 1 == 1 {
            last + 1
        } else {
            last + 2
        })
    }
}

const DF_TEXTREL: u64 = 4;

#[cfg(test)]
mod tests {
    use super::*;

    impl ReadAt for Vec<u8> {
        fn length(&self) -> u64 {
            self.len() as u64
        }

        fn read_at(&self, into: &mut [u8], offset: u64) -> io::Result<()> {
            let start = offset as usize;
            into.copy_from_slice(&self[start..start + into.len()]);
            Ok(())
        }
    }

    const HASH: u64 = 0x400;
    const SYMBOLS: u64 = 0x420;
    const STRINGS: u64 = 0x460;
    const DYNAMIC: u64 = 0x500;

    /// A small artefact: a read-only segment with everything in it, and an executable one.
    struct Sample {
        loads: Vec<[u64; 5]>,
        others: Vec<(u32, u32)>,
        dynamic: Vec<[u64; 2]>,
        symbols: u32,
        name: &'static [u8],
    }

    impl Default for Sample {
        fn default() -> Self {
            Sample {
                // Flags, offset, address, bytes in the file and in memory.
                loads: vec![
                    [4, 0, 0, 0x1000, 0x1000],
                    [5, 0x1000, 0x11000, 0x1000, 0x1000],
                ],
                others: vec![],
                dynamic: vec![[4, HASH], [5, STRINGS], [6, SYMBOLS], [10, 64], [11, 24]],
                symbols: 2,
                name: b"ahead_module",
            }
        }
    }

    impl Sample {
        fn bytes(&self) -> Vec<u8> {
            let mut file = vec![0; 0x2000];
            let mut put =
                |at: u64, bytes: &[u8]| file[at as usize..][..bytes.len()].copy_from_slice(bytes);
            put(0, b"\x7fELF\x02\x01\x01");
            put(16, &ET_DYN.to_le_bytes());
            put(18, &Isa::host().unwrap().machine().to_le_bytes());
            put(32, &64u64.to_le_bytes());
            put(54, &(PROGRAM_HEADER_BYTES as u16).to_le_bytes());
            put(
                56,
                &((self.loads.len() + self.others.len() + 1) as u16).to_le_bytes(),
            );
            let mut at = 64;
            let mut header = |kind: u32, flags: u32, fields: [u64; 4]| {
                put(at, &kind.to_le_bytes());
                put(at + 4, &flags.to_le_bytes());
                for (field, value) in [8, 16, 32, 40].into_iter().zip(fields) {
                    put(at + field, &value.to_le_bytes());
                }
                at += PROGRAM_HEADER_BYTES as u64;
            };
            for &[flags, offset, address, bytes, memory] in &self.loads {
                header(PT_LOAD, flags as u32, [offset, address, bytes, memory]);
            }
            let dynamic_bytes = (self.dynamic.len() as u64 + 1) * 16;
            header(
                PT_DYNAMIC,
                PF_R,
                [DYNAMIC, DYNAMIC, dynamic_bytes, dynamic_bytes],
            );
            for &(kind, flags) in &self.others {
                header(kind, flags, [0; 4]);
            }
            put(HASH + 4, &self.symbols.to_le_bytes());
            put(SYMBOLS + SYMBOL_BYTES, &1u32.to_le_bytes());
            put(SYMBOLS + SYMBOL_BYTES + 6, &1u16.to_le_bytes());
            put(SYMBOLS + SYMBOL_BYTES + 8, &0x800u64.to_le_bytes());
            put(STRINGS + 1, self.name);
            for (entry, [tag, value]) in self.dynamic.iter().enumerate() {
                put(DYNAMIC + entry as u64 * 16, &tag.to_le_bytes());
                put(DYNAMIC + entry as u64 * 16 + 8, &value.to_le_bytes());
            }
            file
        }

        fn problem(self) -> String {
            match Layout::read(&self.bytes()) {
                Ok(_) => "none".into(),
                Err(Error::Elf(problem)) => problem,
                Err(other) => other.to_string(),
            }
        }
    }

    #[test]
    fn a_plain_file_is_read() {
        let layout = Layout::read(&Sample::default().bytes()).unwrap();
        assert_eq!(layout.header, 0x800);
        assert_eq!((layout.start(), layout.span()), (0, 0x12000));
        assert_eq!(layout.text().file_offset, 0x1000);
    }

    #[test]
    fn what_a_compiler_would_not_write_is_refused() {
        let entry = |tag, value| {
            let mut sample = Sample::default();
            sample.dynamic.push([tag, value]);
            sample.problem()
        };
        for (tag, value, problem) in [
            (1, 1, "it needs another library"),
            (12, 0x1000, "it runs code when it is loaded or unloaded"),
            (25, 0x1000, "it runs code when it is loaded or unloaded"),
            (32, 0x1000, "it runs code when it is loaded or unloaded"),
            (7, 0x1000, "it has relocations"),
            (23, 0x1000, "it has relocations"),
            (36, 0x1000, "it has relocations"),
            (22, 0, "it has text relocations"),
            (30, 4, "it has text relocations"),
            (30, 8, "none"),
            (0x7000_0000, 0, "dynamic entry 0x70000000"),
        ] {
            assert_eq!(entry(tag, value), problem, "tag {tag}");
        }
        for (kind, flags, problem) in [
            (PT_INTERP, 4, "it is a program, not a library"),
            (PT_TLS, 4, "thread-local storage"),
            (PT_GNU_STACK, 7, "an executable stack"),
            (PT_GNU_STACK, 6, "none"),
        ] {
            let others = vec![(kind, flags)];
            assert_eq!(
                Sample {
                    others,
                    ..Sample::default()
                }
                .problem(),
                problem
            );
        }
    }

    #[test]
    fn segments_must_be_sane() {
        let with = |load: [u64; 5]| {
            let mut sample = Sample::default();
            sample.loads[1] = load;
            sample.problem()
        };
        let cases = [
            (
                [7, 0x1000, 0x11000, 0x1000, 0x1000],
                "a segment both writable and executable",
            ),
            (
                [1, 0x1000, 0x11000, 0x1000, 0x1000],
                "a segment that cannot be read",
            ),
            (
                [4, 0x1000, 0x11000, 0x1000, 0x1000],
                "not exactly one executable segment",
            ),
            (
                [5, 0x1000, 0x11000, 0x1001, 0x1001],
                "a segment that is not in the file (at offset 0x1000)",
            ),
            (
                [5, u64::MAX, 0x11000, 0x1000, 0x1000],
                "a segment that is not in the file (at offset 0xffffffffffffffff)",
            ),
            (
                [5, 0x1000, 0x11000, 0x1000, 0x2000],
                "a segment that is not in the file (at offset 0x1000)",
            ),
            (
                [5, 0x1000, 0x11001, 0x1000, 0x1000],
                "a segment that cannot be mapped (at offset 0x1000)",
            ),
            (
                [5, 0x1000, !0xfff, 0x1000, 0x1000],
                "a segment that cannot be mapped (at offset 0x1000)",
            ),
            ([5, 0, 0, 0x1000, 0x1000], "segments that overlap"),
            (
                [5, 0x1000, 0x1000_0000, 0x1000, 0x1000],
                "segments that are far apart",
            ),
        ];
        for (load, problem) in cases {
            assert_eq!(with(load), problem, "{load:x?}");
        }
    }

    #[test]
    fn the_one_symbol_must_be_the_header() {
        assert_eq!(
            Sample {
                symbols: 3,
                ..Sample::default()
            }
            .problem(),
            "it exports or imports other symbols than its header"
        );
        assert_eq!(
            Sample {
                name: b"ahead_modules",
                ..Sample::default()
            }
            .problem(),
            "its symbol is not the header of an artefact"
        );
        let mut without_hash = Sample::default();
        without_hash.dynamic.remove(0);
        assert_eq!(without_hash.problem(), "no symbol hash table");
    }

    #[test]
    fn every_prefix_and_every_flip_ends_well() {
        let bytes = Sample::default().bytes();
        for length in 0..bytes.len() {
            assert!(
                Layout::read(&bytes[..length].to_vec()).is_err(),
                "prefix of {length} bytes"
            );
        }
        let mut refused = 0;
        for place in 0..0x700 {
            for bit in 0..8 {
                let mut bytes = bytes.clone();
                bytes[place] ^= 1 << bit;
                refused += u32::from(Layout::read(&bytes).is_err());
            }
        }
        assert!(refused > 800, "{refused}");
    }
}
