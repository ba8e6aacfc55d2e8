//! The vmctx: the one place that reads and writes what compiled code sees of an instance.
//!
//! Offsets come from `ahead-artifact`, which the compiler uses too. All addresses in here are of things the
//! store keeps where they are.

use crate::builtins;
use crate::instance::InstanceRecord;
use ahead_artifact::layout::{Place, VmctxLayout};
use ahead_artifact::vmctx::{
    VMCTX_MAGIC, VmFuncImport, VmGlobal, VmMemory, VmTable, VmTag, VmctxHead,
};
use ahead_artifact::{FuncIndex, GlobalIndex, MemoryIndex, MemoryType, TableIndex, TagIndex};
use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::ptr::NonNull;

/// An instance's vmctx.
#[derive(Debug)]
pub(crate) struct Vmctx {
    base: NonNull<u8>,
    layout: VmctxLayout,
}

impl Vmctx {
    /// A vmctx whose tail is all zero: no memory, empty tables, globals of 0.
    ///
    /// `type_numbers` must stay where they are as long as the vmctx is used.
    pub fn new(layout: VmctxLayout, type_numbers: &[u32]) -> Self {
        let memory = Self::memory_layout(&layout);
        // SAFETY: the head alone makes the size more than zero.
        let base = unsafe { alloc_zeroed(memory) };
        let Some(base) = NonNull::new(base) else {
            handle_alloc_error(memory)
        };
        let vmctx = Vmctx { base, layout };
        let head = vmctx.head();
        // SAFETY: the head is allocated, zeroed and aligned; nobody else knows it.
        unsafe {
            (*head).builtins = builtins::table();
            (*head).type_numbers = type_numbers.as_ptr();
            (*head).magic = VMCTX_MAGIC;
        }
        vmctx
    }

    fn memory_layout(layout: &VmctxLayout) -> Layout {
        Layout::from_size_align(layout.bytes() as usize, align_of::<VmctxHead>())
            .expect("a vmctx is smaller than 2 GiB")
    }

    /// The address that compiled code receives.
    pub fn address(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    fn head(&self) -> *mut VmctxHead {
        self.base.cast().as_ptr()
    }

    /// A record in the tail.
    fn record<R>(&self, offset: u32) -> *mut R {
        let end = u64::from(offset) + size_of::<R>() as u64;
        assert!(
            end <= u64::from(self.layout.bytes()),
            "a record inside the vmctx"
        );
        // SAFETY: checked to be inside the allocation.
        unsafe { self.base.add(offset as usize) }.cast().as_ptr()
    }

    /// A record that is in the tail or that a pointer in the tail leads to.
    fn reach<R>(&self, place: Place) -> NonNull<R> {
        let record = match place {
            Place::Inline(offset) => self.record(offset),
            // SAFETY: imports are set before anything reads them.
            Place::Pointer(offset) => unsafe { *self.record::<*mut R>(offset) },
        };
        NonNull::new(record).expect("imports are set when an instance is made")
    }

    pub fn set_stack_limit(&self, limit: usize) {
        // SAFETY: the head is ours; guests of the store wait while the host writes.
        unsafe { (*self.head()).stack_limit = limit };
    }

    pub fn set_instance(&self, instance: NonNull<InstanceRecord>) {
        // SAFETY: the head is ours.
        unsafe { (*self.head()).instance = instance.as_ptr().cast() };
    }

    pub fn set_memory0_base(&self, base: *mut u8) {
        // SAFETY: the head is ours.
        unsafe { (*self.head()).memory0_base = base };
    }

    /// The instance whose code passed this vmctx to a builtin.
    ///
    /// # Safety
    /// `vmctx` must be the address of a live vmctx.
    pub unsafe fn instance_of(vmctx: *mut u8) -> NonNull<InstanceRecord> {
        // SAFETY: as the caller says.
        let head = unsafe { &*vmctx.cast::<VmctxHead>() };
        debug_assert_eq!(head.magic, VMCTX_MAGIC);
        NonNull::new(head.instance.cast()).expect("set before code can run")
    }

    pub fn memory(&self, memory: MemoryIndex, ty: MemoryType) -> NonNull<VmMemory> {
        self.reach(self.layout.memory(memory, ty))
    }

    pub fn table(&self, table: TableIndex) -> NonNull<VmTable> {
        self.reach(self.layout.table(table))
    }

    pub fn global(&self, global: GlobalIndex) -> NonNull<VmGlobal> {
        self.reach(self.layout.global(global))
    }

    /// A tag's record.
    pub fn tag(&self, tag: TagIndex) -> NonNull<VmTag> {
        self.reach(Place::Pointer(self.layout.tag(tag)))
    }

    pub fn set_tag(&self, tag: TagIndex, record: NonNull<VmTag>) {
        self.import(Place::Pointer(self.layout.tag(tag)), record);
    }

    fn import<R>(&self, place: Place, definition: NonNull<R>) {
        let Place::Pointer(offset) = place else {
            unreachable!("imports come first in their index space")
        };
        // SAFETY: the slot is ours.
        unsafe { *self.record::<*mut R>(offset) = definition.as_ptr() };
    }

    pub fn import_func(&self, function: FuncIndex, import: VmFuncImport) {
        let offset = self
            .layout
            .func_import(function)
            .expect("an imported function");
        // SAFETY: the slot is ours.
        unsafe { *self.record::<VmFuncImport>(offset) = import };
    }

    /// For a shared memory, too, which is nobody's own.
    pub fn import_memory(
        &self,
        memory: MemoryIndex,
        ty: MemoryType,
        definition: NonNull<VmMemory>,
    ) {
        self.import(self.layout.memory(memory, ty), definition);
    }

    pub fn import_table(&self, table: TableIndex, definition: NonNull<VmTable>) {
        self.import(self.layout.table(table), definition);
    }

    pub fn import_global(&self, global: GlobalIndex, definition: NonNull<VmGlobal>) {
        self.import(self.layout.global(global), definition);
    }
}

impl Drop for Vmctx {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout, and the store it belonged to is gone.
        unsafe { dealloc(self.base.as_ptr(), Self::memory_layout(&self.layout)) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_artifact::layout::Counts;

    #[test]
    fn imports_are_reached_through_pointers() {
        let counts = Counts {
            imported_globals: 1,
            defined_globals: 1,
            ..Counts::default()
        };
        let vmctx = Vmctx::new(VmctxLayout::new(counts).unwrap(), &[]);
        let mut elsewhere = VmGlobal { bits: [5, 0] };
        vmctx.import_global(GlobalIndex(0), NonNull::from(&mut elsewhere));
        // SAFETY: both globals are live.
        unsafe {
            assert_eq!(vmctx.global(GlobalIndex(0)).read().bits[0], 5);
            assert_eq!(vmctx.global(GlobalIndex(1)).read().bits[0], 0);
        }
        assert_eq!(vmctx.global(GlobalIndex(1)).as_ptr() as usize % 16, 0);
    }
}
