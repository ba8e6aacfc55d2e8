//! Memories that several threads use at once, each through a store of its own.
//!
//! ```text
//! | accessible: current size | inaccessible up to the declared maximum, with a guard in guard mode up to that |
//! ```
//! All addresses that the memory can ever have are reserved when it is made, in either bounds mode: growing makes
//! bytes accessible and moves nothing, so a thread may use an address that it knows while another one grows.

use super::image::Image;
use super::linear::{MemoryPlan, bytes_max, map_error, mapped, reserve_guarded};
use super::{pool, racing};
use crate::error::Error;
use crate::sys::Mapping;
use ahead_artifact::vmctx::VmMemory;
use ahead_artifact::{Bounds, Limits, MemoryType};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A shared memory, owned by all that use it.
#[derive(Clone, Debug)]
pub struct SharedMemory(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    ty: MemoryType,
    bounds: Bounds,
    bytes_max: u64,
    /// Taken out only to be given back.
    mapping: Option<Mapping>,
    /// What compiled code reads: the base for good, the size as it grows. Owned, and given back with the rest.
    definition: NonNull<VmMemory>,
    /// Held by who grows.
    growing: Mutex<()>,
}

// SAFETY: the bytes and the size are accessed atomically, by this file and `racing`; the rest never changes.
unsafe impl Send for Inner {}
// SAFETY: as above.
unsafe impl Sync for Inner {}

impl SharedMemory {
    /// Makes a memory of zeroes, which can be imported in any number of stores and threads. `bytes_max` bounds its
    /// size beside its type.
    pub fn new(ty: MemoryType, bytes_max: u64) -> Result<Self, Error> {
        let plan = |bounds| MemoryPlan {
            ty,
            bounds: ty.bounds(bounds),
            bytes_max,
        };
        match Self::of_plan(plan(Bounds::Guard), None) {
            Err(Error::Reservation { .. }) => Self::of_plan(plan(Bounds::Explicit), None),
            other => other,
        }
    }

    pub(super) fn of_plan(plan: MemoryPlan, image: Option<&Image>) -> Result<Self, Error> {
        let (bytes, bytes_max) = bytes_max(&plan)?;
        let mapping = match plan.bounds {
            Bounds::Guard => reserve_guarded(mapped(bytes))?,
            Bounds::Explicit => {
                let room = mapped(bytes_max as usize).max(mapped(1));
                let mapping = Mapping::reserve(room).map_err(map_error)?;
                mapping.make_writable(0, mapped(bytes)).map_err(map_error)?;
                mapping
            }
        };
        if let Some(image) = image {
            image.place(&mapping, bytes)?;
        }
        let definition = Box::new(VmMemory {
            base: mapping.base(),
            bytes,
        });
        Ok(SharedMemory(Arc::new(Inner {
            ty: plan.ty,
            bounds: plan.bounds,
            bytes_max,
            mapping: Some(mapping),
            definition: NonNull::from(Box::leak(definition)),
            growing: Mutex::new(()),
        })))
    }

    /// Its type, with the current size as the minimum.
    pub fn ty(&self) -> MemoryType {
        MemoryType {
            limits: Limits {
                min: self.pages(),
                max: self.0.ty.limits.max,
            },
            ..self.0.ty
        }
    }

    /// Size in pages.
    pub fn pages(&self) -> u64 {
        self.bytes() as u64 >> self.0.ty.page.log2()
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.size().load(Ordering::Acquire)
    }

    pub(super) fn base(&self) -> *mut u8 {
        self.0.mapping().base()
    }

    pub(super) fn bounds(&self) -> Bounds {
        self.0.bounds
    }

    pub(crate) fn definition(&self) -> NonNull<VmMemory> {
        self.0.definition
    }

    /// Whether `address` is one at which a guest's access to this memory may fault: any address of it, because
    /// another thread may have grown it since. Async-signal-safe.
    pub(super) fn is_guarded(&self, address: usize) -> bool {
        let mapping = self.0.mapping();
        let start = mapping.base() as usize;
        self.0.bounds == Bounds::Guard && (start..start + mapping.bytes()).contains(&address)
    }

