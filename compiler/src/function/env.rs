//! What a function sees of its module: where things are, and the CLIF entities that stand for them.
//!
//! Everything outside the function is reached from the vmctx by loads. Fields that never change while an
//! instance lives are loaded `readonly` and movable, so that Cranelift loads them once and where it likes;
//! each memory, table and global that does change has an alias region of its own, so that a store to one
//! does not hide another from the optimiser.

use super::signature::{self, POINTER};
use crate::config::RelaxedSimd;
use crate::module::ModuleInfo;
use ahead_artifact::builtins::Builtin;
use ahead_artifact::layout::Place;
use ahead_artifact::{
    Bounds, FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex, ValType, vmctx,
};
use ahead_targets::CpuFeatures;
use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{
    self, AliasRegion, AliasRegionData, Block, ExtFuncData, ExternalName, FuncRef, Function,
    GlobalValueData, InstBuilder, MemFlagsData, SigRef, Type, UserExternalName, Value,
};

/// A value for each index, forgotten at once when the next function begins.
#[derive(Debug)]
pub struct PerFunction<T> {
    entries: Vec<(u32, T)>,
    generation: u32,
}

impl<T> Default for PerFunction<T> {
    fn default() -> Self {
        PerFunction {
            entries: Vec::new(),
            generation: 1,
        }
    }
}

impl<T: Copy> PerFunction<T> {
    pub fn reset(&mut self) {
        match self.generation.checked_add(1) {
            Some(next) => self.generation = next,
            None => *self = PerFunction::default(),
        }
    }

    fn get(&self, index: usize) -> Option<T> {
        self.entries
            .get(index)
            .filter(|entry| entry.0 == self.generation)
            .map(|entry| entry.1)
    }

    fn set(&mut self, index: usize, value: T) {
        if index >= self.entries.len() {
            // Generation 0 is never current.
            self.entries.resize(index + 1, (0, value));
        }
        self.entries[index] = (self.generation, value);
    }
}

/// CLIF entities that have been declared in the current function.
#[derive(Debug, Default)]
pub struct Declared {
    functions: PerFunction<FuncRef>,
    /// By canonical type.
    types: PerFunction<SigRef>,
    builtins: PerFunction<SigRef>,
    memory_flags: PerFunction<ir::MemFlags>,
    memory_bases: PerFunction<Value>,
}

impl Declared {
    pub fn reset(&mut self) {
        self.functions.reset();
        self.types.reset();
        self.builtins.reset();
        self.memory_flags.reset();
        self.memory_bases.reset();
    }
}

/// What has an alias region.
#[derive(Clone, Copy, Debug)]
pub enum Region {
    /// The bytes of a memory.
    Memory(MemoryIndex),
    /// A memory's record: base and length.
    MemoryRecord(MemoryIndex),
    /// The elements of a table.
    Table(TableIndex),
    TableRecord(TableIndex),
    Global(GlobalIndex),
}

/// Regions are numbered per kind; those beyond share the last one, because the flags of loads and stores,
/// of which each region needs its own, are numbered with 16 bits.
const REGIONS_PER_KIND: u32 = 4096;

impl Region {
    fn kind_and_index(self) -> (u32, u32) {
        match self {
            Region::Memory(memory) => (0, memory.0),
            Region::MemoryRecord(memory) => (1, memory.0),
            Region::Table(table) => (2, table.0),
            Region::TableRecord(table) => (3, table.0),
            Region::Global(global) => (4, global.0),
        }
    }

    /// The same in each function, so that one can be inlined into another.
    fn user_id(self) -> u32 {
        let (kind, index) = self.kind_and_index();
        kind * REGIONS_PER_KIND + index.min(REGIONS_PER_KIND - 1)
    }

    /// For readers of CLIF.
    fn description(self) -> String {
        let kind = match self {
            Region::Memory(_) => "memory",
            Region::MemoryRecord(_) => "record of memory",
            Region::Table(_) => "table",
            Region::TableRecord(_) => "record of table",
            Region::Global(_) => "global",
        };
        match self.kind_and_index().1 {
            index if index < REGIONS_PER_KIND - 1 => format!("{kind} {index}"),
            _ => format!("{kind} {} and up", REGIONS_PER_KIND - 1),
        }
    }
}

/// The module as seen from one function.
pub struct Env<'m, 's> {
    pub module: &'m ModuleInfo<'m>,
    /// Of the module; what it means for a memory [`Env::memory_bounds`] says.
    pub bounds: Bounds,
    pub relaxed_simd: RelaxedSimd,
    pub cpu: CpuFeatures,
    pub vmctx: Value,
    /// The first block, where constants of the instance are loaded.
    pub entry: Block,
    pub declared: &'s mut Declared,
}

