//! A store: what instances need at run time, and the embedder's data beside it.
//!
//! Everything that compiled code holds addresses of (vmctxs, function records, memories) lives here and
//! stays where it is until the store is dropped. Handles are checked against the store's identity, so that
//! an address of one store is never used with another.

use crate::exception::ExceptionHeap;
use crate::func::HostFuncRecord;
use crate::host::Caller;
use crate::instance::InstanceRecord;
use crate::memory::StoredMemory;
use crate::table::TableRecord;
use crate::trap::thread_stack_bytes;
use crate::types::TypeNumber;
use ahead_artifact::GlobalType;
use ahead_artifact::vmctx::{VmException, VmFuncRef, VmGlobal, VmTag};
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

/// Limits of a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreConfig {
    /// Stack that guests may use between an outermost call and the deepest guest function, in bytes. The
    /// thread's own stack sets a second limit: see [`with_stack`](crate::with_stack).
    pub stack_bytes_max: usize,
    /// Size that no memory of the store may exceed, in bytes. A memory that would start larger is an
    /// error; `memory.grow` beyond it gives -1.
    pub memory_bytes_max: u64,
    /// Size that no table of the store may exceed, in elements.
    pub table_elements_max: u64,
    /// Size that exceptions which guests can refer to may have together, in bytes. A throw beyond it traps.
    pub exception_bytes_max: usize,
    /// How many instances, memories and tables there may be, each.
    pub items_max: usize,
}

impl Default for StoreConfig {
    fn default() -> Self {
        StoreConfig {
            stack_bytes_max: 1 << 20,
            memory_bytes_max: 1 << 32,
            table_elements_max: 10_000_000,
            exception_bytes_max: 64 << 20,
            items_max: 10_000,
        }
    }
}

impl StoreConfig {
    /// How much stack a thread needs to give guests all of `stack_bytes_max`.
    pub fn thread_stack_bytes(&self) -> usize {
        thread_stack_bytes(self.stack_bytes_max)
    }
}

/// Which store a handle belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StoreId(u64);

