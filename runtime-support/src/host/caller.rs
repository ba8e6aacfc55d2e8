//! What a host function sees of its caller.

use super::GuestMemory;
use crate::instance::InstanceRecord;
use crate::store::{AsStore, StoreCell, StoreInner};
use crate::value::Extern;
use std::marker::PhantomData;
use std::ptr::NonNull;

/// The store that a host function was called in, and the instance that called it.
///
/// It stands for the store wherever one is asked for, so that a host function can call back into the guest.
pub struct Caller<'a, T> {
    store: NonNull<StoreInner>,
    /// The instance that imported the function; null if the host called it, or a table that no import of
    /// the function stands behind.
    instance: *const InstanceRecord,
    data: PhantomData<&'a mut T>,
}

impl<'a, T> Caller<'a, T> {
    /// # Safety
    /// The store must have data of type `T` and be used by nobody else during `'a`; `instance` must be
    /// null or one of its instances.
    #[inline]
    pub(crate) unsafe fn new(
        store: NonNull<StoreInner>,
        instance: *const InstanceRecord,
        frame_pointer: usize,
    ) -> Self {
        // SAFETY: exclusive use, as the caller says.
        unsafe { (*store.as_ptr()).exit_frame = frame_pointer };
        Caller {
            store,
            instance,
            data: PhantomData,
        }
    }

    #[inline]
    pub(crate) fn store_address(&self) -> NonNull<StoreInner> {
        self.store
    }

    #[inline]
    fn instance(&self) -> Option<&InstanceRecord> {
        // SAFETY: null or one of the store's instances, which stay where they are.
        unsafe { self.instance.as_ref() }
    }

    /// The embedder's data.
    #[inline]
    pub fn data(&self) -> &T {
        // SAFETY: the store has data of type `T`; borrowed through `self`.
        unsafe { &(*self.store.cast::<StoreCell<T>>().as_ptr()).data }
    }

    /// The embedder's data.
    #[inline]
    pub fn data_mut(&mut self) -> &mut T {
        // SAFETY: as above, exclusively.
        unsafe { &mut (*self.store.cast::<StoreCell<T>>().as_ptr()).data }
    }

    /// The memory that the calling instance exports as `memory`. If it exports none, a memory of no bytes,
    /// in which every access is out of bounds.
    #[inline]
    pub fn memory(&mut self) -> GuestMemory<'_> {
        let memory = self
            .instance()
            .and_then(|instance| instance.exported_memory);
        match memory {
            Some(memory) => self.shared().memories[memory as usize].view(),
            None => GuestMemory::empty(),
        }
    }

    /// Memory and data at once.
    #[inline]
    pub fn memory_and_data(&mut self) -> (GuestMemory<'_>, &mut T) {
        let data = &raw mut *self.data_mut();
        let memory = self.memory();
        // SAFETY: guest memory and the embedder's data are different allocations, and both borrows end
        // with that of `self`.
        (memory, unsafe { &mut *data })
    }

    /// An export of the calling instance.
    pub fn export(&self, name: &str) -> Option<Extern> {
        let instance = self.instance()?;
        instance.export(self.shared().id, name)
    }
}
