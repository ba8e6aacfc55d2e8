//! Machine code for people: instructions with what the artefact's tables know about them.
//!
//! Any host disassembles any target. One listing serves `ahead objdump` and `--emit asm`:
//! ```text
//! 00000040 <function 3 `fib`> [i32] -> [i32]:
//!       40  55                       push    rbp
//!       4b  0f 0b                    ud2                                     ; wasm 0x51, trap: unreachable
//! ```
//! Addresses count from the start of the text, as in the artefact's own tables.

use crate::artefact::{ArtefactFile, CodeTables};
use crate::embedded::{Embedded, Finder};
use crate::escape::Escaped;
use ahead_artifact::address_map::{AddressMap, NO_POSITION};
use ahead_artifact::functions::TrampolineTable;
use ahead_artifact::names::Names;
use ahead_artifact::trap::TrapTable;
use ahead_artifact::{FuncIndex, Metadata, SectionKind, TrapKind, TypeIndex};
use ahead_targets::Isa;
use anyhow::{Context, Result};
use capstone::Capstone;
use capstone::arch::{BuildsCapstone, BuildsCapstoneSyntax, arm64, x86};
use std::collections::HashMap;
use std::fmt::Write;
use std::ops::Range;

/// Which functions to show.
#[derive(Clone, Debug)]
pub enum Filter {
    All,
    Index(FuncIndex),
    /// A part of the name.
    Name(String),
}

impl Filter {
    /// Reads an index or a part of a name; everything if there is neither.
    pub fn new(text: Option<&str>) -> Self {
        match text {
            None => Filter::All,
            Some(text) => match text.parse() {
                Ok(index) => Filter::Index(FuncIndex(index)),
                Err(_) => Filter::Name(text.to_owned()),
            },
        }
    }

    pub fn takes(&self, index: FuncIndex, name: Option<&str>) -> bool {
        match self {
            Filter::All => true,
            Filter::Index(wanted) => *wanted == index,
            Filter::Name(part) => name.is_some_and(|name| name.contains(part.as_str())),
        }
    }
}

/// A stretch of text with a name.
struct Symbol {
    start: u32,
    end: u32,
    label: String,
    /// Its type, for the header line.
    signature: String,
    shown: bool,
}

/// The disassembly of the functions that `filter` takes, and of the trampolines if it takes all.
pub fn listing(file: &ArtefactFile, filter: &Filter) -> Result<String> {
    let metadata = file.metadata()?;
    let symbols = symbols(&metadata, file.text().len(), filter)?;
    if !matches!(filter, Filter::All) && !symbols.iter().any(|symbol| symbol.shown) {
        anyhow::bail!("no function matches the filter");
    }
    let remarks = Remarks {
        traps: CodeTables::new(&metadata)?.traps,
        positions: match metadata.section(SectionKind::Addresses) {
            [] => Vec::new(),
            addresses => AddressMap::new(addresses)?.iter().collect(),
        },
        labels: symbols
            .iter()
            .map(|symbol| (u64::from(symbol.start), symbol.label.as_str()))
            .collect(),
    };
    let disassembler = disassembler(file.isa).context("cannot set the disassembler up")?;
    let mut out = String::new();
    for symbol in symbols.iter().filter(|symbol| symbol.shown) {
        if !out.is_empty() {
            out.push('\n');
        }
        let label = &symbol.label;
        let signature = &symbol.signature;
        writeln!(out, "{:08x} <{label}>{signature}:", symbol.start)?;
        let code = file
            .text()
            .get(symbol.start as usize..symbol.end as usize)
            .with_context(|| format!("damaged artefact: {label} is outside the text"))?;
        write_code(
            &mut out,
            &disassembler,
            &mut Finder::new(file.isa, symbol.start, code),
            code,
            symbol.start,
            &remarks,
        )?;
    }
    Ok(out)
}