impl StoreId {
    fn next() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        StoreId(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A value with one owner and a fixed address, which others may hold.
///
/// Unlike a `Box`, moving it claims nothing about who else looks at the value.
#[derive(Debug)]
pub(crate) struct Fixed<V>(NonNull<V>);

impl<V> Fixed<V> {
    pub fn new(value: V) -> Self {
        Fixed(NonNull::from(Box::leak(Box::new(value))))
    }

    pub fn address(&self) -> NonNull<V> {
        self.0
    }
}

impl<V> Deref for Fixed<V> {
    type Target = V;

    fn deref(&self) -> &V {
        // SAFETY: made from a box that only `drop` takes back; those who write through the address do so
        // while they have exclusive use of the store.
        unsafe { self.0.as_ref() }
    }
}

impl<V> Drop for Fixed<V> {
    fn drop(&mut self) {
        // SAFETY: made from a box in `new`, taken back once.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// A global, its value in the vmctx that defines it or in a record of its own.
#[derive(Debug)]
pub(crate) struct GlobalRecord {
    pub ty: GlobalType,
    pub definition: NonNull<VmGlobal>,
    /// Set if the host made it.
    pub _own: Option<Fixed<VmGlobal>>,
}

/// The part of a store that does not depend on the embedder's type.
pub struct StoreInner {
    pub(crate) id: StoreId,
    pub(crate) config: StoreConfig,
    pub(crate) instances: Vec<Fixed<InstanceRecord>>,
    pub(crate) memories: Vec<StoredMemory>,
    pub(crate) tables: Vec<TableRecord>,
    pub(crate) globals: Vec<GlobalRecord>,
    pub(crate) tags: Vec<Fixed<VmTag>>,
    pub(crate) exceptions: ExceptionHeap,
    /// What was thrown and is caught nowhere, while its trap is on its way.
    pub(crate) uncaught: *mut VmException,
    /// Host functions that belong to no instance's imports.
    pub(crate) host_funcs: Vec<Fixed<HostFuncRecord>>,
    /// Records of host functions whose type no module could call yet.
    pub(crate) without_code: Vec<(TypeNumber, NonNull<VmFuncRef>)>,
    /// What every vmctx of the store has as its stack limit.
    pub(crate) stack_limit: usize,
    /// Calls into the guest that have not come back.
    pub(crate) depth: usize,
    /// Frame pointer at which the guest last called out, for backtraces.
    pub(crate) exit_frame: usize,
}

/// The store's allocation; `inner` first, so that its address is the whole's.
#[repr(C)]
pub(crate) struct StoreCell<T> {
    pub inner: StoreInner,
    pub data: T,
}

/// Owner of instances and of all they consist of, together with data of the embedder.
///
/// What is made in a store lives as long as the store; there is no freeing of single instances.
pub struct Store<T> {
    cell: NonNull<StoreCell<T>>,
    owner: PhantomData<StoreCell<T>>,
}

// SAFETY: everything behind the pointer is owned by the store and used only through it; host functions are
// `Send + Sync`, modules are shared and immutable.
unsafe impl<T: Send> Send for Store<T> {}
// SAFETY: with a shared store nothing is changed: guests run only with an exclusive one.
unsafe impl<T: Sync> Sync for Store<T> {}

impl<T> Store<T> {
    pub fn new(data: T) -> Self {
        Self::with_config(data, StoreConfig::default())
    }

    pub fn with_config(data: T, config: StoreConfig) -> Self {
        let inner = StoreInner {
            id: StoreId::next(),
            config,
            instances: Vec::new(),
            memories: Vec::new(),
            tables: Vec::new(),
            globals: Vec::new(),
            tags: Vec::new(),
            exceptions: ExceptionHeap::default(),
            uncaught: std::ptr::null_mut(),
            host_funcs: Vec::new(),
            without_code: Vec::new(),
            stack_limit: 0,
            depth: 0,
            exit_frame: 0,
        };
        Store {
            cell: NonNull::from(Box::leak(Box::new(StoreCell { inner, data }))),
            owner: PhantomData,
        }
    }

    pub fn data(&self) -> &T {
        // SAFETY: the cell lives as long as `self`, which is borrowed, so that no guest runs.
        unsafe { &(*self.cell.as_ptr()).data }
    }

    pub fn data_mut(&mut self) -> &mut T {
        // SAFETY: as above, and exclusively.
        unsafe { &mut (*self.cell.as_ptr()).data }
    }

    pub fn config(&self) -> &StoreConfig {
        &self.shared().config
    }

    /// Drops the store and gives the embedder's data back.
    pub fn into_data(self) -> T {
        let cell = self.cell;
        std::mem::forget(self);
        // SAFETY: the allocation was made by a box, and `self`, which would free it, is forgotten.
        let StoreCell { inner, data } = *unsafe { Box::from_raw(cell.as_ptr()) };
        drop(inner);
        data
    }
}

impl<T> Drop for Store<T> {
    fn drop(&mut self) {
        // SAFETY: made by a box; guests run only while the store is borrowed, so none does.
        drop(unsafe { Box::from_raw(self.cell.as_ptr()) });
    }
}

impl<T: std::fmt::Debug> std::fmt::Debug for Store<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("id", &self.shared().id)
            .field("data", self.data())
            .finish_non_exhaustive()
    }
}

/// Something that gives access to a store: the [`Store`] itself, or the [`Caller`] of a host function.
pub trait AsStore: sealed::Sealed {
    /// The embedder's data in the store.
    type Data;

    #[doc(hidden)]
    fn inner(&self) -> NonNull<StoreInner>;

    #[doc(hidden)]
    fn shared(&self) -> &StoreInner {
        // SAFETY: the store outlives `self`, and changes need it exclusively.
        unsafe { self.inner().as_ref() }
    }
}

/// Something that gives exclusive access to a store.
pub trait AsStoreMut: AsStore {}

/// Exclusive access to a store's insides. Not a method of [`AsStoreMut`]: outside of this crate it would let
/// two stores change places under their guests' feet.
pub(crate) trait Exclusive: AsStoreMut {
    fn exclusive(&mut self) -> &mut StoreInner {
        // SAFETY: the store outlives `self`, which is borrowed exclusively, so that no guest runs and
        // nobody else looks.
        unsafe { self.inner().as_mut() }
    }
}

impl<S: AsStoreMut> Exclusive for S {}

mod sealed {
    pub trait Sealed {}
    impl<T> Sealed for super::Store<T> {}
    impl<T> Sealed for super::Caller<'_, T> {}
}

impl<T> AsStore for Store<T> {
    type Data = T;

    fn inner(&self) -> NonNull<StoreInner> {
        self.cell.cast()
    }
}

impl<T> AsStoreMut for Store<T> {}

impl<T> AsStore for Caller<'_, T> {
    type Data = T;

    fn inner(&self) -> NonNull<StoreInner> {
        self.store_address()
    }
}

impl<T> AsStoreMut for Caller<'_, T> {}

impl StoreInner {
    /// # Panics
    /// If a handle belongs to another store.
    pub(crate) fn check(&self, handle: StoreId) {
        assert!(
            self.id == handle,
            "a handle was used with a store it does not belong to"
        );
    }

    /// Makes `limit` the stack limit of every instance.
    pub(crate) fn set_stack_limit(&mut self, limit: usize) {
        if self.stack_limit != limit {
            self.stack_limit = limit;
            for instance in &self.instances {
                instance.vmctx.set_stack_limit(limit);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_kept_and_given_back() {
        let mut store = Store::new(vec![1]);
        store.data_mut().push(2);
        assert_eq!(store.data(), &[1, 2]);
        assert_ne!(store.shared().id, Store::new(()).shared().id);
        assert_eq!(store.into_data(), [1, 2]);
    }
}
