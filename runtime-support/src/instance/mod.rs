//! Instances: the embedder's handle and the record that compiled code's vmctx belongs to.
//!
//! `instantiate.rs` makes them, `matching.rs` compares imports with what they are given, `initialise.rs` fills
//! tables and memories.

mod initialise;
mod instantiate;
mod matching;

pub(crate) use instantiate::{ImportValue, instantiate};
pub(crate) use matching::describe;

use crate::func::{Func, HostFuncRecord};
use crate::global::Global;
use crate::memory::Memory;
use crate::module::Module;
use crate::store::{AsStore, Fixed, StoreId, StoreInner};
use crate::table::Table;
use crate::tag::Tag;
use crate::value::Extern;
use crate::vmctx::Vmctx;
use ahead_artifact::const_expr::{ConstExpr, ConstOp};
use ahead_artifact::elements::ElementItems;
use ahead_artifact::interface::{ExportItem, Interface};
use ahead_artifact::vmctx::{VmFuncRef, VmValue};
use ahead_artifact::{
    DataIndex, DefinedFuncIndex, ElemIndex, FormatError, FuncIndex, GlobalIndex, MemoryIndex,
    TableIndex,
};
use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::cell::OnceCell;
use std::ptr::{self, NonNull};

/// An instance of a module in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Instance {
    store: StoreId,
    index: u32,
}

impl Instance {
    fn record(self, store: &StoreInner) -> &InstanceRecord {
        store.check(self.store);
        &store.instances[self.index as usize]
    }

    /// The export of a name.
    pub fn export(&self, store: &impl AsStore, name: &str) -> Option<Extern> {
        let store = store.shared();
        self.record(store).export(store.id, name)
    }

    /// The exported function of a name.
    pub fn func(&self, store: &impl AsStore, name: &str) -> Option<Func> {
        self.export(store, name)?.func()
    }

    /// The exported memory of a name.
    pub fn memory(&self, store: &impl AsStore, name: &str) -> Option<Memory> {
        self.export(store, name)?.memory()
    }

    /// The exported table of a name.
    pub fn table(&self, store: &impl AsStore, name: &str) -> Option<Table> {
        self.export(store, name)?.table()
    }

    /// The exported global of a name.
    pub fn global(&self, store: &impl AsStore, name: &str) -> Option<Global> {
        self.export(store, name)?.global()
    }

    /// All exports, in the module's order.
    pub fn exports<'a, S: AsStore>(
        &self,
        store: &'a S,
    ) -> impl Iterator<Item = (&'a str, Extern)> + use<'a, S> {
        let store = store.shared();
        let record = self.record(store);
        let exports = record.module.interface().exports.iter();
        exports
            .filter_map(|export| Some((export.name.as_str(), record.item(store.id, export.item)?)))
    }

    /// The module that it is an instance of.
    pub fn module(&self, store: &impl AsStore) -> Module {
        self.record(store.shared()).module.clone()
    }
}

/// An instance as the runtime knows it.
pub struct InstanceRecord {
    pub(crate) store: NonNull<StoreInner>,
    pub(crate) module: Module,
    pub(crate) vmctx: Vmctx,
    /// Places in the store, by index in the module; `None` for a static table.
    tables: Vec<Option<u32>>,
    memories: Vec<u32>,
    globals: Vec<u32>,
    tags: Vec<u32>,
    /// The records of imported functions.
    imported_funcs: Vec<NonNull<VmFuncRef>>,
    /// Host functions that are imported by this instance alone.
    host_funcs: Vec<Fixed<HostFuncRecord>>,
    /// The records of the module's own functions, made when first asked for.
    func_refs: OnceCell<FuncRefs>,
    dropped_data: Vec<bool>,
    dropped_elements: Vec<bool>,
    /// The memory exported as `memory`, by its place in the store.
    pub(crate) exported_memory: Option<u32>,
}

impl InstanceRecord {
    fn interface(&self) -> &Interface {
        self.module.interface()
    }

    pub(crate) fn memory(&self, memory: MemoryIndex) -> usize {
        self.memories[memory.index()] as usize
    }

    pub(crate) fn table(&self, table: TableIndex) -> usize {
        self.tables[table.index()].expect("code uses no static table through builtins") as usize
    }