impl Env<'_, '_> {
    /// Flags of a load of something that stays as it is while the instance lives.
    pub fn constant() -> MemFlagsData {
        MemFlagsData::trusted().with_readonly().with_can_move()
    }

    /// The region of something that changes.
    pub fn region(func: &mut Function, region: Region) -> AliasRegion {
        let regions = &mut func.dfg.alias_regions;
        match regions.get(region.user_id()) {
            Some(known) => known,
            None => regions.insert(AliasRegionData {
                user_id: region.user_id(),
                description: region.description().into(),
            }),
        }
    }

    /// Flags of an access to a field of the runtime's that changes: never out of place, never trapping.
    pub fn field(func: &mut Function, region: Region) -> MemFlagsData {
        let region = Self::region(func, region);
        MemFlagsData::trusted().with_alias_region(Some(region))
    }

    /// Flags of the guest's own accesses to a memory: unaligned, and trapping.
    pub fn guest_access(&mut self, func: &mut Function, memory: MemoryIndex) -> ir::MemFlags {
        if let Some(flags) = self.declared.memory_flags.get(memory.index()) {
            return flags;
        }
        let region = Self::region(func, Region::Memory(memory));
        let flags = MemFlagsData::new()
            .with_endianness(ir::Endianness::Little)
            .with_alias_region(Some(region));
        let flags = func.dfg.mem_flags.insert_unchecked(flags);
        self.declared.memory_flags.set(memory.index(), flags);
        flags
    }

    /// Flags of the guest's atomic accesses to a memory.
    pub fn atomic_access(func: &mut Function, memory: MemoryIndex) -> MemFlagsData {
        let region = Self::region(func, Region::Memory(memory));
        MemFlagsData::new()
            .with_endianness(ir::Endianness::Little)
            .with_aligned()
            .with_alias_region(Some(region))
    }

    /// Where the record of a memory is reached.
    fn memory_place(&self, memory: MemoryIndex) -> Place {
        let ty = self.module.memory_type(memory);
        self.module.layout.memory(memory, ty)
    }

    /// The record of a memory, table or global: its address and the offset to add.
    pub fn record(&self, ins: &mut FuncCursor<'_>, place: Place) -> (Value, i32) {
        match place {
            Place::Inline(offset) => (self.vmctx, offset as i32),
            Place::Pointer(offset) => {
                let pointer = ins
                    .ins()
                    .load(POINTER, Self::constant(), self.vmctx, offset as i32);
                (pointer, 0)
            }
        }
    }

    /// Whether a memory's length is its first length for ever, and its base, too.
    pub fn memory_is_fixed(&self, memory: MemoryIndex) -> bool {
        let limits = self.module.memory_type(memory).limits;
        limits.max == Some(limits.min) || self.module.facts.fixed_memories[memory.index()]
    }

    /// How accesses to a memory are kept inside it.
    pub fn memory_bounds(&self, memory: MemoryIndex) -> Bounds {
        self.module.memory_type(memory).bounds(self.bounds)
    }

    /// Bytes that a memory always has.
    pub fn memory_bytes_min(&self, memory: MemoryIndex) -> u64 {
        self.module.memory_type(memory).bytes_min()
    }

    /// The current length of a memory in bytes, as `i64`.
    pub fn memory_bytes(&self, ins: &mut FuncCursor<'_>, memory: MemoryIndex) -> Value {
        if self.memory_is_fixed(memory) {
            let bytes = self.memory_bytes_min(memory).cast_signed();
            return ins.ins().iconst(POINTER, bytes);
        }
        let (record, offset) = self.record(ins, self.memory_place(memory));
        let flags = Self::field(ins.func, Region::MemoryRecord(memory));
        let offset = offset + vmctx::MEMORY_BYTES as i32;
        ins.ins().load(POINTER, flags, record, offset)
    }

