//! Instantiation: from a module and values for its imports to an instance.
//!
//! First everything that can fail without a trace is made on the side; then the instance joins the store,
//! because from there on its functions may be seen by others: segments are written and the start function
//! runs. A trap in that last part leaves the instance and what it has written behind, as the specification
//! wants it.

use super::initialise::{copy_data, copy_elements, fill_tables};
use super::{Instance, InstanceRecord, matching};
use crate::error::Error;
use crate::func::{HostFuncRecord, link};
use crate::host::HostFuncDefinition;
use crate::memory::{MemoryPlan, StoredMemory};
use crate::module::Module;
use crate::store::{Fixed, GlobalRecord, StoreInner};
use crate::table::TableRecord;
use crate::trap;
use crate::types::{self, TypeNumber};
use crate::value::Extern;
use crate::vmctx::Vmctx;
use ahead_artifact::interface::{ExportItem, ImportType};
use ahead_artifact::vmctx::{VmFuncImport, VmGlobal, VmValue};
use ahead_artifact::{
    Bounds, FormatError, FuncIndex, FuncType, GlobalIndex, MemoryIndex, MemoryType, TableIndex,
    TagIndex, TypeIndex,
};
use std::cell::OnceCell;
use std::ptr::NonNull;
use std::sync::Arc;

/// What an import is given.
pub(crate) enum ImportValue {
    /// A host function that gets a record for this import alone.
    HostFunc(Arc<HostFuncDefinition>),
    Extern(Extern),
}

/// Makes an instance. `store` must be borrowed exclusively by the caller.
pub(crate) fn instantiate(
    address: NonNull<StoreInner>,
    module: &Module,
    imports: Vec<ImportValue>,
) -> Result<Instance, Error> {
    trap::install_handlers(trap::Look::First).map_err(Error::Signals)?;
    // SAFETY: the caller's borrow. It ends before a guest runs.
    let store = unsafe { &mut *address.as_ptr() };
    store.check_items("instances", store.instances.len())?;
    let record = Preparation::new(address, store, module)?.link(store, imports)?;
    let instance = record.join(store)?;
    if let Some(start) = module.interface().start {
        run_start(address, instance, start)?;
    }
    Ok(instance)
}

/// Runs an instance's start function. `address` must be borrowed exclusively by the caller.
fn run_start(
    address: NonNull<StoreInner>,
    instance: Instance,
    start: FuncIndex,
) -> Result<(), Error> {
    // SAFETY: the caller's borrow. It ends before a guest runs.
    let store = unsafe { &mut *address.as_ptr() };
    let damaged = || FormatError {
        section: "interface",
        problem: format!("function {start} cannot be the start function"),
        offset: 0,
    };
    let func = instance.record(store).func_ref(start).ok_or_else(damaged)?;
    // SAFETY: a record of the store.
    let record = unsafe { func.read() };
    if *types::look_up(TypeNumber(record.type_number)) != FuncType::default() {
        return Err(damaged().into());
    }
    if record.entry.is_null() {
        store.find_entry(func)?;
    }
    // SAFETY: the store is the caller's, the record one of its own, with an entry; the function has
    // neither parameters nor results.
    unsafe { trap::invoke(address, func, std::ptr::dangling_mut()) }?;
    Ok(())
}

/// An instance that the store does not know yet.
struct Preparation {
    record: Fixed<InstanceRecord>,
    memories: Vec<StoredMemory>,
    tables: Vec<Option<TableRecord>>,
}