    pub(crate) fn export(&self, store: StoreId, name: &str) -> Option<Extern> {
        self.item(store, self.module.inner().export(name)?)
    }

    fn item(&self, store: StoreId, item: ExportItem) -> Option<Extern> {
        Some(match item {
            ExportItem::Func(index) => {
                let record = self.func_ref(index)?;
                // SAFETY: a record of this store.
                Extern::Func(unsafe { Func::of(store, record) })
            }
            ExportItem::Table(index) => {
                Extern::Table(Table::of(store, (*self.tables.get(index.index())?)?))
            }
            ExportItem::Memory(index) => {
                Extern::Memory(Memory::of(store, *self.memories.get(index.index())?))
            }
            ExportItem::Tag(index) => Extern::Tag(Tag::of(store, *self.tags.get(index.index())?)),
            ExportItem::Global(index) => {
                Extern::Global(Global::of(store, *self.globals.get(index.index())?))
            }
        })
    }

    /// The record of a function; `None` if the artefact is damaged.
    pub(crate) fn func_ref(&self, function: FuncIndex) -> Option<NonNull<VmFuncRef>> {
        let imported = self.imported_funcs.len();
        let Some(defined) = function.index().checked_sub(imported) else {
            return self.imported_funcs.get(function.index()).copied();
        };
        let refs = self
            .func_refs
            .get_or_init(|| FuncRefs::new(self.module.inner().func_count() - imported));
        let place = refs.place(defined)?;
        // SAFETY: the place is allocated and zeroed.
        if unsafe { (*place.as_ptr()).code.is_null() } {
            let module = self.module.inner();
            let (code, ty) = module.func(DefinedFuncIndex::new(defined)).ok()?;
            let record = VmFuncRef {
                type_number: module.type_numbers[ty.index()],
                reserved: 0,
                code,
                vmctx: self.vmctx.address(),
                entry: module.entry(ty).unwrap_or(ptr::null()),
            };
            // SAFETY: as above; nobody has the address of a record that was not made.
            unsafe { place.write(record) };
        }
        Some(place)
    }

    /// The value of a constant expression that is no vector.
    fn evaluate_word(&self, expression: &ConstExpr) -> Result<u64, FormatError> {
        Ok(self.evaluate(expression)?.bits[0])
    }

    /// The value of a constant expression.
    fn evaluate(&self, expression: &ConstExpr) -> Result<VmValue, FormatError> {
        let error = |problem: &str| FormatError {
            section: "constant expressions",
            problem: problem.into(),
            offset: 0,
        };
        let mut stack: Vec<VmValue> = Vec::new();
        for op in &expression.ops {
            let word = match *op {
                ConstOp::I32Const(value) => u64::from(value as u32),
                ConstOp::I64Const(value) => value as u64,
                ConstOp::F32Const(bits) => u64::from(bits),
                ConstOp::F64Const(bits) => bits,
                ConstOp::RefNull(_) => 0,
                ConstOp::RefFunc(function) => {
                    let record = self
                        .func_ref(function)
                        .ok_or_else(|| error("an unknown function"))?;
                    record.as_ptr() as u64
                }
                ConstOp::GlobalGet(global) => {
                    let value = self.global(global);
                    stack.push(value.ok_or_else(|| error("an unknown global"))?);
                    continue;
                }
                ConstOp::V128Const(bits) => {
                    stack.push(VmValue::of_vector(bits));
                    continue;
                }
                ConstOp::I32Add
                | ConstOp::I32Sub
                | ConstOp::I32Mul
                | ConstOp::I64Add
                | ConstOp::I64Sub
                | ConstOp::I64Mul => {
                    let (Some(right), Some(left)) = (stack.pop(), stack.pop()) else {
                        return Err(error("an instruction without operands"));
                    };
                    arithmetic(op, left.bits[0], right.bits[0])
                }
            };
            stack.push(VmValue { bits: [word, 0] });
        }
        stack
            .pop()
            .ok_or_else(|| error("an expression without a value"))
    }

    fn global(&self, global: GlobalIndex) -> Option<VmValue> {
        let interface = self.interface();
        let known = interface.imported_globals().count() + interface.globals.len();
        (global.index() < known).then(|| VmValue {
            // SAFETY: the index is one of the module's; guests wait.
            bits: unsafe { (*self.vmctx.global(global).as_ptr()).bits },
        })
    }