    /// Grows by `delta` pages; gives the former size, or `None` if a limit or the system forbids it.
    pub(super) fn grow(&self, delta: u64) -> Option<u64> {
        let inner = &*self.0;
        let _growing = inner.growing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.pages();
        let wanted = before.checked_add(delta)?;
        let wanted = wanted.checked_mul(inner.ty.page.bytes())?;
        if wanted > inner.bytes_max {
            return None;
        }
        let (start, end) = (mapped(self.bytes()), mapped(wanted as usize));
        // What becomes accessible before a failure is inside the memory's own addresses, and zero.
        inner.mapping().make_writable(start, end - start).ok()?;
        // Only now that the bytes are there may compiled code learn of them.
        inner.size().store(wanted as usize, Ordering::Release);
        Some(before)
    }

    /// The address of a range that lies inside the memory.
    fn range(&self, address: u64, bytes: usize) -> Option<*mut u8> {
        let end = address.checked_add(bytes as u64)?;
        // SAFETY: inside the mapping, or at its end.
        (end <= self.bytes() as u64).then(|| unsafe { self.base().add(address as usize) })
    }

    /// Fills `into` from the memory; `false`, and nothing done, if the range is not inside it.
    pub(super) fn read(&self, address: u64, into: &mut [u8]) -> bool {
        let Some(from) = self.range(address, into.len()) else {
            return false;
        };
        // SAFETY: the range is inside the memory, which never shrinks.
        unsafe { racing::read(from, into) };
        true
    }

    /// Writes all of `from`; `false`, and nothing done, if the range is not inside the memory.
    pub(super) fn write(&self, address: u64, from: &[u8]) -> bool {
        let Some(to) = self.range(address, from.len()) else {
            return false;
        };
        // SAFETY: as in `read`.
        unsafe { racing::write(to, from) };
        true
    }
}

impl Inner {
    fn mapping(&self) -> &Mapping {
        self.mapping.as_ref().expect("taken out when dropped only")
    }

    fn size(&self) -> &AtomicUsize {
        // SAFETY: the definition lives as long as `self`; its size is written through this alone.
        unsafe { AtomicUsize::from_ptr(&raw mut (*self.definition.as_ptr()).bytes) }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let bytes = self.size().load(Ordering::Acquire);
        // SAFETY: made by a box, and no store that uses the memory is left.
        drop(unsafe { Box::from_raw(self.definition.as_ptr()) });
        if let (Some(mapping), Bounds::Guard) = (self.mapping.take(), self.bounds) {
            // A failed attempt to grow may have made more accessible than counts.
            let used = mapped(self.bytes_max as usize).max(bytes);
            pool::release(mapping, used);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(bounds: Bounds) -> SharedMemory {
        let ty = MemoryType {
            shared: true,
            ..MemoryType::of(Limits {
                min: 1,
                max: Some(20),
            })
        };
        let plan = MemoryPlan {
            ty,
            bounds,
            bytes_max: 1 << 32,
        };
        SharedMemory::of_plan(plan, None).unwrap()
    }

    #[test]
    fn growing_moves_nothing_while_others_read_and_write() {
        for bounds in [Bounds::Guard, Bounds::Explicit] {
            let memory = memory(bounds);
            let base = memory.base();
            std::thread::scope(|scope| {
                for thread in 0..3u64 {
                    let memory = memory.clone();
                    scope.spawn(move || {
                        for _ in 0..6 {
                            let before = memory.grow(1).unwrap();
                            let address = before * 65_536 + thread;
                            assert!(memory.write(address, &[7]));
                            let mut byte = [0];
                            assert!(memory.read(address, &mut byte));
                            assert_eq!(byte, [7]);
                        }
                    });
                }
            });
            assert_eq!((memory.pages(), memory.base()), (19, base));
            assert_eq!((memory.grow(2), memory.grow(u64::MAX)), (None, None));
            assert_eq!((memory.grow(1), memory.grow(0)), (Some(19), Some(20)));
            assert!(!memory.write(20 * 65_536 - 1, &[1, 2]));
            assert!(!memory.read(u64::MAX, &mut [0]));
            let end = base as usize + 20 * 65_536;
            assert_eq!(memory.is_guarded(end), bounds == Bounds::Guard);
        }
    }

    /// The next memory in the same reservation sees nothing of it.
    #[test]
    fn nothing_of_it_is_left() {
        for _ in 0..20 {
            let memory = memory(Bounds::Guard);
            let mut bytes = vec![1; 65_536];
            assert!(memory.read(0, &mut bytes));
            assert!(bytes.iter().all(|&byte| byte == 0));
            assert!(memory.write(0, &vec![0xa5; 65_536]));
            memory.grow(19).unwrap();
            assert!(memory.write(19 * 65_536, &[0xa5; 9]));
        }
    }
}
