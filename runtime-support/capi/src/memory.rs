//! `ahead_memory_t`: a linear memory from outside.

use crate::error::{array, guarded_or};
use crate::store::{CStore, with_store};
use ahead_runtime::Memory;
use std::ffi::c_void;
use std::ptr;

/// A memory as C sees it. Belongs to its store.
pub struct CMemory {
    store: *const CStore,
    pub memory: Memory,
}

/// `ahead_memory_view_t`.
#[repr(C)]
pub struct CMemoryView {
    bytes: *mut u8,
    size: usize,
}

impl CMemory {
    pub fn new(store: &CStore, memory: Memory) -> Self {
        CMemory { store, memory }
    }

    fn store(&self) -> &CStore {
        // SAFETY: the store owns this handle, so it lives.
        unsafe { &*self.store }
    }

    fn view(&self) -> CMemoryView {
        with_store!(self.store(), |access| {
            let (bytes, size) = self.memory.raw(access);
            CMemoryView { bytes, size }
        })
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_memory_size(memory: *const CMemory) -> u64 {
    // SAFETY: null or a memory that was handed out.
    let memory = unsafe { memory.as_ref() };
    guarded_or(0, || memory.map_or(0, |memory| memory.view().size as u64))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_memory_grow(memory: *mut CMemory, pages: u64) -> bool {
    // SAFETY: null or a memory that was handed out.
    let memory = unsafe { memory.as_ref() };
    guarded_or(false, || {
        memory.is_some_and(|memory| {
            with_store!(memory.store(), |access| memory.memory.grow(access, pages)).is_some()
        })
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_memory_read(
    memory: *const CMemory,
    address: u64,
    to: *mut c_void,
    size: usize,
) -> bool {
    // SAFETY: null or a memory that was handed out.
    let memory = unsafe { memory.as_ref() };
    guarded_or(false, || {
        let Some((memory, from)) = memory.and_then(|memory| memory.range(address, size)) else {
            return false;
        };
        if size > 0 && to.is_null() {
            return false;
        }
        if memory.is_shared() {
            let mut copy = vec![0; size];
            let is_read = with_store!(memory.store(), |access| memory
                .memory
                .read(access, address, &mut copy));
            // SAFETY: `size` bytes, as the header says, and a vector of our own.
            unsafe { ptr::copy_nonoverlapping(copy.as_ptr(), to.cast(), size) };
            return is_read.is_ok();
        }
        // SAFETY: `size` bytes on both sides: checked here, promised there. They may overlap if C passes a
        // view's bytes.
        unsafe { ptr::copy(from, to.cast(), size) };
        true
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_memory_write(
    memory: *mut CMemory,
    address: u64,
    from: *const c_void,
    size: usize,
) -> bool {
    // SAFETY: null or a memory that was handed out.
    let memory = unsafe { memory.as_ref() };
    guarded_or(false, || {
        let Some((memory, to)) = memory.and_then(|memory| memory.range(address, size)) else {
            return false;
        };
        // SAFETY: `size` bytes, as the header says.
        let Ok(from) = (unsafe { array(from.cast::<u8>(), size, "from") }) else {
            return false;
        };
        if memory.is_shared() {
            return with_store!(memory.store(), |access| memory
                .memory
                .write(access, address, from))
            .is_ok();
        }
        // SAFETY: `size` bytes on both sides: checked there, promised here. They may overlap.
        unsafe { ptr::copy(from.as_ptr(), to, size) };
        true
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_memory_view(memory: *mut CMemory) -> CMemoryView {
    // SAFETY: null or a memory that was handed out.
    let memory = unsafe { memory.as_ref() };
    let nothing = CMemoryView {
        bytes: ptr::null_mut(),
        size: 0,
    };
    guarded_or(nothing, || {
        memory.map_or(
            CMemoryView {
                bytes: ptr::null_mut(),
                size: 0,
            },
            CMemory::view,
        )
    })
}

impl CMemory {
    /// Whether other threads may write to it.
    fn is_shared(&self) -> bool {
        with_store!(self.store(), |access| self.memory.ty(access).shared)
    }

    /// The first of `size` bytes from `address` on, if they are all in the memory.
    fn range(&self, address: u64, size: usize) -> Option<(&Self, *mut u8)> {
        let view = self.view();
        let start = usize::try_from(address).ok()?;
        let end = start.checked_add(size)?;
        // SAFETY: inside the view, or at its end.
        (end <= view.size).then(|| (self, unsafe { view.bytes.add(start) }))
    }
}
