//! The tail of a vmctx: where a module's imports and its own memories, tables and globals are.
//!
//! ```text
//! 0     head                                   vmctx.rs
//! 128   memories the module defines            VmMemory      x defined_memories   (shared: *VmMemory)
//!       tables the module defines              VmTable       x defined_tables
//!       globals the module defines             VmGlobal      x defined_globals    (16-aligned)
//!       imported functions                     VmFuncImport  x imported_funcs
//!       imported memories                      *VmMemory     x imported_memories
//!       imported tables                        *VmTable      x imported_tables
//!       imported globals                       *VmGlobal     x imported_globals
//!       tags, imported ones first              *VmTag        x tags
//! ```
//! Offsets follow from the counts alone, so compiler and runtime compute them and nothing is stored.

use crate::index::{FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TagIndex};
use crate::types::MemoryType;
use crate::vmctx::{HEAD_BYTES, VmFuncImport, VmGlobal, VmMemory, VmTable};

/// How many of each a module has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub imported_funcs: u32,
    pub imported_tables: u32,
    pub imported_memories: u32,
    pub imported_globals: u32,
    pub defined_tables: u32,
    pub defined_memories: u32,
    pub defined_globals: u32,
    /// Imported and defined.
    pub tags: u32,
}

/// Where an item is reached from the vmctx.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The record itself is at this offset.
    Inline(u32),
    /// A pointer to the record is at this offset.
    Pointer(u32),
}

/// Offsets of a module's tail.
#[derive(Clone, Copy, Debug)]
pub struct VmctxLayout {
    counts: Counts,
    tables: u32,
    globals: u32,
    func_imports: u32,
    memory_imports: u32,
    table_imports: u32,
    global_imports: u32,
    tags: u32,
    bytes: u32,
}

const POINTER_BYTES: u32 = 8;

impl VmctxLayout {
    /// `None` if the tail would not fit offsets of 31 bits, which loads with a signed displacement need.
    pub fn new(counts: Counts) -> Option<Self> {
        let mut end = u64::from(HEAD_BYTES);
        let mut place = |count: u32, size: usize| {
            let start = end;
            end += u64::from(count) * size as u64;
            start
        };
        let memories = place(counts.defined_memories, size_of::<VmMemory>());
        let tables = place(counts.defined_tables, size_of::<VmTable>());
        let globals = place(counts.defined_globals, size_of::<VmGlobal>());
        let func_imports = place(counts.imported_funcs, size_of::<VmFuncImport>());
        let memory_imports = place(counts.imported_memories, POINTER_BYTES as usize);
        let table_imports = place(counts.imported_tables, POINTER_BYTES as usize);
        let global_imports = place(counts.imported_globals, POINTER_BYTES as usize);
        let tags = place(counts.tags, POINTER_BYTES as usize);
        if end > u64::from(i32::MAX as u32) {
            return None;
        }
        debug_assert_eq!(memories, u64::from(HEAD_BYTES));
        debug_assert_eq!(globals % 16, 0);
        Some(VmctxLayout {
            counts,
            tables: tables as u32,
            globals: globals as u32,
            func_imports: func_imports as u32,
            memory_imports: memory_imports as u32,
            table_imports: table_imports as u32,
            global_imports: global_imports as u32,
            tags: tags as u32,
            bytes: end as u32,
        })
    }

    /// Size of the whole vmctx.
    pub fn bytes(&self) -> u32 {
        self.bytes
    }

    /// The [`VmFuncImport`] of an imported function; `None` for a defined one.
    pub fn func_import(&self, function: FuncIndex) -> Option<u32> {
        (function.0 < self.counts.imported_funcs)
            .then(|| self.func_imports + function.0 * size_of::<VmFuncImport>() as u32)
    }

    /// The [`VmMemory`] of a memory of type `ty`. That of a shared one, which threads with other vmctxs see,
    /// is in none of them: the room that a memory of the module's own has holds its address.
    pub fn memory(&self, memory: MemoryIndex, ty: MemoryType) -> Place {
        match memory.0.checked_sub(self.counts.imported_memories) {
            None => Place::Pointer(self.memory_imports + memory.0 * POINTER_BYTES),
            Some(defined) => {
                let offset = HEAD_BYTES + defined * size_of::<VmMemory>() as u32;
                match ty.shared {
                    true => Place::Pointer(offset),
                    false => Place::Inline(offset),
                }
            }
        }
    }

    /// The [`VmTable`] of a table.
    pub fn table(&self, table: TableIndex) -> Place {
        match table.0.checked_sub(self.counts.imported_tables) {
            None => Place::Pointer(self.table_imports + table.0 * POINTER_BYTES),
            Some(defined) => Place::Inline(self.tables + defined * size_of::<VmTable>() as u32),
        }
    }

    /// The pointer to a tag's [`VmTag`](crate::vmctx::VmTag).
    pub fn tag(&self, tag: TagIndex) -> u32 {
        self.tags + tag.0 * POINTER_BYTES
    }

    /// The [`VmGlobal`] of a global.
    pub fn global(&self, global: GlobalIndex) -> Place {
        match global.0.checked_sub(self.counts.imported_globals) {
            None => Place::Pointer(self.global_imports + global.0 * POINTER_BYTES),
            Some(defined) => Place::Inline(self.globals + defined * size_of::<VmGlobal>() as u32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Limits;

    #[test]
    fn records_do_not_overlap() {
        let counts = Counts {
            imported_funcs: 3,
            imported_tables: 1,
            imported_memories: 1,
            imported_globals: 2,
            defined_tables: 1,
            defined_memories: 1,
            defined_globals: 2,
            tags: 2,
        };
        let layout = VmctxLayout::new(counts).unwrap();
        let mut ty = MemoryType::of(Limits { min: 0, max: None });
        assert_eq!(layout.memory(MemoryIndex(1), ty), Place::Inline(128));
        assert_eq!(layout.table(TableIndex(1)), Place::Inline(144));
        assert_eq!(layout.global(GlobalIndex(2)), Place::Inline(160));
        assert_eq!(layout.global(GlobalIndex(3)), Place::Inline(176));
        assert_eq!(layout.func_import(FuncIndex(2)), Some(192 + 32));
        assert_eq!(layout.func_import(FuncIndex(3)), None);
        assert_eq!(layout.memory(MemoryIndex(0), ty), Place::Pointer(240));
        ty.shared = true;
        assert_eq!(layout.memory(MemoryIndex(0), ty), Place::Pointer(240));
        assert_eq!(layout.memory(MemoryIndex(1), ty), Place::Pointer(128));
        assert_eq!(layout.table(TableIndex(0)), Place::Pointer(248));
        assert_eq!(layout.global(GlobalIndex(1)), Place::Pointer(264));
        assert_eq!(layout.tag(TagIndex(1)), 280);
        assert_eq!(layout.bytes(), 288);
    }

    #[test]
    fn a_tail_beyond_31_bits_is_refused() {
        let counts = Counts {
            defined_globals: u32::MAX,
            ..Counts::default()
        };
        assert!(VmctxLayout::new(counts).is_none());
    }
}
