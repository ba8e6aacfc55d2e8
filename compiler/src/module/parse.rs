//! The pass over a module's sections.

use super::branch_hints::BranchHints;
use super::const_expr::{self, ConstError};
use super::diagnose::{diagnose, needs};
use super::{ModuleInfo, facts, image, scan, types};
use crate::config::Config;
use crate::error::Error;
use crate::proposals::Proposal;
use ahead_artifact::elements::{ElementItems, ElementMode, ElementSegment};
use ahead_artifact::interface::{
    Export, ExportItem, GlobalDefinition, Import, ImportType, Interface, TableDefinition,
};
use ahead_artifact::layout::VmctxLayout;
use ahead_artifact::{
    FuncIndex, GlobalIndex, GlobalType, MemoryIndex, MemoryType, RefType, TableIndex, TableType,
    TagIndex, TypeIndex,
};
use std::borrow::Cow;
use std::collections::HashMap;
use wasmparser::{
    Encoding, FunctionBody, KnownCustom, Name, Parser, Payload, ValidPayload, Validator,
    ValidatorResources, WasmFeatures,
};

/// Something that the validator lets pass and that has no place in our tables: it names itself. It shows
/// that a proposal is switched on that is not built, and becomes [`Error::Invalid`].
#[derive(Clone, Copy, Debug)]
pub struct Unbuilt(pub &'static str);

/// The validator admits no more functions.
const FUNCTIONS_MAX: usize = 1_000_000;

/// Reads a module: declarations are validated, bodies are located and scanned.
pub fn parse<'a>(wasm: &'a [u8], config: &Config) -> Result<ModuleInfo<'a>, Error> {
    if let Some(proposal) = config.proposals.iter().find(|p| !p.is_built()) {
        return Err(Error::ProposalNotBuilt(proposal));
    }
    // Offsets in a module are kept in 32 bits from here on.
    if wasm.len() as u64 >= u64::from(u32::MAX) {
        return Err(Error::Limit {
            function: None,
            what: format!("a module of {} bytes", wasm.len()),
            limit: u64::from(u32::MAX),
            offset: 0,
        });
    }
    let features = config.proposals.features();
    let mut declarations = Declarations::default();
    match declarations.read(wasm, features) {
        Ok(()) => {}
        Err(Stop::Parser(error)) => return Err(diagnose(wasm, config.proposals, None, &error)),
        Err(Stop::Error(error)) => return Err(error),
    }
    declarations.finish(wasm, features, config)
}

/// Why reading ended early.
enum Stop {
    Parser(wasmparser::Error),
    Error(Error),
}

impl From<wasmparser::Error> for Stop {
    fn from(error: wasmparser::Error) -> Self {
        Stop::Parser(error)
    }
}

/// Gives what has no place in our tables its offset.
trait At<T> {
    fn at(self, offset: u64) -> Result<T, Stop>;
}

fn unsupported(Unbuilt(what): Unbuilt, offset: u64) -> Stop {
    Stop::Error(Error::Invalid {
        function: None,
        message: format!("{what} is not supported here"),
        offset,
    })
}

impl<T> At<T> for Result<T, Unbuilt> {
    fn at(self, offset: u64) -> Result<T, Stop> {
        self.map_err(|unbuilt| unsupported(unbuilt, offset))
    }
}

impl<T> At<T> for Result<T, ConstError> {
    fn at(self, offset: u64) -> Result<T, Stop> {
        self.map_err(|error| match error {
            ConstError::Parser(error) => Stop::Parser(error),
            ConstError::Unbuilt(unbuilt) => unsupported(unbuilt, offset),
        })
    }
}

/// What has been read so far.
#[derive(Default)]
struct Declarations<'a> {
    interface: Interface,
    functions: Vec<TypeIndex>,
    imported_funcs: u32,
    bodies: Vec<FunctionBody<'a>>,
    tables: Vec<TableType>,
    memories: Vec<MemoryType>,
    globals: Vec<GlobalType>,
    tags: Vec<TypeIndex>,
    data: Vec<image::Segment<'a>>,
    elements: Vec<ElementSegment>,
    names: Vec<Option<&'a str>>,
    branch_hints: BranchHints,
    name: Option<&'a str>,
    resources: Option<ValidatorResources>,
}

