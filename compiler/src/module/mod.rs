//! Phase 1: bytes to [`ModuleInfo`]. Everything is declared and validated, nothing is translated.
//!
//! One pass over the sections with `wasmparser` ([`parse`]); function bodies are only located here (they are
//! validated while they are translated, see [`crate::function`]) and scanned ([`scan`]) for the whole-module
//! facts that translation asks for ([`facts`]). Everything borrows from the input.

mod branch_hints;
mod const_expr;
pub mod diagnose;
pub mod facts;
pub mod image;
pub mod operators;
mod parse;
mod scan;
#[cfg(test)]
mod tests;
mod throws;
mod types;

pub use parse::parse;

use crate::error::FunctionLabel;
use ahead_artifact::elements::ElementSegment;
use ahead_artifact::interface::Interface;
use ahead_artifact::layout::VmctxLayout;
use ahead_artifact::{
    DefinedFuncIndex, FuncIndex, FuncType, GlobalIndex, GlobalType, MemoryIndex, MemoryType,
    TableIndex, TableType, TagIndex, TypeIndex, ValType,
};
use branch_hints::BranchHints;
use facts::Facts;
use image::Data;
use wasmparser::{FuncToValidate, FunctionBody, ValidatorResources, WasmFeatures};

/// A module, parsed and valid but for its function bodies.
pub struct ModuleInfo<'a> {
    /// The module itself.
    pub bytes: &'a [u8],
    /// What the artefact says of the module; `is_static` of its tables is filled in from the facts.
    pub interface: Interface,
    /// For each type the first one that equals it.
    pub canonical_types: Vec<TypeIndex>,
    /// The type of each function, imported ones first.
    pub functions: Vec<TypeIndex>,
    pub imported_funcs: u32,
    /// The body of each defined function.
    pub bodies: Vec<FunctionBody<'a>>,
    /// The type of each table, imported ones first.
    pub tables: Vec<TableType>,
    /// The type of each memory, imported ones first.
    pub memories: Vec<MemoryType>,
    /// The type of each global, imported ones first.
    pub globals: Vec<GlobalType>,
    /// The type of each tag, imported ones first.
    pub tags: Vec<TypeIndex>,
    /// Data segments and the memory image, as the artefact holds them.
    pub data: Data<'a>,
    /// Element segments as the artefact holds them; those of static tables are marked so.
    pub elements: Vec<ElementSegment>,
    /// Names by function index, where the name section has one.
    pub names: Vec<Option<&'a str>>,
    pub branch_hints: BranchHints,
    /// The module's own name.
    pub name: Option<&'a str>,
    /// Offsets behind the head of the vmctx.
    pub layout: VmctxLayout,
    pub facts: Facts,
    /// For validation of bodies; `None` without a body.
    resources: Option<ValidatorResources>,
    features: WasmFeatures,
}

impl<'a> ModuleInfo<'a> {
    pub fn func_type(&self, function: FuncIndex) -> &FuncType {
        &self.interface.types[self.functions[function.index()].index()]
    }

    /// The first type that equals the function's own.
    pub fn canonical_type(&self, function: FuncIndex) -> TypeIndex {
        self.canonical_types[self.functions[function.index()].index()]
    }

    pub fn func_index(&self, function: DefinedFuncIndex) -> FuncIndex {
        FuncIndex(self.imported_funcs + function.0)
    }

    /// `None` for an imported function.
    pub fn defined(&self, function: FuncIndex) -> Option<DefinedFuncIndex> {
        function
            .0
            .checked_sub(self.imported_funcs)
            .map(DefinedFuncIndex)
    }

    pub fn function_name(&self, function: FuncIndex) -> Option<&'a str> {
        self.names.get(function.index()).copied().flatten()
    }

    /// How messages name a function.
    pub fn label(&self, function: FuncIndex) -> FunctionLabel {
        FunctionLabel {
            index: function,
            name: self.function_name(function).map(str::to_owned),
        }
    }

    pub fn global_type(&self, global: GlobalIndex) -> GlobalType {
        self.globals[global.index()]
    }

    pub fn memory_type(&self, memory: MemoryIndex) -> MemoryType {
        self.memories[memory.index()]
    }

    pub fn table_type(&self, table: TableIndex) -> TableType {
        self.tables[table.index()]
    }

    /// What an exception of a tag carries.
    pub fn tag_params(&self, tag: TagIndex) -> &[ValType] {
        &self.interface.types[self.tags[tag.index()].index()].params
    }

    pub fn is_imported_tag(&self, tag: TagIndex) -> bool {
        tag.index() < self.tags.len() - self.interface.tags.len()
    }

    /// Proposals that the module may use, as the parser's switches.
    pub fn features(&self) -> WasmFeatures {
        self.features
    }

    /// What validates the body of `function`; `None` if the module has no bodies.
    pub fn validator(
        &self,
        function: DefinedFuncIndex,
    ) -> Option<FuncToValidate<ValidatorResources>> {
        let index = self.func_index(function);
        Some(FuncToValidate {
            resources: self.resources.clone()?,
            index: index.0,
            ty: self.functions[index.index()].0,
            features: self.features,
        })
    }
}
