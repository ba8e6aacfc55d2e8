//! `ahead inspect`: what an artefact is, needs, imports and exports, and whether it keeps the invariants
//! that let any process map it.

use crate::artefact::{ArtefactFile, CodeTables};
use crate::escape::Escaped;
use crate::input;
use crate::invariants::{Invariant, invariants};
use ahead_artifact::interface::{ExportItem, ImportType};
use ahead_artifact::{
    GlobalType, Interface, MemoryType, Metadata, PageSize, SectionKind, TableType, TypeIndex,
};
use ahead_targets::CpuFeatures;
use anyhow::{Context, Result};
use object::ObjectKind;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Show what an artefact is: header, needs, tables, imports and exports
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Artefact to inspect: a `.so`, a `.o` or an executable, for any target
    artefact: PathBuf,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Examples:
  ahead inspect hello.so
  ahead inspect hello.so --json | jq .imports";

pub fn execute(options: &Options) -> Result<ExitCode> {
    let bytes = input::read(&options.artefact)?;
    let description = ArtefactFile::parse(bytes)
        .and_then(|file| describe(&file))
        .with_context(|| format!("cannot inspect `{}`", options.artefact.display()))?;
    let text = if options.json {
        format!("{:#}\n", description.to_json())
    } else {
        description.to_text(&options.artefact)
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// An import or export in words.
struct Item {
    /// Module and name of an import, name of an export.
    name: Vec<String>,
    kind: &'static str,
    ty: String,
}

/// What there is to say, before it is said as text or as JSON.
struct Description {
    kind: &'static str,
    isa: &'static str,
    abi: (u16, u16),
    bounds: String,
    cpu: Vec<String>,
    module: Option<String>,
    producer: Option<String>,
    text_bytes: u64,
    image_bytes: u64,
    metadata_bytes: u64,
    builtins: u32,
    functions: usize,
    trap_sites: usize,
    sections: Vec<(&'static str, usize, usize)>,
    imports: Vec<Item>,
    exports: Vec<Item>,
    memories: Vec<String>,
    tables: Vec<String>,
    globals: Vec<String>,
    start: Option<u32>,
    invariants: Vec<Invariant>,
}

fn describe(file: &ArtefactFile) -> Result<Description> {
    let metadata = file.metadata()?;
    let header = metadata.header;
    let tables = CodeTables::new(&metadata)?;
    let interface = &tables.interface;
    let cpu = CpuFeatures::from_bits(file.isa, header.cpu_features);
    Ok(Description {
        kind: match file.kind {
            ObjectKind::Relocatable => "relocatable object",
            ObjectKind::Dynamic if file.is_program()? => "executable",
            ObjectKind::Dynamic => "shared object",
            ObjectKind::Executable => "executable",
            _ => "object",
        },
        isa: file.isa.name(),
        abi: (header.abi_major, header.abi_minor),
        bounds: header
            .bounds()
            .map_or_else(|| format!("unknown ({})", header.bounds), |b| b.to_string()),
        cpu: cpu.missing_from(CpuFeatures::none(file.isa)),
        module: text_section(&metadata, SectionKind::ModuleName)?,
        producer: text_section(&metadata, SectionKind::Producer)?,
        text_bytes: file.text().len() as u64,
        image_bytes: header.image_bytes,
        metadata_bytes: header.metadata_bytes,
        builtins: header.builtin_count,
        functions: tables.functions.len(),
        trap_sites: tables.traps.map_or(0, |traps| traps.len()),
        sections: metadata
            .sections()
            .iter()
            .map(|&(kind, offset, bytes)| (kind.name(), offset, bytes))
            .collect(),
        imports: interface
            .imports
            .iter()
            .map(|i| import(interface, i))
            .collect(),
        exports: interface
            .exports
            .iter()
            .map(|export| Item {
                name: vec![export.name.clone()],
                kind: export_kind(export.item),
                ty: export_type(&tables, export.item),
            })
            .collect(),
        memories: interface.memories.iter().map(|&ty| memory(ty)).collect(),
        tables: interface
            .tables
            .iter()
            .map(|definition| {
                let fixed = if definition.is_static { ", static" } else { "" };
                format!("{}{fixed}", table(definition.ty))
            })
            .collect(),
        globals: interface
            .globals
            .iter()
            .map(|definition| global(definition.ty))
            .collect(),
        start: interface.start.map(|start| start.0),
        invariants: invariants(file)?,
    })
}

fn text_section(metadata: &Metadata<'_>, kind: SectionKind) -> Result<Option<String>> {
    let bytes = metadata.section(kind);
    if bytes.is_empty() {
        return Ok(None);
    }
    let text = std::str::from_utf8(bytes)
        .with_context(|| format!("damaged artefact: its {} is not UTF-8", kind.name()))?;
    Ok(Some(text.to_owned()))
}

fn import(interface: &Interface, import: &ahead_artifact::interface::Import) -> Item {
    let (kind, ty) = match import.ty {
        ImportType::Func(ty) => ("func", func(interface, ty)),
        ImportType::Table(ty) => ("table", table(ty)),
        ImportType::Memory(ty) => ("memory", memory(ty)),
        ImportType::Global(ty) => ("global", global(ty)),
        ImportType::Tag(ty) => ("tag", func(interface, ty)),
    };
    Item {
        name: vec![import.module.clone(), import.name.clone()],
        kind,
        ty,
    }
}

fn export_kind(item: ExportItem) -> &'static str {
    match item {
        ExportItem::Func(_) => "func",
        ExportItem::Table(_) => "table",
        ExportItem::Memory(_) => "memory",
        ExportItem::Global(_) => "global",
        ExportItem::Tag(_) => "tag",
    }
}

/// The type of an export; what a damaged artefact exports may not exist.
fn export_type(tables: &CodeTables<'_>, item: ExportItem) -> String {
    let interface = &tables.interface;
    let ty = match item {
        ExportItem::Func(index) => {
            let imports = interface.imported_funcs().count();
            match index.index().checked_sub(imports) {
                None => interface.imported_funcs().nth(index.index()),
                Some(defined) => tables.functions.iter().nth(defined).map(|row| row.ty),
            }
            .map(|ty| func(interface, ty))
        }
        ExportItem::Table(index) => interface
            .imported_tables()
            .chain(interface.tables.iter().map(|definition| definition.ty))
            .nth(index.index())
            .map(table),
        ExportItem::Memory(index) => interface
            .imported_memories()
            .chain(interface.memories.iter().copied())
            .nth(index.index())
            .map(memory),
        ExportItem::Global(index) => interface
            .imported_globals()
            .chain(interface.globals.iter().map(|definition| definition.ty))
            .nth(index.index())
            .map(global),
        ExportItem::Tag(index) => interface
            .imported_tags()
            .chain(interface.tags.iter().copied())
            .nth(index.index())
            .map(|ty| func(interface, ty)),
    };
    ty.unwrap_or_else(|| "missing".into())
}

fn func(interface: &Interface, ty: TypeIndex) -> String {
    match interface.types.get(ty.index()) {
        Some(ty) => ty.to_string(),
        None => "missing".into(),
    }
}

fn memory(ty: MemoryType) -> String {
    let mut text = format!("{} pages", ty.limits);
    for (has, word) in [
        (ty.page == PageSize::Byte, " of 1 byte"),
        (ty.address.is_64(), " 64-bit"),
        (ty.shared, " shared"),
    ] {
        text.push_str(if has { word } else { "" });
    }
    text
}

fn table(ty: TableType) -> String {
    let address = if ty.address.is_64() { " 64-bit" } else { "" };
    format!("{} {}{address}", ty.limits, ty.element)
}

fn global(ty: GlobalType) -> String {
    let mutable = if ty.mutable { "mut " } else { "" };
    format!("{mutable}{}", ty.value)
}

impl Description {
    fn to_text(&self, path: &Path) -> String {
        let mut lines = vec![format!(
            "{}: {} for {}, ABI {}.{}",
            path.display(),
            self.kind,
            self.isa,
            self.abi.0,
            self.abi.1
        )];
        let mut fact = |name: &str, value: String| lines.push(format!("  {name:<12}{value}"));
        if let Some(module) = &self.module {
            fact("module", format!("`{}`", Escaped(module)));
        }
        if let Some(producer) = &self.producer {
            fact("producer", Escaped(producer).to_string());
        }
        let cpu = if self.cpu.is_empty() {
            "baseline".to_owned()
        } else {
            self.cpu.join(" ")
        };
        fact("needs CPU", cpu);
        fact("bounds", self.bounds.clone());
        fact("metadata", format!("{} bytes", self.metadata_bytes));
        fact(
            "text",
            format!(
                "{} bytes; functions: {}, trap sites: {}",
                self.text_bytes, self.functions, self.trap_sites
            ),
        );
        fact("image", format!("{} bytes", self.image_bytes));
        fact("builtins", format!("{}", self.builtins));
        if let Some(start) = self.start {
            fact("start", format!("function {start}"));
        }
        let mut list = |title: &str, rows: Vec<String>| {
            if !rows.is_empty() {
                lines.push(format!("\n{title}"));
                lines.extend(rows.into_iter().map(|row| format!("  {row}")));
            }
        };
        let items = |items: &[Item]| items.iter().map(Item::to_text).collect();
        list("imports", items(&self.imports));
        list("exports", items(&self.exports));
        list("memories", self.memories.clone());
        list("tables", self.tables.clone());
        list("globals", self.globals.clone());
        let section = |&(name, offset, bytes): &(&str, usize, usize)| {
            format!("{name:<16} {offset:>#10x} {bytes:>10} bytes")
        };
        list("sections", self.sections.iter().map(section).collect());
        let invariant = |invariant: &Invariant| {
            let verdict = if invariant.holds { "ok" } else { "BROKEN" };
            format!("{verdict:<7} {}", invariant.says)
        };
        list(
            "invariants",
            self.invariants.iter().map(invariant).collect(),
        );
        lines.join("\n") + "\n"
    }

    fn to_json(&self) -> Value {
        let import = |item: &Item| json!({"module": item.name[0], "name": item.name[1], "kind": item.kind, "type": item.ty});
        let export =
            |item: &Item| json!({"name": item.name[0], "kind": item.kind, "type": item.ty});
        let section = |&(name, offset, bytes): &(&str, usize, usize)| json!({"name": name, "offset": offset, "bytes": bytes});
        json!({
            "kind": self.kind,
            "target": self.isa,
            "abi": {"major": self.abi.0, "minor": self.abi.1},
            "bounds": self.bounds,
            "cpu": self.cpu,
            "module": self.module,
            "producer": self.producer,
            "text_bytes": self.text_bytes,
            "image_bytes": self.image_bytes,
            "metadata_bytes": self.metadata_bytes,
            "builtins": self.builtins,
            "functions": self.functions,
            "trap_sites": self.trap_sites,
            "start": self.start,
            "imports": self.imports.iter().map(import).collect::<Vec<_>>(),
            "exports": self.exports.iter().map(export).collect::<Vec<_>>(),
            "memories": self.memories,
            "tables": self.tables,
            "globals": self.globals,
            "sections": self.sections.iter().map(section).collect::<Vec<_>>(),
            "invariants": self.invariants.iter().map(|invariant| {
                json!({"says": invariant.says, "holds": invariant.holds})
            }).collect::<Vec<_>>(),
        })
    }
}

impl Item {
    fn to_text(&self) -> String {
        let name: Vec<_> = self
            .name
            .iter()
            .map(|part| format!("`{}`", Escaped(part)))
            .collect();
        format!("{:<7} {} {}", self.kind, name.join(" "), self.ty)
    }
}
