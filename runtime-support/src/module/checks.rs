//! What is checked when an artefact is opened: whether this machine can run it, and whether its interface
//! keeps to what instantiation takes for granted.

use crate::builtins;
use crate::error::Error;
use crate::sys::{check_machine, page_bytes};
use ahead_artifact::functions::FunctionTable;
use ahead_artifact::header::{ABI_MAJOR, ABI_MINOR};
use ahead_artifact::interface::{ExportItem, Interface};
use ahead_artifact::{FormatError, Metadata, ModuleHeader, SectionKind};
use ahead_targets::{CpuFeatures, Isa};

/// Whether this runtime on this machine can run an artefact with this header.
pub(super) fn check_header(bytes: &[u8]) -> Result<ModuleHeader, Error> {
    let header = ModuleHeader::parse(bytes)?;
    if !header.abi_is_supported() {
        return Err(Error::AbiVersion {
            found_major: header.abi_major,
            found_minor: header.abi_minor,
            major: ABI_MAJOR,
            minor: ABI_MINOR,
        });
    }
    check_machine(header.machine)?;
    let page = page_bytes();
    if !(header.page_bytes as usize).is_multiple_of(page) || header.page_bytes == 0 {
        return Err(Error::PageSize {
            artifact: header.page_bytes,
            machine: page,
        });
    }
    let isa = Isa::host().expect("the runtime is built for hosts it knows");
    let missing = CpuFeatures::from_bits(isa, header.cpu_features)
        .missing_from(CpuFeatures::of_this_machine());
    if !missing.is_empty() {
        return Err(Error::CpuFeatures { missing });
    }
    if header.builtin_count > builtins::COUNT {
        return Err(Error::Builtins {
            found: header.builtin_count,
            known: builtins::COUNT,
        });
    }
    Ok(header)
}

/// Reads the interface and checks what instantiation takes for granted.
pub(super) fn check_interface(metadata: &Metadata<'_>) -> Result<Interface, Error> {
    let interface = Interface::parse(metadata.section(SectionKind::Interface))?;
    let error = |problem: String| FormatError {
        section: "interface",
        problem,
        offset: 0,
    };
    let functions = FunctionTable::new(metadata.section(SectionKind::Functions)).len();
    let functions = interface.imported_funcs().count() + functions;
    let tables = interface.imported_tables().count() + interface.tables.len();
    let memories = interface.imported_memories().count() + interface.memories.len();
    let globals = interface.imported_globals().count() + interface.globals.len();
    let tags = interface.imported_tags().count() + interface.tags.len();
    for export in &interface.exports {
        let (index, count) = match export.item {
            ExportItem::Func(index) => (index.index(), functions),
            ExportItem::Table(index) => (index.index(), tables),
            ExportItem::Memory(index) => (index.index(), memories),
            ExportItem::Global(index) => (index.index(), globals),
            ExportItem::Tag(index) => (index.index(), tags),
        };
        if index >= count {
            return Err(error(format!("an export of unknown item {index}")).into());
        }
    }
    if let Some(start) = interface.start.filter(|start| start.index() >= functions) {
        return Err(error(format!("an unknown start function {start}")).into());
    }
    let memories = interface
        .imported_memories()
        .chain(interface.memories.iter().copied());
    for memory in memories {
        if memory.shared && memory.limits.max.is_none() {
            return Err(error("a shared memory without a maximum".into()).into());
        }
        if memory.limits.min > memory.pages_max() {
            return Err(error(format!("a memory of {} pages", memory.limits.min)).into());
        }
    }
    Ok(interface)
}
