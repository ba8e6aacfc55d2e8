//! The tables of the artefact, filled.

use super::{internal, symbols};
use crate::codegen::CompiledFunction;
use crate::config::{Config, RelaxedSimd};
use crate::error::Error;
use crate::module::ModuleInfo;
use crate::optimise::Passes;
use ahead_artifact::address_map::AddressMapBuilder;
use ahead_artifact::builtins::Builtin;
use ahead_artifact::data::{self, ImageRun};
use ahead_artifact::elements;
use ahead_artifact::exceptions::{ExceptionTableBuilder, Handler};
use ahead_artifact::functions::{
    FunctionEntry, TrampolineEntry, write_functions, write_trampolines,
};
use ahead_artifact::names::NamesBuilder;
use ahead_artifact::saved_registers::SavedRegistersBuilder;
use ahead_artifact::sections::{HeaderFacts, StaticTableRow};
use ahead_artifact::trap::TrapTableBuilder;
use ahead_artifact::tunables::SEGMENT_ALIGN_BYTES;
use ahead_artifact::wire::Writer;
use ahead_artifact::{FuncIndex, MetadataBuilder, SectionKind};

/// The tables that grow with the code.
#[derive(Default)]
pub struct Code {
    traps: TrapTableBuilder,
    addresses: AddressMapBuilder,
    exceptions: ExceptionTableBuilder,
    saved: SavedRegistersBuilder,
}

impl Code {
    /// Adds a piece of code. Pieces come in order.
    pub fn add(&mut self, start: u32, function: &CompiledFunction) {
        for &(offset, kind) in &function.traps {
            self.traps.push(start + offset, kind);
        }
        for call in &function.try_calls {
            let handlers = call.handlers.iter().map(|handler| Handler {
                tag: handler.tag,
                target: start + handler.target,
            });
            self.exceptions
                .push(start + call.return_address, call.site, handlers);
        }
        self.saved.push(start, &function.saved);
        for &(offset, position) in &function.positions {
            self.addresses.push(start + offset, position);
        }
    }
}

/// Rows of all static tables, and where each table's first row is.
#[derive(Default)]
pub struct StaticTables {
    rows: Vec<u8>,
    /// By table; `None` for one that is not static.
    starts: Vec<Option<u32>>,
}

/// Lays out the rows of static tables. `text_offset` says where a function's code is.
pub fn static_tables(
    module: &ModuleInfo<'_>,
    text_offset: impl Fn(FuncIndex) -> Option<u32>,
) -> Result<StaticTables, Error> {
    let mut out = Writer::default();
    let mut starts = Vec::new();
    for table in &module.facts.static_tables {
        let Some(table) = table else {
            starts.push(None);
            continue;
        };
        let start = u32::try_from(out.len());
        starts.push(Some(start.map_err(|_| {
            Error::TooLarge("the module's constant tables exceed 4 GiB".into())
        })?));
        for row in &table.rows {
            let row = match *row {
                None => StaticTableRow {
                    type_number: 0,
                    text_offset: 0,
                },
                Some(function) => StaticTableRow {
                    type_number: module.canonical_type(function).0 + 1,
                    text_offset: text_offset(function).ok_or_else(|| {
                        internal(format!("no code for function {function} of a static table"))
                    })?,
                },
            };
            out.u32(row.type_number);
            out.u32(row.text_offset);
        }
    }
    Ok(StaticTables {
        rows: out.finish(),
        starts,
    })
}

/// Whether the runtime maps a run; shorter ones it copies.
pub fn run_is_mapped(run: &ImageRun) -> bool {
    run.bytes >= SEGMENT_ALIGN_BYTES
        && run.memory_offset.is_multiple_of(SEGMENT_ALIGN_BYTES)
        && run.start.is_multiple_of(SEGMENT_ALIGN_BYTES)
}

/// Everything that goes into the metadata beside what the module says itself.
pub struct Metadata<'a> {
    pub code: Code,
    pub functions: &'a [FunctionEntry],
    pub trampolines: &'a [TrampolineEntry],
    pub static_tables: StaticTables,
    pub text_bytes: u64,
    pub image_bytes: u64,
}

impl Metadata<'_> {
    /// The metadata, and by table the offset in it of a static table's first row. What is read when an
    /// artefact is opened comes first, what only backtraces read comes last.
    pub fn write(self, module: &ModuleInfo<'_>, config: &Config) -> (Vec<u8>, Vec<Option<u32>>) {
        let mut out = MetadataBuilder::default();
        out.section(SectionKind::Interface, module.interface.to_bytes());
        out.section(
            SectionKind::Trampolines,
            write_trampolines(self.trampolines),
        );
        out.section(SectionKind::Functions, write_functions(self.functions));
        let data = &module.data;
        if !data.segments.is_empty() {
            let segments = data::write_segments(&data.segments);
            out.section(SectionKind::DataSegments, segments);
        }
        if !data.runs.is_empty() {
            out.section(SectionKind::Image, data::write_image(&data.runs));
        }
        if !module.elements.is_empty() {
            let segments = elements::write_segments(&module.elements);
            out.section(SectionKind::ElementSegments, segments);
        }
        out.section(SectionKind::StaticTables, self.static_tables.rows);
        out.section(SectionKind::Data, data.pieces.concat());
        out.section(SectionKind::Traps, self.code.traps.finish());
        out.section(SectionKind::Exceptions, self.code.exceptions.finish());
        out.section(SectionKind::SavedRegisters, self.code.saved.finish());
        out.section(SectionKind::Addresses, self.code.addresses.finish());
        if config.names {
            out.section(SectionKind::Names, names(module));
        }
        if let Some(name) = module.name {
            out.section(SectionKind::ModuleName, name.as_bytes().to_vec());
        }
        out.section(SectionKind::Producer, producer(config).into_bytes());

        let rows = out.offset_of(SectionKind::StaticTables);
        let starts = self.static_tables.starts.iter().map(|start| {
            // A table without rows has no section to lie in, and nothing is read from it.
            start.map(|start| rows.unwrap_or(0) as u32 + start)
        });
        let starts = starts.collect();
        let metadata = out.finish(HeaderFacts {
            machine: config.target.machine(),
            bounds: config.bounds,
            builtin_count: Builtin::ALL.len() as u32,
            cpu_features: config.cpu.bits(),
            text_bytes: self.text_bytes,
            image_bytes: self.image_bytes,
        });
        (metadata, starts)
    }
}

fn names(module: &ModuleInfo<'_>) -> Vec<u8> {
    let mut out = NamesBuilder::default();
    for (function, name) in symbols::names(module).into_iter().enumerate() {
        if let Some(name) = name {
            out.push(FuncIndex::new(function), name);
        }
    }
    out.finish()
}

/// What made the artefact, for people: the version, and every choice that shaped the code.
fn producer(config: &Config) -> String {
    let mut out = format!(
        "ahead {}; target {}; cpu {}; opt {}; bounds {}",
        env!("CARGO_PKG_VERSION"),
        config.target,
        config.cpu,
        config.opt,
        config.bounds,
    );
    if config.relaxed_simd != RelaxedSimd::default() {
        out.push_str(&format!("; relaxed-simd {}", config.relaxed_simd));
    }
    if config.canonical_nans {
        out.push_str("; canonical NaNs");
    }
    if config.passes != Passes::ALL {
        out.push_str(&format!("; passes {}", config.passes));
    }
    out
}
