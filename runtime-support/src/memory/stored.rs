//! A memory as a store holds it: its own, or one that it shares.

use super::image::Image;
use super::linear::{LinearMemory, MemoryPlan};
use super::shared::SharedMemory;
use crate::error::Error;
use crate::host::{GuestMemory, OutOfBounds};
use ahead_artifact::vmctx::VmMemory;
use ahead_artifact::{Bounds, MemoryType};
use std::ptr::NonNull;

#[derive(Debug)]
pub(crate) enum StoredMemory {
    Own(LinearMemory),
    Shared(SharedMemory),
}

impl StoredMemory {
    pub fn new(plan: MemoryPlan, image: Option<&Image>) -> Result<Self, Error> {
        Ok(match plan.ty.shared {
            true => StoredMemory::Shared(SharedMemory::of_plan(plan, image)?),
            false => StoredMemory::Own(LinearMemory::new(plan, image)?),
        })
    }

    /// # Panics
    /// If it is shared.
    pub fn own(&self) -> &LinearMemory {
        match self {
            StoredMemory::Own(memory) => memory,
            StoredMemory::Shared(_) => panic!("the bytes of a shared memory are nobody's alone"),
        }
    }

    /// # Panics
    /// If it is shared.
    pub fn own_mut(&mut self) -> &mut LinearMemory {
        match self {
            StoredMemory::Own(memory) => memory,
            StoredMemory::Shared(_) => panic!("the bytes of a shared memory are nobody's alone"),
        }
    }

    #[inline]
    pub fn raw(&self) -> (*mut u8, usize) {
        match self {
            StoredMemory::Own(memory) => (memory.base(), memory.size()),
            StoredMemory::Shared(memory) => (memory.base(), memory.bytes()),
        }
    }

    /// The type as an import is matched against: the current size is the minimum.
    pub fn current_type(&self) -> MemoryType {
        match self {
            StoredMemory::Own(memory) => memory.current_type(),
            StoredMemory::Shared(memory) => memory.ty(),
        }
    }

    pub fn pages(&self) -> u64 {
        match self {
            StoredMemory::Own(memory) => memory.pages(),
            StoredMemory::Shared(memory) => memory.pages(),
        }
    }

    /// Whether code that relies on guard regions may use it.
    pub fn bounds(&self) -> Bounds {
        match self {
            StoredMemory::Own(memory) => memory.bounds(),
            StoredMemory::Shared(memory) => memory.bounds(),
        }
    }

    pub fn definition(&self) -> NonNull<VmMemory> {
        match self {
            StoredMemory::Own(memory) => memory.definition(),
            StoredMemory::Shared(memory) => memory.definition(),
        }
    }

    /// Whether `address` is one at which a guest's access to this memory faults. Async-signal-safe.
    pub fn is_guarded(&self, address: usize) -> bool {
        match self {
            StoredMemory::Own(memory) => memory.is_guarded(address),
            StoredMemory::Shared(memory) => memory.is_guarded(address),
        }
    }

    /// Grows by `delta` pages; gives the former size, or `None` if a limit or the system forbids it.
    pub fn grow(&mut self, delta: u64) -> Option<u64> {
        match self {
            StoredMemory::Own(memory) => memory.grow(delta),
            StoredMemory::Shared(memory) => memory.grow(delta),
        }
    }

    /// The memory by the guest's addresses.
    #[inline]
    pub fn view<'a>(&self) -> GuestMemory<'a> {
        let (base, bytes) = self.raw();
        match self {
            // SAFETY: the bytes are accessible; callers bind the lifetime to a borrow of the store, during which
            // neither a guest nor `grow` runs.
            StoredMemory::Own(_) => unsafe { GuestMemory::new(base, bytes) },
            // SAFETY: the bytes are accessible, and stay so as long as the store, which the lifetime is bound to.
            StoredMemory::Shared(_) => unsafe { GuestMemory::shared(base, bytes) },
        }
    }

    /// Fills `into` from the memory; `false`, and nothing done, if the range is not inside it.
    pub fn read(&self, address: u64, into: &mut [u8]) -> bool {
        match self {
            StoredMemory::Own(memory) => {
                let from = range(address, into.len()).and_then(|range| memory.bytes().get(range));
                from.map(|from| into.copy_from_slice(from)).is_some()
            }
            StoredMemory::Shared(memory) => memory.read(address, into),
        }
    }

    /// Writes all of `from`; `false`, and nothing done, if the range is not inside the memory.
    pub fn write(&mut self, address: u64, from: &[u8]) -> bool {
        match self {
            StoredMemory::Own(memory) => {
                let to =
                    range(address, from.len()).and_then(|range| memory.bytes_mut().get_mut(range));
                to.map(|to| to.copy_from_slice(from)).is_some()
            }
            StoredMemory::Shared(memory) => memory.write(address, from),
        }
    }

    pub fn out_of_bounds(&self, address: u64, bytes: usize) -> OutOfBounds {
        OutOfBounds {
            address,
            bytes: bytes as u64,
            memory_bytes: self.raw().1 as u64,
        }
    }
}

fn range(address: u64, bytes: usize) -> Option<std::ops::Range<usize>> {
    let start = usize::try_from(address).ok()?;
    Some(start..start.checked_add(bytes)?)
}
