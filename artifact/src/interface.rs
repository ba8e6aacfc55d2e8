//! What a module is from outside: types, imports, exports, and the tables, memories and globals it makes.
//!
//! This is the one section that is read whole when an artefact is opened. Its size follows the module's
//! interface, not its code.

use crate::const_expr::ConstExpr;
use crate::index::{FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TagIndex, TypeIndex};
use crate::types::{FuncType, GlobalType, MemoryType, TableType, ValType};
use crate::wire::{FormatError, Reader, Writer};

/// What an import must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportType {
    Func(TypeIndex),
    Table(TableType),
    Memory(MemoryType),
    Global(GlobalType),
    /// A function type without results.
    Tag(TypeIndex),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    pub module: String,
    pub name: String,
    pub ty: ImportType,
}

/// What an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ExportItem {
    Func(FuncIndex),
    Table(TableIndex),
    Memory(MemoryIndex),
    Global(GlobalIndex),
    Tag(TagIndex),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    pub name: String,
    pub item: ExportItem,
}

/// A table that the module makes.
#[derive(Clone, Debug, PartialEq)]
pub struct TableDefinition {
    pub ty: TableType,
    /// What its elements are at first; null if there is none.
    pub init: Option<ConstExpr>,
    /// The table never changes and is never seen from outside: its rows are in the artefact, the runtime
    /// makes no table for it.
    pub is_static: bool,
}

/// A global that the module makes.
#[derive(Clone, Debug, PartialEq)]
pub struct GlobalDefinition {
    pub ty: GlobalType,
    pub init: ConstExpr,
}

/// A module from outside. Imports come first in every index space.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Interface {
    /// The type section. Equal types may stand there twice.
    pub types: Vec<FuncType>,
    pub imports: Vec<Import>,
    pub tables: Vec<TableDefinition>,
    pub memories: Vec<MemoryType>,
    pub globals: Vec<GlobalDefinition>,
    /// The types of the tags that the module makes.
    pub tags: Vec<TypeIndex>,
    pub exports: Vec<Export>,
    pub start: Option<FuncIndex>,
}