impl Preparation {
    /// Makes what the module defines.
    fn new(
        address: NonNull<StoreInner>,
        store: &StoreInner,
        module: &Module,
    ) -> Result<Self, Error> {
        let inner = module.inner();
        let interface = module.interface();
        let segments = inner.segments()?;
        let plan = |ty: MemoryType| MemoryPlan {
            ty,
            bounds: ty.bounds(inner.bounds),
            bytes_max: store.config.memory_bytes_max,
        };
        store.check_items("memories", store.memories.len() + interface.memories.len())?;
        store.check_items("tables", store.tables.len() + interface.tables.len())?;
        let memories = interface.memories.iter().zip(&segments.images);
        let memories = memories.map(|(&ty, image)| StoredMemory::new(plan(ty), image.as_ref()));
        let tables = interface.tables.iter().map(|table| {
            let make = || TableRecord::new(table.ty, store.config.table_elements_max);
            (!table.is_static).then(make).transpose()
        });
        Ok(Preparation {
            memories: memories.collect::<Result<_, _>>()?,
            tables: tables.collect::<Result<_, _>>()?,
            record: Fixed::new(InstanceRecord {
                store: address,
                module: module.clone(),
                vmctx: Vmctx::new(inner.layout, &inner.type_numbers),
                tables: Vec::new(),
                memories: Vec::new(),
                globals: Vec::new(),
                tags: Vec::new(),
                imported_funcs: Vec::new(),
                host_funcs: Vec::new(),
                func_refs: OnceCell::new(),
                dropped_data: vec![false; segments.data.len()],
                dropped_elements: vec![false; segments.elements.len()],
                exported_memory: None,
            }),
        })
    }

    fn record_mut(&mut self) -> &mut InstanceRecord {
        // SAFETY: nobody else has used the record's address yet.
        unsafe { self.record.address().as_mut() }
    }

    /// Checks the imports and enters them into the vmctx.
    fn link(mut self, store: &StoreInner, values: Vec<ImportValue>) -> Result<Self, Error> {
        let module = self.record.module.clone();
        for (import, value) in module.interface().imports.iter().zip(values) {
            match (import.ty, value) {
                (ImportType::Func(ty), ImportValue::HostFunc(definition)) => {
                    matching::check_func(&module, import, ty, &definition.ty)?;
                    self.link_host_func(&module, ty, definition)?;
                }
                (ImportType::Func(ty), ImportValue::Extern(Extern::Func(func))) => {
                    let number = func.type_number(store.id);
                    if module.inner().type_numbers[ty.index()] != number.0 {
                        matching::check_func(&module, import, ty, &types::look_up(number))?;
                    }
                    let record = func.record(store.id);
                    // SAFETY: a record of this store.
                    let func = unsafe { record.read() };
                    // SAFETY: as above.
                    match unsafe { HostFuncRecord::behind(&func) } {
                        Some(host) => {
                            self.link_host_func(&module, ty, Arc::clone(&host.definition))?;
                            // Called through this instance, but still the same function.
                            *self
                                .record_mut()
                                .imported_funcs
                                .last_mut()
                                .expect("just pushed") = record;
                        }
                        None => self.link_func(record, func.code, func.vmctx),
                    }
                }
                (ImportType::Table(expected), ImportValue::Extern(Extern::Table(table))) => {
                    let index = table.index(store);
                    let table = &store.tables[index as usize];
                    matching::check_table(&module, import, expected, table.current_type())?;
                    let record = self.record_mut();
                    let place = TableIndex::new(record.tables.len());
                    record.vmctx.import_table(place, table.definition());
                    record.tables.push(Some(index));
                }
                (ImportType::Memory(expected), ImportValue::Extern(Extern::Memory(memory))) => {
                    let index = memory.index(store);
                    let memory = &store.memories[index as usize];
                    matching::check_memory(&module, import, expected, memory)?;
                    let record = self.record_mut();
                    let place = MemoryIndex::new(record.memories.len());
                    record
                        .vmctx
                        .import_memory(place, expected, memory.definition());
                    record.memories.push(index);
                }
                (ImportType::Global(expected), ImportValue::Extern(Extern::Global(global))) => {
                    let index = global.index(store);
                    let global = &store.globals[index as usize];
                    matching::check_global(&module, import, expected, global.ty)?;
                    let record = self.record_mut();
                    let place = GlobalIndex::new(record.globals.len());
                    record.vmctx.import_global(place, global.definition);
                    record.globals.push(index);
                }
                (ImportType::Tag(expected), ImportValue::Extern(Extern::Tag(tag))) => {
                    let index = tag.index(store);
                    matching::check_tag(&module, import, expected, store, tag)?;
                    let record = self.record_mut();
                    let place = TagIndex::new(record.tags.len());
                    record.vmctx.set_tag(place, store.tag(index));
                    record.tags.push(index);
                }
                (_, value) => return Err(matching::other_kind(&module, import, &value)),
            }
        }
        Ok(self)
    }