/// Functions and trampolines by address.
fn symbols(metadata: &Metadata<'_>, text_bytes: usize, filter: &Filter) -> Result<Vec<Symbol>> {
    let tables = CodeTables::new(metadata)?;
    let names = Names::new(metadata.section(SectionKind::Names))?;
    let trampolines = TrampolineTable::new(metadata.section(SectionKind::Trampolines));
    let imported = tables.interface.imported_funcs().count();
    let types = &tables.interface.types;
    let signature = |ty: TypeIndex| match types.get(ty.index()) {
        Some(ty) => format!(" {ty}"),
        None => String::new(),
    };
    let mut symbols = Vec::new();
    for (defined, function) in tables.functions.iter().enumerate() {
        let index = FuncIndex::new(imported + defined);
        let name = names.look_up(index);
        symbols.push(Symbol {
            start: function.text_offset,
            end: function.text_offset.saturating_add(function.bytes),
            label: match name {
                Some(name) => format!("function {index} `{}`", Escaped(name)),
                None => format!("function {index}"),
            },
            signature: signature(function.ty),
            shown: filter.takes(index, name),
        });
    }
    // Types that are equal share their trampolines: name each after the first.
    let mut seen = std::collections::HashSet::new();
    for index in 0..types.len() {
        let ty = TypeIndex::new(index);
        let Ok(row) = trampolines.look_up(ty) else {
            break;
        };
        for (offset, kind) in [(row.entry, "entry"), (row.hostcall, "hostcall")] {
            let Some(start) = offset.filter(|&start| seen.insert(start)) else {
                continue;
            };
            symbols.push(Symbol {
                start,
                end: 0,
                label: format!("{kind} of type {ty}"),
                signature: signature(ty),
                shown: matches!(filter, Filter::All),
            });
        }
    }
    symbols.sort_by_key(|symbol| symbol.start);
    // The tables do not say how long a trampoline is: up to what comes next.
    let mut next = u32::try_from(text_bytes).context("text of 4 GiB or more")?;
    for symbol in symbols.iter_mut().rev() {
        if symbol.end == 0 {
            symbol.end = next;
        }
        next = symbol.start;
    }
    Ok(symbols)
}

fn disassembler(isa: Isa) -> Result<Capstone, capstone::Error> {
    let mut capstone = match isa {
        Isa::X86_64 => Capstone::new()
            .x86()
            .mode(x86::ArchMode::Mode64)
            .syntax(x86::ArchSyntax::Intel)
            .build()?,
        Isa::Aarch64 => Capstone::new().arm64().mode(arm64::ArchMode::Arm).build()?,
    };
    // What cannot be read is shown as bytes, and what comes after it is read again.
    capstone.set_skipdata(true)?;
    Ok(capstone)
}

/// What is known about places in the code.
struct Remarks<'a> {
    traps: Option<TrapTable<'a>>,
    /// Code offsets with the Wasm offset from there on: places that trap or call, and nothing between.
    positions: Vec<(u32, u32)>,
    labels: HashMap<u64, &'a str>,
}

impl Remarks<'_> {
    /// The Wasm offset that is recorded for a byte of an instruction. A call has it at its last byte, where
    /// a backtrace looks for it.
    fn wasm_offset(&self, instruction: Range<u32>) -> Option<u32> {
        let next = self
            .positions
            .partition_point(|entry| entry.0 < instruction.end);
        let (at, wasm) = *self.positions.get(next.checked_sub(1)?)?;
        (at >= instruction.start && wasm != NO_POSITION).then_some(wasm)
    }

    fn trap(&self, offset: u32) -> Option<TrapKind> {
        self.traps?.look_up(offset)
    }

    /// What to say beside an instruction.
    fn about(&self, place: Range<u32>, mnemonic: &str, operands: &str) -> Vec<String> {
        let trap = self.trap(place.start);
        let target = branch_target(mnemonic, operands).and_then(|to| self.labels.get(&to));
        let wasm = self
            .wasm_offset(place)
            .map(|wasm| format!("wasm {wasm:#x}"));
        let trap = trap.map(|kind| format!("trap: {kind}"));
        let target = target.map(|label| format!("<{label}>"));
        [wasm, trap, target].into_iter().flatten().collect()
    }
}

