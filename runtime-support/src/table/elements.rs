//! The elements of a table in memory, in the shapes that compiled code reads.
//!
//! An element of a function table is a [`VmTableEntry`], a copy of what a call needs beside the function's
//! address; an element of a table of external references is the reference's word.

use ahead_artifact::Hierarchy;
use ahead_artifact::vmctx::{VmExternRef, VmFuncRef, VmTableEntry};
use std::alloc::{self, Layout};
use std::ops::Range;
use std::ptr::{self, NonNull};

/// Zeroed memory for elements, in either of their two shapes.
#[derive(Debug)]
pub(super) struct Elements {
    element: Hierarchy,
    base: NonNull<u8>,
    capacity: usize,
}

impl Elements {
    /// `None` if there is no room for as many.
    pub fn zeroed(element: Hierarchy, capacity: usize) -> Option<Self> {
        let layout = Self::layout(element, capacity)?;
        let base = if layout.size() == 0 {
            NonNull::<VmTableEntry>::dangling().cast()
        } else {
            // SAFETY: the size is not zero.
            NonNull::new(unsafe { alloc::alloc_zeroed(layout) })?
        };
        Some(Elements {
            element,
            base,
            capacity,
        })
    }

    /// The address that compiled code indexes from.
    pub fn base(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    /// Elements that there is room for.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    fn layout(element: Hierarchy, capacity: usize) -> Option<Layout> {
        match element {
            Hierarchy::Func => Layout::array::<VmTableEntry>(capacity).ok(),
            Hierarchy::Extern | Hierarchy::Exn => Layout::array::<VmExternRef>(capacity).ok(),
        }
    }

    pub fn enlarged(&self, length: usize, capacity: usize) -> Option<Self> {
        let larger = Self::zeroed(self.element, capacity)?;
        let bytes = Self::layout(self.element, length)?.size();
        // SAFETY: both have room for `length` elements, and they are different allocations.
        unsafe { ptr::copy_nonoverlapping(self.base.as_ptr(), larger.base.as_ptr(), bytes) };
        Some(larger)
    }

    fn entry(&self, index: usize) -> *mut VmTableEntry {
        assert!(self.element == Hierarchy::Func && index < self.capacity);
        // SAFETY: inside the allocation.
        unsafe { self.base.cast::<VmTableEntry>().as_ptr().add(index) }
    }

    fn word(&self, index: usize) -> *mut VmExternRef {
        assert!(self.element != Hierarchy::Func && index < self.capacity);
        // SAFETY: inside the allocation.
        unsafe { self.base.cast::<VmExternRef>().as_ptr().add(index) }
    }

    pub fn get(&self, index: usize) -> u64 {
        match self.element {
            // SAFETY: inside the allocation, which is initialised; guests wait.
            Hierarchy::Func => unsafe { (*self.entry(index)).func_ref as u64 },
            // SAFETY: as above.
            Hierarchy::Extern | Hierarchy::Exn => unsafe { *self.word(index) },
        }
    }

    pub fn fill(&mut self, range: Range<usize>, word: u64) {
        match self.element {
            Hierarchy::Func => {
                // SAFETY: a word of a function table is null or a record of the store.
                let entry = unsafe { entry_of(word as *mut VmFuncRef) };
                for index in range {
                    // SAFETY: inside the allocation; guests wait.
                    unsafe { self.entry(index).write(entry) };
                }
            }
            Hierarchy::Extern | Hierarchy::Exn => {
                for index in range {
                    // SAFETY: as above.
                    unsafe { self.word(index).write(word) };
                }
            }
        }
    }

    pub fn copy_within(&mut self, from: Range<usize>, to: usize) {
        if from.is_empty() {
            return;
        }
        assert!(from.end <= self.capacity && to + from.len() <= self.capacity);
        match self.element {
            // SAFETY: both ranges are inside the allocation.
            Hierarchy::Func => unsafe {
                ptr::copy(self.entry(from.start), self.entry(to), from.len())
            },
            // SAFETY: as above.
            Hierarchy::Extern | Hierarchy::Exn => unsafe {
                ptr::copy(self.word(from.start), self.word(to), from.len())
            },
        }
    }
}

impl Drop for Elements {
    fn drop(&mut self) {
        let layout =
            Self::layout(self.element, self.capacity).expect("it was allocated with this layout");
        if layout.size() != 0 {
            // SAFETY: allocated with this layout.
            unsafe { alloc::dealloc(self.base.as_ptr(), layout) };
        }
    }
}

/// What compiled code finds for a function. A function that cannot be called yet, because no module has
/// brought the code for its type, looks like an empty element to calls.
///
/// # Safety
/// `func` must be null or a record of the store.
unsafe fn entry_of(func: *mut VmFuncRef) -> VmTableEntry {
    // SAFETY: as the caller says.
    let record = unsafe { func.as_ref() };
    let callable = record.filter(|record| !record.code.is_null());
    VmTableEntry {
        type_number: callable.map_or(0, |record| record.type_number),
        reserved: 0,
        code: callable.map_or(ptr::null(), |record| record.code),
        vmctx: callable.map_or(ptr::null_mut(), |record| record.vmctx),
        func_ref: func,
    }
}