    /// The address of a memory's first byte.
    pub fn memory_base(&mut self, ins: &mut FuncCursor<'_>, memory: MemoryIndex) -> Value {
        let is_guarded = self.memory_bounds(memory) == Bounds::Guard;
        // A shared memory has all its addresses from the start: growing never moves it.
        let is_shared = self.module.memory_type(memory).shared;
        let constant = is_guarded || is_shared || self.memory_is_fixed(memory);
        if !constant {
            let (record, offset) = self.record(ins, self.memory_place(memory));
            let flags = Self::field(ins.func, Region::MemoryRecord(memory));
            let offset = offset + vmctx::MEMORY_BASE as i32;
            return ins.ins().load(POINTER, flags, record, offset);
        }
        if let Some(base) = self.declared.memory_bases.get(memory.index()) {
            return base;
        }
        // It dominates the whole body, and Cranelift moves it to where it is needed.
        let mut first = FuncCursor::new(ins.func).at_first_insertion_point(self.entry);
        let base = if is_guarded && memory.0 == 0 {
            let offset = vmctx::MEMORY0_BASE as i32;
            first
                .ins()
                .load(POINTER, Self::constant(), self.vmctx, offset)
        } else {
            let (record, offset) = self.record(&mut first, self.memory_place(memory));
            let offset = offset + vmctx::MEMORY_BASE as i32;
            first.ins().load(POINTER, Self::constant(), record, offset)
        };
        self.declared.memory_bases.set(memory.index(), base);
        base
    }

    /// Whether a table has the same length for ever.
    pub fn table_is_fixed(&self, table: TableIndex) -> bool {
        let limits = self.module.table_type(table).limits;
        limits.max == Some(limits.min)
    }

    /// The current length of a table, as `i64`.
    pub fn table_length(&self, ins: &mut FuncCursor<'_>, table: TableIndex) -> Value {
        if self.table_is_fixed(table) {
            let length = self.module.table_type(table).limits.min.cast_signed();
            return ins.ins().iconst(POINTER, length);
        }
        let (record, offset) = self.record(ins, self.module.layout.table(table));
        let flags = Self::field(ins.func, Region::TableRecord(table));
        let offset = offset + vmctx::TABLE_LENGTH as i32;
        ins.ins().load(POINTER, flags, record, offset)
    }

    /// The address of a table's first element.
    pub fn table_entries(&self, ins: &mut FuncCursor<'_>, table: TableIndex) -> Value {
        let (record, offset) = self.record(ins, self.module.layout.table(table));
        let flags = if self.table_is_fixed(table) {
            Self::constant()
        } else {
            Self::field(ins.func, Region::TableRecord(table))
        };
        let offset = offset + vmctx::TABLE_ENTRIES as i32;
        ins.ins().load(POINTER, flags, record, offset)
    }

    /// The type, flags and address of a global.
    pub fn global(
        &self,
        ins: &mut FuncCursor<'_>,
        global: GlobalIndex,
    ) -> (Type, MemFlagsData, Value, i32) {
        let ty: ValType = self.module.global_type(global).value;
        let (record, offset) = self.record(ins, self.module.layout.global(global));
        let flags = if self.module.facts.unchanging_globals[global.index()] {
            Self::constant()
        } else {
            Self::field(ins.func, Region::Global(global))
        };
        (signature::value_type(ty), flags, record, offset)
    }

    /// The signature of functions of a type.
    pub fn signature(&mut self, func: &mut Function, ty: TypeIndex) -> SigRef {
        let canonical = self.module.canonical_types[ty.index()];
        if let Some(signature) = self.declared.types.get(canonical.index()) {
            return signature;
        }
        let ty = &self.module.interface.types[canonical.index()];
        let signature = func.import_signature(signature::guest(ty));
        self.declared.types.set(canonical.index(), signature);
        signature
    }

    /// A function of the module, for a direct call; `None` for an imported one.
    pub fn function(&mut self, func: &mut Function, function: FuncIndex) -> Option<FuncRef> {
        let defined = self.module.defined(function)?;
        if let Some(known) = self.declared.functions.get(defined.index()) {
            return Some(known);
        }
        let signature = self.signature(func, self.module.functions[function.index()]);
        let name = func.declare_imported_user_function(super::names::function(defined));
        let reference = func.import_function(ExtFuncData {
            name: ExternalName::user(name),
            signature,
            colocated: true,
            patchable: false,
        });
        self.declared.functions.set(defined.index(), reference);
        Some(reference)
    }

    pub fn builtin_signature(&mut self, func: &mut Function, builtin: Builtin) -> SigRef {
        let index = builtin as usize;
        if let Some(signature) = self.declared.builtins.get(index) {
            return signature;
        }
        let signature = func.import_signature(signature::builtin(builtin));
        self.declared.builtins.set(index, signature);
        signature
    }

    /// The address of something in the artefact.
    pub fn symbol(&self, ins: &mut FuncCursor<'_>, name: UserExternalName) -> Value {
        let name = ins.func.declare_imported_user_function(name);
        let symbol = ins.func.create_global_value(GlobalValueData::Symbol {
            name: ExternalName::user(name),
            offset: 0.into(),
            colocated: true,
            tls: false,
        });
        ins.ins().symbol_value(POINTER, symbol)
    }
}
