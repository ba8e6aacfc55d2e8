//! Linear memories: the embedder's handle here, the bytes in `linear.rs`, their first contents in `image.rs`.

mod image;
mod linear;
mod pool;

pub(crate) use image::{Image, ImageSource};
pub(crate) use linear::{LinearMemory, MemoryPlan};

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
        let memory = match LinearMemory::new(plan(Bounds::Guard), None) {
            Err(Error::Reservation { .. }) => LinearMemory::new(plan(Bounds::Explicit), None)?,
            other => other?,
        };
        let index = store.add_memory(memory)?;
        Ok(Memory::of(store.id, index))
    }

    pub(crate) fn index(self, store: &StoreInner) -> u32 {
        store.check(self.store);
        self.index
    }

    fn linear(self, store: &StoreInner) -> &LinearMemory {
        store.check(self.store);
        &store.memories[self.index as usize]
    }

    fn linear_mut(self, store: &mut StoreInner) -> &mut LinearMemory {
        store.check(self.store);
        &mut store.memories[self.index as usize]
    }

    /// Its type, with the current size as the minimum.
    pub fn ty(&self, store: &impl AsStore) -> MemoryType {
        self.linear(store.shared()).current_type()
    }

    /// Size in pages, of 64 KiB unless its type says otherwise.
    pub fn size(&self, store: &impl AsStore) -> u64 {
        self.linear(store.shared()).pages()
    }

    /// Grows by `delta` pages and gives the former size in pages; `None` if a limit forbids it.
    pub fn grow(&self, store: &mut impl AsStoreMut, delta: u64) -> Option<u64> {
        self.linear_mut(store.exclusive()).grow(delta)
    }

    /// The bytes, as long as no guest runs.
    pub fn data<'a>(&self, store: &'a impl AsStore) -> &'a [u8] {
        self.linear(store.shared()).bytes()
    }

    /// The bytes, as long as no guest runs.
    pub fn data_mut<'a>(&self, store: &'a mut impl AsStoreMut) -> &'a mut [u8] {
        self.linear_mut(store.exclusive()).bytes_mut()
    }

    /// The memory by the guest's addresses.
    pub fn view<'a>(&self, store: &'a mut impl AsStoreMut) -> GuestMemory<'a> {
        self.linear(store.shared()).view()
    }

    /// Fills `into` from the memory.
    pub fn read(
        &self,
        store: &impl AsStore,
        address: u64,
        into: &mut [u8],
    ) -> Result<(), OutOfBounds> {
        let bytes = self.data(store);
        let range = checked(address, into.len(), bytes.len())?;
        into.copy_from_slice(&bytes[range]);
        Ok(())
    }

    /// Writes all of `from` or nothing.
    pub fn write(
        &self,
        store: &mut impl AsStoreMut,
        address: u64,
        from: &[u8],
    ) -> Result<(), OutOfBounds> {
        let bytes = self.data_mut(store);
        let range = checked(address, from.len(), bytes.len())?;
        bytes[range].copy_from_slice(from);
        Ok(())
    }
}

fn checked(
    address: u64,
    bytes: usize,
    memory_bytes: usize,
) -> Result<std::ops::Range<usize>, OutOfBounds> {
    let start = usize::try_from(address).ok();
    match start.and_then(|start| Some(start..start.checked_add(bytes)?)) {
        Some(range) if range.end <= memory_bytes => Ok(range),
        _ => Err(OutOfBounds {
            address,
            bytes: bytes as u64,
            memory_bytes: memory_bytes as u64,
        }),
    }
}

impl StoreInner {
    pub(crate) fn add_memory(&mut self, memory: LinearMemory) -> Result<u32, Error> {
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