impl<'a> Declarations<'a> {
    fn read(&mut self, wasm: &'a [u8], features: WasmFeatures) -> Result<(), Stop> {
        let mut parser = Parser::new(0);
        parser.set_features(features);
        let mut validator = Validator::new_with_features(features);
        for payload in parser.parse_all(wasm) {
            let payload = payload?;
            if let Payload::Version {
                encoding: Encoding::Component,
                range,
                ..
            } = &payload
            {
                let item = "a component".to_owned();
                return Err(Stop::Error(needs(
                    None,
                    item,
                    Proposal::ComponentModel,
                    range.start,
                )));
            }
            if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
                self.resources.get_or_insert(function.resources);
                self.bodies.push(body);
            } else {
                self.section(payload)?;
            }
        }
        Ok(())
    }

    /// A section that the validator has passed.
    fn section(&mut self, payload: Payload<'a>) -> Result<(), Stop> {
        match payload {
            Payload::TypeSection(reader) => {
                for group in reader.into_iter_with_offsets() {
                    let (offset, group) = group?;
                    for ty in group.types() {
                        let wasmparser::CompositeInnerType::Func(ty) = &ty.composite_type.inner
                        else {
                            return Err(unsupported(Unbuilt("a type of the gc proposal"), offset));
                        };
                        let ty = types::func_type(ty).at(offset)?;
                        self.interface.types.push(ty);
                    }
                }
            }
            Payload::ImportSection(reader) => {
                for import in reader.into_imports_with_offsets() {
                    let (offset, import) = import?;
                    self.import(import, offset)?;
                }
            }
            Payload::FunctionSection(reader) => {
                for ty in reader {
                    self.functions.push(TypeIndex(ty?));
                }
            }
            Payload::TableSection(reader) => {
                for table in reader.into_iter_with_offsets() {
                    let (offset, table) = table?;
                    let ty = types::table_type(table.ty).at(offset)?;
                    let init = match &table.init {
                        wasmparser::TableInit::RefNull => None,
                        wasmparser::TableInit::Expr(init) => {
                            Some(const_expr::read(init).at(offset)?)
                        }
                    };
                    self.tables.push(ty);
                    self.interface.tables.push(TableDefinition {
                        ty,
                        init,
                        is_static: false,
                    });
                }
            }
            Payload::MemorySection(reader) => {
                for memory in reader.into_iter_with_offsets() {
                    let (offset, memory) = memory?;
                    let ty = types::memory_type(memory).at(offset)?;
                    self.memories.push(ty);
                    self.interface.memories.push(ty);
                }
            }
            Payload::GlobalSection(reader) => {
                for global in reader.into_iter_with_offsets() {
                    let (offset, global) = global?;
                    let ty = types::global_type(global.ty).at(offset)?;
                    let init = const_expr::read(&global.init_expr).at(offset)?;
                    self.globals.push(ty);
                    self.interface.globals.push(GlobalDefinition { ty, init });
                }
            }
            Payload::ExportSection(reader) => {
                for export in reader.into_iter_with_offsets() {
                    let (offset, export) = export?;
                    let item = match export.kind {
                        wasmparser::ExternalKind::Func => ExportItem::Func(FuncIndex(export.index)),
                        wasmparser::ExternalKind::Table => {
                            ExportItem::Table(TableIndex(export.index))
                        }
                        wasmparser::ExternalKind::Memory => {
                            ExportItem::Memory(MemoryIndex(export.index))
                        }
                        wasmparser::ExternalKind::Global => {
                            ExportItem::Global(GlobalIndex(export.index))
                        }
                        wasmparser::ExternalKind::Tag => ExportItem::Tag(TagIndex(export.index)),
                        wasmparser::ExternalKind::FuncExact => {
                            return Err(unsupported(Unbuilt("this kind of export"), offset));
                        }
                    };
                    self.interface.exports.push(Export {
                        name: export.name.to_owned(),
                        item,
                    });
                }
            }
            Payload::StartSection { func, .. } => self.interface.start = Some(FuncIndex(func)),
            Payload::ElementSection(reader) => {
                for element in reader.into_iter_with_offsets() {
                    let (offset, element) = element?;
                    self.element(element, offset)?;
                }
            }
            Payload::DataSection(reader) => {
                for segment in reader.into_iter_with_offsets() {
                    let (offset, segment) = segment?;
                    let active = match &segment.kind {
                        wasmparser::DataKind::Passive => None,
                        wasmparser::DataKind::Active {
                            memory_index,
                            offset_expr,
                        } => Some((
                            MemoryIndex(*memory_index),
                            const_expr::read(offset_expr).at(offset)?,
                        )),
                    };
                    self.data.push(image::Segment {
                        active,
                        bytes: segment.data,
                    });
                }
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Name(names) => self.names(names),
                KnownCustom::BranchHints(hints) => self.branch_hints = BranchHints::read(hints),
                _ => {}
            },
            Payload::TagSection(reader) => {
                for tag in reader {
                    let ty = TypeIndex(tag?.func_type_idx);
                    self.tags.push(ty);
                    self.interface.tags.push(ty);
                }
            }
            // Nothing that outlives validation; the validator refuses sections it does not know.
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: wasmparser::Import<'_>, offset: u64) -> Result<(), Stop> {
        let ty = match import.ty {
            wasmparser::TypeRef::Func(ty) => {
                self.functions.push(TypeIndex(ty));
                self.imported_funcs += 1;
                ImportType::Func(TypeIndex(ty))
            }
            wasmparser::TypeRef::Table(ty) => {
                let ty = types::table_type(ty).at(offset)?;
                self.tables.push(ty);
                ImportType::Table(ty)
            }
            wasmparser::TypeRef::Memory(ty) => {
                let ty = types::memory_type(ty).at(offset)?;
                self.memories.push(ty);
                ImportType::Memory(ty)
            }
            wasmparser::TypeRef::Global(ty) => {
                let ty = types::global_type(ty).at(offset)?;
                self.globals.push(ty);
                ImportType::Global(ty)
            }
            wasmparser::TypeRef::Tag(tag) => {
                let ty = TypeIndex(tag.func_type_idx);
                self.tags.push(ty);
                ImportType::Tag(ty)
            }
            wasmparser::TypeRef::FuncExact(_) => {
                return Err(unsupported(Unbuilt("this kind of import"), offset));
            }
        };
        self.interface.imports.push(Import {
            module: import.module.to_owned(),
            name: import.name.to_owned(),
            ty,
        });
        Ok(())
    }

    fn element(&mut self, element: wasmparser::Element<'_>, offset: u64) -> Result<(), Stop> {
        let mode = match &element.kind {
            wasmparser::ElementKind::Passive => ElementMode::Passive,
            wasmparser::ElementKind::Declared => ElementMode::Declared,
            wasmparser::ElementKind::Active {
                table_index,
                offset_expr,
            } => ElementMode::Active {
                table: TableIndex(table_index.unwrap_or(0)),
                offset: const_expr::read(offset_expr).at(offset)?,
            },
        };
        let (ty, items) = match element.items {
            wasmparser::ElementItems::Functions(functions) => {
                let functions = functions
                    .into_iter()
                    .map(|function| Ok(Some(FuncIndex(function?))))
                    .collect::<Result<_, wasmparser::Error>>()?;
                (RefType::FUNC, ElementItems::Functions(functions))
            }
            wasmparser::ElementItems::Expressions(ty, expressions) => {
                let ty = types::ref_type(ty).at(offset)?;
                let mut items = facts::Items::new(ty);
                for expression in expressions {
                    items.push(const_expr::read(&expression?).at(offset)?);
                }
                (ty, items.finish())
            }
        };
        self.elements.push(ElementSegment { mode, ty, items });
        Ok(())
    }

    /// The name section. It is for people only: the part before an error counts, the rest is left out.
    fn names(&mut self, reader: wasmparser::NameSectionReader<'a>) {
        for subsection in reader {
            match subsection {
                Ok(Name::Module { name, .. }) => self.name = Some(name),
                Ok(Name::Function(names)) => {
                    for naming in names {
                        let Ok(naming) = naming else { break };
                        let index = naming.index as usize;
                        // Names may stand before the functions they name, in a section of any length.
                        if index >= FUNCTIONS_MAX {
                            continue;
                        }
                        if index >= self.names.len() {
                            self.names.resize(index + 1, None);
                        }
                        self.names[index] = Some(naming.name);
                    }
                }
                Ok(_) => {}
                Err(_) => break,
            }
        }
    }

    fn finish(
        mut self,
        wasm: &'a [u8],
        features: WasmFeatures,
        config: &Config,
    ) -> Result<ModuleInfo<'a>, Error> {
        let layout = VmctxLayout::new(self.interface.counts()).ok_or(Error::Limit {
            function: None,
            what: "the size of the imports, tables and globals of an instance".to_owned(),
            limit: i32::MAX as u64,
            offset: 0,
        })?;
        self.names.truncate(self.functions.len());
        if !config.names {
            self.names.clear();
            self.name = None;
        }
        let canonical_types = canonical(&self.interface.types);
        let uses = scan::scan(&self.bodies, self.tags.len());
        let facts = facts::derive(&facts::Declared {
            interface: &self.interface,
            canonical_types: &canonical_types,
            functions: &self.functions,
            imported_funcs: self.imported_funcs,
            tables: &self.tables,
            memories: self.memories.len(),
            globals: &self.globals,
            elements: &self.elements,
            uses: &uses,
        });
        facts.mark_static_tables(&mut self.interface, &mut self.elements, self.tables.len());
        let data = image::build(
            &self.data,
            &self.memories,
            self.memories.len() - self.interface.memories.len(),
            &facts.constant_globals,
        );
        Ok(ModuleInfo {
            bytes: wasm,
            interface: self.interface,
            canonical_types,
            functions: self.functions,
            imported_funcs: self.imported_funcs,
            bodies: self.bodies,
            tables: self.tables,
            memories: self.memories,
            globals: self.globals,
            tags: self.tags,
            data,
            elements: self.elements,
            names: self.names,
            branch_hints: self.branch_hints,
            name: self.name,
            layout,
            facts,
            resources: self.resources,
            features,
        })
    }
}

/// For each type the first one that equals it.
fn canonical(types: &[ahead_artifact::FuncType]) -> Vec<TypeIndex> {
    let mut first = HashMap::with_capacity(types.len());
    let mut canonical: Vec<TypeIndex> = Vec::with_capacity(types.len());
    for (index, ty) in types.iter().enumerate() {
        let index = TypeIndex::new(index);
        let identity = match ty.values().any(|value| value.concrete().is_some()) {
            false => Cow::Borrowed(ty),
            true => Cow::Owned(ty.map_concrete(|earlier| canonical[earlier.index()])),
        };
        canonical.push(*first.entry(identity).or_insert(index));
    }
    canonical
}
