//! Linear memories: the embedder's handle here, the bytes in `linear.rs`, those of shared memories in `shared.rs`
//! and how they are accessed in `racing.rs`; first contents in `image.rs`.

mod image;
mod linear;
mod pool;
pub(crate) mod racing;
mod shared;
mod stored;
pub(crate) mod waiting;

pub(crate) use image::{Image, ImageSource};
pub(crate) use linear::MemoryPlan;
pub use shared::SharedMemory;
pub(crate) use stored::StoredMemory;

use crate::error::Error;
use crate::host::{GuestMemory, OutOfBounds};
use crate::store::{AsStore, AsStoreMut, Exclusive, StoreId, StoreInner};
use ahead_artifact::{Bounds, MemoryType};

/// A linear memory of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Memory {
    store: StoreId,
    index: u32,
}

impl Memory {
    pub(crate) fn of(store: StoreId, index: u32) -> Self {
        Memory { store, index }
    }

    /// Makes a memory of zeroes, to be imported. It is reserved in full if the address space allows, so that
    /// modules of both bounds modes can import it.
    pub fn new(store: &mut impl AsStoreMut, ty: MemoryType) -> Result<Memory, Error> {
        let store = store.exclusive();
        let plan = |bounds| MemoryPlan {
            ty,
            bounds: ty.bounds(bounds),
            bytes_max: store.config.memory_bytes_max,
        };
        let memory = match StoredMemory::new(plan(Bounds::Guard), None) {
            Err(Error::Reservation { .. }) => StoredMemory::new(plan(Bounds::Explicit), None)?,
            other => other?,
        };
        let index = store.add_memory(memory)?;
        Ok(Memory::of(store.id, index))
    }

    /// A shared memory as one of the store's.
    pub fn of_shared(store: &mut impl AsStoreMut, memory: &SharedMemory) -> Result<Memory, Error> {
        let store = store.exclusive();
        let index = store.add_memory(StoredMemory::Shared(memory.clone()))?;
        Ok(Memory::of(store.id, index))
    }

    /// The memory for use by other stores and threads, if it is shared.
    pub fn shared(&self, store: &impl AsStore) -> Option<SharedMemory> {
        match self.stored(store.shared()) {
            StoredMemory::Shared(memory) => Some(memory.clone()),
            StoredMemory::Own(_) => None,
        }
    }

    pub(crate) fn index(self, store: &StoreInner) -> u32 {
        store.check(self.store);
        self.index
    }

    fn stored(self, store: &StoreInner) -> &StoredMemory {
        store.check(self.store);
        &store.memories[self.index as usize]
    }

    fn stored_mut(self, store: &mut StoreInner) -> &mut StoredMemory {
        store.check(self.store);
        &mut store.memories[self.index as usize]
    }

    /// Its type, with the current size as the minimum.
    pub fn ty(&self, store: &impl AsStore) -> MemoryType {
        self.stored(store.shared()).current_type()
    }

    /// Size in pages, of 64 KiB unless its type says otherwise.
    pub fn size(&self, store: &impl AsStore) -> u64 {
        self.stored(store.shared()).pages()
    }

    /// Grows by `delta` pages and gives the former size in pages; `None` if a limit forbids it.
    pub fn grow(&self, store: &mut impl AsStoreMut, delta: u64) -> Option<u64> {
        self.stored_mut(store.exclusive()).grow(delta)
    }

    /// The bytes, as long as no guest runs.
    ///
    /// # Panics
    /// If the memory is shared: other threads may write to it at any time. [`Self::read`] works for all.
    pub fn data<'a>(&self, store: &'a impl AsStore) -> &'a [u8] {
        self.stored(store.shared()).own().bytes()
    }

    /// The bytes, as long as no guest runs.
    ///
    /// # Panics
    /// If the memory is shared, as with [`Self::data`]. [`Self::write`] works for all.
    pub fn data_mut<'a>(&self, store: &'a mut impl AsStoreMut) -> &'a mut [u8] {
        self.stored_mut(store.exclusive()).own_mut().bytes_mut()
    }

    /// Where the bytes are and how many: for hosts that are not written in Rust. They stay there until the memory
    /// grows, and a shared one's for good; other threads may write to those of a shared one.
    pub fn raw(&self, store: &impl AsStore) -> (*mut u8, usize) {
        self.stored(store.shared()).raw()
    }

    /// The memory by the guest's addresses.
    pub fn view<'a>(&self, store: &'a mut impl AsStoreMut) -> GuestMemory<'a> {
        self.stored(store.shared()).view()
    }

    /// Fills `into` from the memory.
    pub fn read(
        &self,
        store: &impl AsStore,
        address: u64,
        into: &mut [u8],
    ) -> Result<(), OutOfBounds> {
        let memory = self.stored(store.shared());
        let bytes = into.len();
        memory
            .read(address, into)
            .then_some(())
            .ok_or_else(|| memory.out_of_bounds(address, bytes))
    }

    /// Writes all of `from` or nothing.
    pub fn write(
        &self,
        store: &mut impl AsStoreMut,
        address: u64,
        from: &[u8],
    ) -> Result<(), OutOfBounds> {
        let memory = self.stored_mut(store.exclusive());
        memory
            .write(address, from)
            .then_some(())
            .ok_or_else(|| memory.out_of_bounds(address, from.len()))
    }
}

impl StoreInner {
    pub(crate) fn add_memory(&mut self, memory: StoredMemory) -> Result<u32, Error> {
        self.check_items("memories", self.memories.len())?;
        self.memories.push(memory);
        Ok((self.memories.len() - 1) as u32)
    }

    pub(crate) fn check_items(&self, what: &'static str, count: usize) -> Result<(), Error> {
        if count < self.config.items_max.min(u32::MAX as usize) {
            return Ok(());
        }
        Err(Error::Limit {
            what: "a number",
            requested: count as u64 + 1,
            unit: what,
            limit: self.config.items_max as u64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use ahead_artifact::Limits;

    fn memory(min: u64, max: Option<u64>) -> MemoryType {
        MemoryType::of(Limits { min, max })
    }

    #[test]
    fn a_memory_grows_to_its_limit_and_keeps_its_bytes() {
        let mut store = Store::new(());
        let memory = Memory::new(&mut store, memory(1, Some(3))).unwrap();
        memory.write(&mut store, 65_534, &[7, 8]).unwrap();
        assert!(memory.write(&mut store, 65_535, &[7, 8]).is_err());
        assert_eq!(memory.grow(&mut store, 2), Some(1));
        assert_eq!(memory.grow(&mut store, 1), None);
        assert_eq!(memory.grow(&mut store, u64::MAX), None);
        assert_eq!(memory.size(&store), 3);
        let mut bytes = [0; 3];
        memory.read(&store, 65_534, &mut bytes).unwrap();
        assert_eq!(bytes, [7, 8, 0]);
        assert!(memory.read(&store, u64::MAX, &mut bytes).is_err());
    }

    #[test]
    #[should_panic(expected = "store it does not belong to")]
    fn handles_belong_to_one_store() {
        let mut store = Store::new(());
        let memory = Memory::new(&mut store, memory(1, None)).unwrap();
        memory.size(&Store::new(()));
    }
}