impl Interface {
    pub fn imported_funcs(&self) -> impl Iterator<Item = TypeIndex> + '_ {
        self.imports.iter().filter_map(|import| match import.ty {
            ImportType::Func(ty) => Some(ty),
            _ => None,
        })
    }

    pub fn imported_tables(&self) -> impl Iterator<Item = TableType> + '_ {
        self.imports.iter().filter_map(|import| match import.ty {
            ImportType::Table(ty) => Some(ty),
            _ => None,
        })
    }

    pub fn imported_memories(&self) -> impl Iterator<Item = MemoryType> + '_ {
        self.imports.iter().filter_map(|import| match import.ty {
            ImportType::Memory(ty) => Some(ty),
            _ => None,
        })
    }

    pub fn imported_globals(&self) -> impl Iterator<Item = GlobalType> + '_ {
        self.imports.iter().filter_map(|import| match import.ty {
            ImportType::Global(ty) => Some(ty),
            _ => None,
        })
    }

    pub fn imported_tags(&self) -> impl Iterator<Item = TypeIndex> + '_ {
        self.imports.iter().filter_map(|import| match import.ty {
            ImportType::Tag(ty) => Some(ty),
            _ => None,
        })
    }

    /// How many of each there are, for the layout of the vmctx.
    pub fn counts(&self) -> crate::layout::Counts {
        crate::layout::Counts {
            imported_funcs: self.imported_funcs().count() as u32,
            imported_tables: self.imported_tables().count() as u32,
            imported_memories: self.imported_memories().count() as u32,
            imported_globals: self.imported_globals().count() as u32,
            defined_tables: self.tables.len() as u32,
            defined_memories: self.memories.len() as u32,
            defined_globals: self.globals.len() as u32,
            tags: (self.imported_tags().count() + self.tags.len()) as u32,
        }
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.count(self.types.len());
        for ty in &self.types {
            ty.write(&mut out);
        }
        out.count(self.imports.len());
        for import in &self.imports {
            out.string(&import.module);
            out.string(&import.name);
            match import.ty {
                ImportType::Func(ty) => {
                    out.u8(0);
                    out.u32(ty.0);
                }
                ImportType::Table(ty) => {
                    out.u8(1);
                    ty.write(&mut out);
                }
                ImportType::Memory(ty) => {
                    out.u8(2);
                    ty.write(&mut out);
                }
                ImportType::Global(ty) => {
                    out.u8(3);
                    write_global_type(ty, &mut out);
                }
                ImportType::Tag(ty) => {
                    out.u8(4);
                    out.u32(ty.0);
                }
            }
        }
        out.count(self.tables.len());
        for table in &self.tables {
            table.ty.write(&mut out);
            out.u8(u8::from(table.is_static));
            out.u8(u8::from(table.init.is_some()));
            if let Some(init) = &table.init {
                init.write(&mut out);
            }
        }
        out.count(self.memories.len());
        for memory in &self.memories {
            memory.write(&mut out);
        }
        out.count(self.globals.len());
        for global in &self.globals {
            write_global_type(global.ty, &mut out);
            global.init.write(&mut out);
        }
        out.count(self.tags.len());
        for ty in &self.tags {
            out.u32(ty.0);
        }
        out.count(self.exports.len());
        for export in &self.exports {
            out.string(&export.name);
            let (kind, index) = match export.item {
                ExportItem::Func(index) => (0, index.0),
                ExportItem::Table(index) => (1, index.0),
                ExportItem::Memory(index) => (2, index.0),
                ExportItem::Global(index) => (3, index.0),
                ExportItem::Tag(index) => (4, index.0),
            };
            out.u8(kind);
            out.u32(index);
        }
        out.u8(u8::from(self.start.is_some()));
        out.u32(self.start.map_or(0, |start| start.0));
        out.finish()
    }

    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let from = &mut Reader::new("interface", bytes);
        let types = (0..from.count(8)?)
            .map(|_| FuncType::read(from))
            .collect::<Result<Vec<_>, _>>()?;
        let imports = (0..from.count(13)?)
            .map(|_| {
                let (module, name) = (from.string()?.to_owned(), from.string()?.to_owned());
                let ty = match from.u8()? {
                    0 => ImportType::Func(TypeIndex(from.u32()?)),
                    1 => ImportType::Table(TableType::read(from)?),
                    2 => ImportType::Memory(MemoryType::read(from)?),
                    3 => ImportType::Global(read_global_type(from)?),
                    4 => ImportType::Tag(TypeIndex(from.u32()?)),
                    other => return Err(from.error(format!("unknown import kind {other}"))),
                };
                match ty {
                    ImportType::Func(index) | ImportType::Tag(index)
                        if index.index() >= types.len() =>
                    {
                        Err(from.error(format!("import of unknown type {index}")))
                    }
                    _ => Ok(Import { module, name, ty }),
                }
            })
            .collect::<Result<Vec<_>, _>>()?;
        let tables = (0..from.count(21)?)
            .map(|_| {
                let ty = TableType::read(from)?;
                let is_static = from.u8()? != 0;
                let init = if from.u8()? != 0 {
                    Some(ConstExpr::read(from)?)
                } else {
                    None
                };
                Ok(TableDefinition {
                    ty,
                    init,
                    is_static,
                })
            })
            .collect::<Result<Vec<_>, FormatError>>()?;
        let memories = (0..from.count(18)?)
            .map(|_| MemoryType::read(from))
            .collect::<Result<Vec<_>, _>>()?;
        let globals = (0..from.count(6)?)
            .map(|_| {
                Ok(GlobalDefinition {
                    ty: read_global_type(from)?,
                    init: ConstExpr::read(from)?,
                })
            })
            .collect::<Result<Vec<_>, FormatError>>()?;
        let tags = (0..from.count(4)?)
            .map(|_| match TypeIndex(from.u32()?) {
                ty if ty.index() < types.len() => Ok(ty),
                ty => Err(from.error(format!("a tag of unknown type {ty}"))),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let exports = (0..from.count(9)?)
            .map(|_| {
                let name = from.string()?.to_owned();
                let (kind, index) = (from.u8()?, from.u32()?);
                let item = match kind {
                    0 => ExportItem::Func(FuncIndex(index)),
                    1 => ExportItem::Table(TableIndex(index)),
                    2 => ExportItem::Memory(MemoryIndex(index)),
                    3 => ExportItem::Global(GlobalIndex(index)),
                    4 => ExportItem::Tag(TagIndex(index)),
                    other => return Err(from.error(format!("unknown export kind {other}"))),
                };
                Ok(Export { name, item })
            })
            .collect::<Result<Vec<_>, FormatError>>()?;
        let has_start = from.u8()? != 0;
        let start = FuncIndex(from.u32()?);
        let interface = Interface {
            types,
            imports,
            tables,
            memories,
            globals,
            tags,
            exports,
            start: has_start.then_some(start),
        };
        match interface.unknown_type() {
            Some(ty) => Err(from.error(format!("a reference to unknown type {ty}"))),
            None => Ok(interface),
        }
    }

    /// A concrete heap type that is none: a type refers to those before it, everything else to any.
    fn unknown_type(&self) -> Option<TypeIndex> {
        let types = self.types.iter().enumerate();
        let in_types = types.flat_map(|(index, ty)| ty.values().map(move |ty| (ty, index)));
        let count = self.types.len();
        let elements = self.tables.iter().map(|table| table.ty);
        let elements = elements.chain(self.imported_tables());
        let elements = elements.map(|table| ValType::Ref(table.element));
        let globals = self.globals.iter().map(|global| global.ty);
        let globals = globals.chain(self.imported_globals());
        let values = elements.chain(globals.map(|global| global.value));
        in_types
            .chain(values.map(|ty| (ty, count)))
            .find_map(|(ty, known)| ty.concrete().filter(|ty| ty.index() >= known))
    }

    /// Gives each concrete heap type outside the type section what `map` makes of it.
    pub fn map_concrete(&mut self, map: impl Fn(TypeIndex) -> TypeIndex) {
        let table = |ty: &mut TableType| ty.element.heap = ty.element.heap.map_concrete(&map);
        let global = |ty: &mut GlobalType| ty.value = ty.value.map_concrete(&map);
        for import in &mut self.imports {
            match &mut import.ty {
                ImportType::Table(ty) => table(ty),
                ImportType::Global(ty) => global(ty),
                ImportType::Func(_) | ImportType::Memory(_) | ImportType::Tag(_) => {}
            }
        }
        self.tables.iter_mut().for_each(|t| table(&mut t.ty));
        self.globals.iter_mut().for_each(|g| global(&mut g.ty));
    }
}

