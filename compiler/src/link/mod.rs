//! Phase 5: functions to one text and the metadata that describes it.
//!
//! Code gets its place ([`layout`]), references between pieces of it are resolved, and the tables of
//! `ahead-artifact` are filled ([`tables`]). What a reference needs an address for that only the file's
//! layout decides (from the text into the metadata, or to an address in pages) is left in
//! [`Linked::references`]: `emit` resolves it for a `.so` and hands it on to the linker for a `.o`.

mod layout;
mod symbols;
mod tables;
#[cfg(test)]
mod tests;
mod text;

use crate::codegen::{Code, CompiledFunction, Symbol};
use crate::config::Config;
use crate::error::Error;
use crate::module::ModuleInfo;
use ahead_artifact::functions::{FunctionEntry, TrampolineEntry};
use ahead_artifact::{DefinedFuncIndex, FuncIndex, FuncType, Interface};
use ahead_targets::codegen::Backend;
use cranelift_codegen::binemit::Reloc;
use layout::{Call, Layout, Piece, Reach};
use std::collections::HashMap;
use text::Text;

/// A module's code and tables, with all that must be known to write them to a file.
pub struct Linked {
    pub config: Config,
    pub interface: Interface,
    /// Header, section table, sections. The header's offsets of text and image are still 0.
    pub metadata: Vec<u8>,
    pub text: Vec<u8>,
    /// Initial memory.
    pub image: Vec<u8>,
    /// Some of the image is to be mapped, not copied: it must lie at a multiple of the largest page.
    pub image_is_mapped: bool,
    /// Places in the text that still need an address, ascending.
    pub references: Vec<Reference>,
    /// Ascending by start.
    pub symbols: Vec<CodeSymbol>,
    pub frames: Frames,
    pub exports: Vec<ExportedFunction>,
}

/// A place in the text that needs an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reference {
    /// In the text.
    pub offset: u32,
    pub kind: Reloc,
    /// ELF's number for `kind`.
    pub elf_kind: u32,
    pub target: Target,
    pub addend: i64,
}

/// A place in an artefact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Text(u32),
    Metadata(u32),
}

/// A name for a range of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSymbol {
    /// Printable, without spaces.
    pub name: String,
    pub start: u32,
    pub bytes: u32,
}

/// Call frame instructions of all code.
#[derive(Debug, Default)]
pub struct Frames {
    /// The different ones: functions share them.
    pub programs: Vec<Box<[u8]>>,
    /// Start and size in the text, and which of the programs; ascending.
    pub rows: Vec<(u32, u32, u32)>,
}

/// A function that the module exports, for stubs in a relocatable object.
#[derive(Clone, Debug)]
pub struct ExportedFunction {
    pub name: String,
    /// Its place among all exports.
    pub export: u32,
    pub ty: FuncType,
}

/// Pieces of code by number: functions, thunks, entry trampolines, hostcall trampolines.
struct Pieces<'a> {
    module: &'a ModuleInfo<'a>,
    functions: u32,
    thunks: u32,
    entries: u32,
}

impl Pieces<'_> {
    /// The number of the piece that a symbol names.
    fn of(&self, symbol: Symbol) -> Option<u32> {
        match symbol {
            Symbol::Function(function) => Some(function.0),
            Symbol::Thunk(function) => {
                let thunk = self.module.facts.thunks.binary_search(&function).ok()?;
                Some(self.functions + thunk as u32)
            }
            Symbol::StaticTable(_) | Symbol::Text | Symbol::Extern(_) => None,
        }
    }

    /// The number of the piece that is a function's code in this module.
    fn code_of(&self, function: FuncIndex) -> Option<u32> {
        self.of(match self.module.defined(function) {
            Some(defined) => Symbol::Function(defined),
            None => Symbol::Thunk(function),
        })
    }

    fn entry(&self, number: usize) -> u32 {
        self.functions + self.thunks + number as u32
    }

    fn hostcall(&self, number: usize) -> u32 {
        self.functions + self.thunks + self.entries + number as u32
    }
}

/// Links a module's code.
pub fn link(module: ModuleInfo<'_>, code: Code, config: &Config) -> Result<Linked, Error> {
    let backend = config.target.backend();
    let reach = Reach {
        bytes: backend.branch_reach(),
        veneer_bytes: backend.veneer().code.len() as u32,
    };
    link_within(reach, module, code, config)
}