    fn link_func(
        &mut self,
        func: NonNull<ahead_artifact::vmctx::VmFuncRef>,
        code: *const u8,
        vmctx: *mut u8,
    ) {
        let record = self.record_mut();
        let index = FuncIndex::new(record.imported_funcs.len());
        record
            .vmctx
            .import_func(index, VmFuncImport { code, vmctx });
        record.imported_funcs.push(func);
    }

    fn link_host_func(
        &mut self,
        module: &Module,
        ty: TypeIndex,
        definition: Arc<HostFuncDefinition>,
    ) -> Result<(), Error> {
        let number = TypeNumber(module.inner().type_numbers[ty.index()]);
        let code = module
            .hostcall_for(number)
            .ok_or_else(|| Error::MissingTrampoline {
                ty: module.inner().ty(ty).clone(),
            })?;
        let record = self.record_mut();
        let mut host = HostFuncRecord::new(record.store, record, number, definition);
        host.func_ref.code = code;
        let host = Fixed::new(host);
        let func = link(&host);
        let vmctx = host.address().as_ptr().cast();
        record.host_funcs.push(host);
        self.link_func(func, code, vmctx);
        Ok(())
    }

    /// Joins the store and fills what the module says.
    fn join(mut self, store: &mut StoreInner) -> Result<Instance, Error> {
        let module = self.record.module.clone();
        let interface = module.interface();
        for ((mut memory, place), &ty) in std::mem::take(&mut self.memories)
            .into_iter()
            .zip(store.memories.len() as u32..)
            .zip(&interface.memories)
        {
            let record = self.record_mut();
            let index = MemoryIndex::new(record.memories.len());
            match &mut memory {
                StoredMemory::Own(memory) => memory.define_at(record.vmctx.memory(index, ty)),
                StoredMemory::Shared(memory) => {
                    record.vmctx.import_memory(index, ty, memory.definition());
                }
            }
            record.memories.push(place);
            store.memories.push(memory);
        }
        for table in std::mem::take(&mut self.tables) {
            let record = self.record_mut();
            let definition = record.vmctx.table(TableIndex::new(record.tables.len()));
            record
                .tables
                .push(table.is_some().then_some(store.tables.len() as u32));
            if let Some(mut table) = table {
                table.define_at(definition);
                store.tables.push(table);
            }
        }
        let record = self.record_mut();
        // Code reads it only where the type says that there is a guard; an imported memory may have one
        // that this module does not rely on.
        if let Some(&memory) = record.memories.first()
            && store.memories[memory as usize].bounds() == Bounds::Guard
        {
            record
                .vmctx
                .set_memory0_base(store.memories[memory as usize].raw().0);
        }
        for &ty in &interface.tags {
            let index = store.add_tag(TypeNumber(module.inner().type_numbers[ty.index()]));
            let place = TagIndex::new(record.tags.len());
            record.vmctx.set_tag(place, store.tag(index));
            record.tags.push(index);
        }
        let mut damage = None;
        for (global, place) in interface.globals.iter().zip(store.globals.len() as u32..) {
            let index = GlobalIndex::new(record.globals.len());
            let value = record.evaluate(&global.init).unwrap_or_else(|error| {
                damage = Some(error);
                VmValue::default()
            });
            let definition = record.vmctx.global(index);
            // SAFETY: the global is in this instance's vmctx, which no guest has seen.
            unsafe { definition.write(VmGlobal { bits: value.bits }) };
            record.globals.push(place);
            store.globals.push(GlobalRecord {
                ty: global.ty,
                definition,
                _own: None,
            });
        }
        record.exported_memory = match module.inner().export("memory") {
            Some(ExportItem::Memory(memory)) => record.memories.get(memory.index()).copied(),
            _ => None,
        };
        let address = self.record.address();
        self.record.vmctx.set_instance(address);
        self.record.vmctx.set_stack_limit(store.stack_limit);
        let instance = Instance {
            store: store.id,
            index: store.instances.len() as u32,
        };
        store.instances.push(self.record);
        store.supply_code(address);
        if let Some(error) = damage {
            return Err(error.into());
        }
        fill_tables(store, address)?;
        copy_elements(store, address)?;
        copy_data(store, address)?;
        Ok(instance)
    }
}