    /// The bytes of a data segment, none once it was dropped.
    pub(crate) fn data(&self, segment: DataIndex) -> &'static [u8] {
        let module = self.module.inner();
        let dropped = self
            .dropped_data
            .get(segment.index())
            .copied()
            .unwrap_or(true);
        match module.segments() {
            Ok(segments) if !dropped => module.data(&segments.data[segment.index()]),
            _ => &[],
        }
    }

    pub(crate) fn drop_data(&mut self, segment: DataIndex) {
        if let Some(dropped) = self.dropped_data.get_mut(segment.index()) {
            *dropped = true;
        }
    }

    pub(crate) fn drop_elements(&mut self, segment: ElemIndex) {
        if let Some(dropped) = self.dropped_elements.get_mut(segment.index()) {
            *dropped = true;
        }
    }

    /// Copies from an element segment to a table; `false` if a range does not fit or the artefact is
    /// damaged.
    pub(crate) fn init_table(
        &self,
        store: &mut StoreInner,
        table: TableIndex,
        segment: ElemIndex,
        destination: u64,
        source: u64,
        length: u64,
    ) -> bool {
        let dropped = self
            .dropped_elements
            .get(segment.index())
            .copied()
            .unwrap_or(true);
        let Ok(segments) = self.module.inner().segments() else {
            return false;
        };
        let empty = ElementItems::Functions(Vec::new());
        let items = match segments.elements.get(segment.index()) {
            Some(segment) if !dropped => &segment.items,
            _ => &empty,
        };
        let table = self.table(table);
        let Some(end) = source
            .checked_add(length)
            .filter(|&end| end <= items.len() as u64)
        else {
            return false;
        };
        let range = source as usize..end as usize;
        let table = &mut store.tables[table];
        match items {
            ElementItems::Functions(functions) => table.write(
                destination,
                functions[range].iter().map(|function| {
                    let record = function.and_then(|function| self.func_ref(function));
                    record.map_or(0, |record| record.as_ptr() as u64)
                }),
            ),
            ElementItems::Expressions(expressions) => {
                let words = expressions[range]
                    .iter()
                    .map(|item| self.evaluate_word(item));
                match words.collect::<Result<Vec<_>, _>>() {
                    Ok(words) => table.write(destination, words.into_iter()),
                    Err(_) => false,
                }
            }
        }
    }
}

fn arithmetic(op: &ConstOp, left: u64, right: u64) -> u64 {
    let narrow = |value: u32| u64::from(value);
    let (left32, right32) = (left as u32, right as u32);
    match op {
        ConstOp::I32Add => narrow(left32.wrapping_add(right32)),
        ConstOp::I32Sub => narrow(left32.wrapping_sub(right32)),
        ConstOp::I32Mul => narrow(left32.wrapping_mul(right32)),
        ConstOp::I64Add => left.wrapping_add(right),
        ConstOp::I64Sub => left.wrapping_sub(right),
        ConstOp::I64Mul => left.wrapping_mul(right),
        _ => unreachable!("called for arithmetic only"),
    }
}

/// Room for the records of all functions that a module defines: zeroed, so that untouched ones cost
/// nothing.
struct FuncRefs {
    base: NonNull<VmFuncRef>,
    count: usize,
}

impl FuncRefs {
    fn new(count: usize) -> Self {
        let layout = Self::layout(count);
        // SAFETY: `layout` is never of no bytes.
        let base = unsafe { alloc_zeroed(layout) };
        let Some(base) = NonNull::new(base.cast()) else {
            handle_alloc_error(layout)
        };
        FuncRefs { base, count }
    }

    fn layout(count: usize) -> Layout {
        Layout::array::<VmFuncRef>(count.max(1))
            .expect("a function table is smaller than the address space")
    }

    fn place(&self, function: usize) -> Option<NonNull<VmFuncRef>> {
        // SAFETY: inside the allocation.
        (function < self.count).then(|| unsafe { self.base.add(function) })
    }
}

impl Drop for FuncRefs {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout.
        unsafe { dealloc(self.base.as_ptr().cast(), Self::layout(self.count)) };
    }
}