/// Links as if direct calls reached only so far.
fn link_within(
    reach: Reach,
    mut module: ModuleInfo<'_>,
    code: Code,
    config: &Config,
) -> Result<Linked, Error> {
    let backend = config.target.backend();
    let pieces = Pieces {
        module: &module,
        functions: code.functions.len() as u32,
        thunks: code.thunks.len() as u32,
        entries: code.entries.len() as u32,
    };
    let mut compiled = code.functions;
    compiled.extend(code.thunks);
    compiled.extend(code.entries);
    compiled.extend(code.hostcalls);
    let layout = lay_out(&compiled, &pieces, backend, reach)?;

    let mut text = Text::new(&layout, backend);
    let mut tables = tables::Code::default();
    let mut frames = FramesBuilder::default();
    let mut functions = Vec::with_capacity(pieces.functions as usize);
    for (number, function) in (0..).zip(compiled) {
        let start = layout.starts[number as usize];
        let bytes = function.code.len() as u32;
        text.add(number, &function, &layout, &pieces, reach)?;
        tables.add(start, &function);
        frames.add(start, bytes, function.frame);
        if number < pieces.functions {
            let defined = DefinedFuncIndex(number);
            functions.push(FunctionEntry {
                text_offset: start,
                bytes,
                ty: module.functions[module.func_index(defined).index()],
            });
        }
    }
    text.add_veneers(&layout)?;

    let trampolines = trampolines(&module, &pieces, &layout);
    let static_tables = tables::static_tables(&module, |function| {
        Some(layout.starts[pieces.code_of(function)? as usize])
    })?;
    let symbols = symbols::symbols(&module, &pieces, &layout, &functions, config);
    let exports = symbols::exported_functions(&module);
    let Text {
        bytes: text,
        references,
        ..
    } = text;

    let image = std::mem::take(&mut module.data.image);
    let image_is_mapped = module.data.runs.iter().any(tables::run_is_mapped);
    let metadata = tables::Metadata {
        code: tables,
        functions: &functions,
        trampolines: &trampolines,
        static_tables,
        text_bytes: text.len() as u64,
        image_bytes: image.len() as u64,
    };
    let (metadata, table_offsets) = metadata.write(&module, config);
    if metadata.len() as u64 > u64::from(layout::TEXT_BYTES_MAX) {
        return Err(Error::TooLarge("the module's tables exceed 896 MiB".into()));
    }
    let references = references
        .into_iter()
        .map(|reference| reference.resolve(backend, &table_offsets))
        .collect::<Result<_, _>>()?;
    Ok(Linked {
        config: config.clone(),
        interface: module.interface,
        metadata,
        text,
        image,
        image_is_mapped,
        references,
        symbols,
        frames: frames.finish(),
        exports,
    })
}

fn lay_out(
    compiled: &[CompiledFunction],
    pieces: &Pieces<'_>,
    backend: &dyn Backend,
    reach: Reach,
) -> Result<Layout, Error> {
    let shapes: Vec<_> = compiled
        .iter()
        .map(|function| Piece {
            bytes: function.code.len() as u32,
            align: function.align,
            innermost: function.innermost,
        })
        .collect();
    let calls = (0..).zip(compiled).flat_map(|(caller, function)| {
        let branches = function.relocations.iter();
        let branches = branches.filter(|relocation| backend.is_branch(relocation.kind));
        branches.filter_map(move |relocation| {
            Some(Call {
                caller,
                offset: relocation.offset,
                callee: pieces.of(relocation.symbol)?,
            })
        })
    });
    Layout::new(&shapes, calls, reach)
        .map_err(|layout::TooLarge| Error::TooLarge("the module's code exceeds 896 MiB".into()))
}

/// Trampolines by type, each where the first equal type has it.
fn trampolines(
    module: &ModuleInfo<'_>,
    pieces: &Pieces<'_>,
    layout: &Layout,
) -> Vec<TrampolineEntry> {
    let facts = &module.facts;
    let start = |piece: u32| layout.starts[piece as usize];
    let row = |canonical| TrampolineEntry {
        entry: (facts.entry_types.binary_search(canonical).ok())
            .map(|number| start(pieces.entry(number))),
        hostcall: (facts.hostcall_types.binary_search(canonical).ok())
            .map(|number| start(pieces.hostcall(number))),
    };
    module.canonical_types.iter().map(row).collect()
}

/// Collects call frame instructions, each different one once.
#[derive(Default)]
pub struct FramesBuilder {
    frames: Frames,
    known: HashMap<Box<[u8]>, u32>,
}

impl FramesBuilder {
    /// Adds a function. They come in order.
    pub fn add(&mut self, start: u32, bytes: u32, program: Box<[u8]>) {
        let programs = &mut self.frames.programs;
        let number = *self.known.entry(program).or_insert_with_key(|program| {
            programs.push(program.clone());
            programs.len() as u32 - 1
        });
        self.frames.rows.push((start, bytes, number));
    }

    pub fn finish(self) -> Frames {
        self.frames
    }
}

/// A contradiction between what was compiled and what is linked.
pub fn internal(message: String) -> Error {
    Error::Internal {
        function: None,
        message,
    }
}