fn write_global_type(ty: GlobalType, out: &mut Writer) {
    ty.value.write(out);
    out.u8(u8::from(ty.mutable));
}

fn read_global_type(from: &mut Reader<'_>) -> Result<GlobalType, FormatError> {
    Ok(GlobalType {
        value: ValType::read(from)?,
        mutable: from.u8()? != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::const_expr::ConstOp;
    use crate::types::{AddressType, HeapType, Limits, PageSize, RefType};

    #[test]
    fn round_trip_and_every_prefix_is_an_error() {
        let limits = Limits {
            min: 1,
            max: Some(10),
        };
        let memory = MemoryType {
            limits,
            address: AddressType::I64,
            page: PageSize::Byte,
            shared: true,
        };
        let table = TableType {
            element: RefType {
                nullable: false,
                heap: HeapType::Concrete(TypeIndex(1)),
            },
            limits: Limits { min: 0, max: None },
            address: AddressType::I64,
        };
        let global = GlobalType {
            value: ValType::F64,
            mutable: true,
        };
        let import = |name: &str, ty| Import {
            module: "env".into(),
            name: name.into(),
            ty,
        };
        let interface = Interface {
            types: vec![
                FuncType {
                    params: vec![ValType::I32, ValType::EXTERNREF],
                    results: vec![ValType::I64],
                },
                FuncType::default(),
            ],
            imports: vec![
                import("f", ImportType::Func(TypeIndex(1))),
                import("t", ImportType::Table(table)),
                import("m", ImportType::Memory(memory)),
                import("g", ImportType::Global(global)),
            ],
            tables: vec![TableDefinition {
                ty: table,
                init: Some(ConstExpr::of(ConstOp::RefNull(HeapType::Func))),
                is_static: true,
            }],
            memories: vec![memory, MemoryType::of(limits)],
            globals: vec![GlobalDefinition {
                ty: global,
                init: ConstExpr::of(ConstOp::F64Const(1)),
            }],
            tags: vec![TypeIndex(0)],
            exports: vec![Export {
                name: "run".into(),
                item: ExportItem::Func(FuncIndex(1)),
            }],
            start: Some(FuncIndex(2)),
        };
        let bytes = interface.to_bytes();
        assert_eq!(Interface::parse(&bytes).unwrap(), interface);
        for length in 0..bytes.len() {
            assert!(
                Interface::parse(&bytes[..length]).is_err(),
                "prefix of {length} bytes"
            );
        }
    }
}