/// Writes a function's instructions, and the data between them as data.
fn write_code(
    out: &mut String,
    disassembler: &Capstone,
    finder: &mut Finder<'_>,
    code: &[u8],
    start: u32,
    known: &Remarks<'_>,
) -> Result<()> {
    let mut instructions = disassembler
        .disasm_iter(code, u64::from(start))
        .context("cannot disassemble")?;
    let end = start + code.len() as u32;
    let mut offset = start;
    while offset < end {
        let rest = |from: u32, to: u32| &code[(from - start) as usize..(to - start) as usize];
        if let Some(data) = finder.at(offset) {
            let next = offset + data.bytes();
            write_line(
                out,
                offset,
                rest(offset, next),
                &directive(data, rest(offset, next)),
                &[],
            )?;
            offset = next;
            continue;
        }
        let data = finder.next(offset);
        instructions.reset(rest(offset, data), u64::from(offset));
        let Some(instruction) = instructions.next() else {
            // Less than an instruction in front of data or of the end: padding.
            write_line(out, offset, rest(offset, data), ".byte", &[])?;
            offset = data;
            continue;
        };
        let mnemonic = instruction.mnemonic().unwrap_or_default();
        let operands = instruction.op_str().unwrap_or_default();
        let next = offset + instruction.bytes().len() as u32;
        finder.see(offset..next, mnemonic, operands);
        let text = format!("{mnemonic:<7} {operands}");
        let remarks = known.about(offset..next, mnemonic, operands);
        write_line(out, offset, instruction.bytes(), &text, &remarks)?;
        offset = next;
    }
    Ok(())
}

fn write_line(
    out: &mut String,
    offset: u32,
    bytes: &[u8],
    text: &str,
    remarks: &[String],
) -> std::fmt::Result {
    let remarks = match remarks {
        [] => String::new(),
        remarks => format!("; {}", remarks.join(", ")),
    };
    let line = format!("{offset:8x}  {:<30} {text:<44} {remarks}", hex(bytes));
    writeln!(out, "{}", line.trim_end())
}

/// Data as an assembler would be told it.
fn directive(data: Embedded, bytes: &[u8]) -> String {
    let number = bytes
        .iter()
        .rev()
        .fold(0u128, |number, &byte| number << 8 | u128::from(byte));
    match data {
        Embedded::Entry { target } => format!("{:<7} -> {target:#x}", ".long"),
        Embedded::Constant { bytes: 4 } => format!("{:<7} {number:#x}", ".long"),
        Embedded::Constant { bytes: 8 } => format!("{:<7} {number:#x}", ".quad"),
        Embedded::Constant { .. } => format!("{:<7} {number:#x}", ".octa"),
    }
}

fn hex(bytes: &[u8]) -> String {
    let bytes: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

/// Where a call or a jump to a fixed place goes, of either target.
fn branch_target(mnemonic: &str, operands: &str) -> Option<u64> {
    if !matches!(mnemonic, "call" | "jmp" | "bl" | "b") {
        return None;
    }
    let address = operands.trim_start_matches('#');
    match address.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => address.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(isa: Isa, code: &[u8]) -> String {
        let known = Remarks {
            traps: None,
            positions: Vec::new(),
            labels: HashMap::from([(0x16, "callee")]),
        };
        let mut out = String::new();
        let disassembler = disassembler(isa).unwrap();
        write_code(
            &mut out,
            &disassembler,
            &mut Finder::new(isa, 0x10, code),
            code,
            0x10,
            &known,
        )
        .unwrap();
        out
    }

    #[test]
    fn both_targets_are_read_on_any_host() {
        let x86 = lines(Isa::X86_64, b"\x55\xe8\x00\x00\x00\x00\x0f\x0b");
        assert!(x86.contains("push    rbp"), "{x86}");
        assert!(x86.contains("; <callee>"), "{x86}");
        assert!(x86.contains("ud2"), "{x86}");
        let arm = lines(Isa::Aarch64, b"\xfd\x7b\xbf\xa9\xc0\x03\x5f\xd6");
        assert!(arm.contains("stp     x29, x30, [sp, #-0x10]!"), "{arm}");
        assert!(arm.contains("ret"), "{arm}");
    }

    #[test]
    fn filters_take_indices_and_names() {
        assert!(Filter::new(None).takes(FuncIndex(3), None));
        assert!(Filter::new(Some("3")).takes(FuncIndex(3), None));
        assert!(!Filter::new(Some("3")).takes(FuncIndex(13), Some("3")));
        assert!(Filter::new(Some("parse")).takes(FuncIndex(0), Some("do_parse_it")));
        assert!(!Filter::new(Some("parse")).takes(FuncIndex(0), None));
    }
}
