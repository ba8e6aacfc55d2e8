//! The bytes of a linear memory, in either bounds mode.
//!
//! ```text
//! guard:     | accessible: current size | inaccessible up to 4 GiB + guard |   base never changes
//! explicit:  | accessible: current size |                                      growing may move it
//! ```
//! In guard mode an access with a 32-bit index and a covered offset ends inside the reservation whatever the
//! index; see `tunables.rs` of `ahead-artifact`. Compiled code reads base and size from the [`VmMemory`]
//! that `definition` points to, which is written here and nowhere else.

use super::image::Image;
use super::pool;
use crate::error::Error;
use crate::store::Fixed;
use crate::sys::{Mapping, address_space_limit};
use ahead_artifact::tunables::{GUARD_RESERVATION_BYTES, WASM_PAGE_BYTES};
use ahead_artifact::vmctx::VmMemory;
use ahead_artifact::{Bounds, Limits, MemoryType};
use std::io;
use std::ptr::NonNull;

/// What a memory is to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MemoryPlan {
    pub ty: MemoryType,
    pub bounds: Bounds,
    /// The store's limit.
    pub bytes_max: u64,
}

/// A linear memory.
#[derive(Debug)]
pub(crate) struct LinearMemory {
    ty: MemoryType,
    bounds: Bounds,
    /// None only in explicit mode, for a memory of no bytes.
    mapping: Option<Mapping>,
    /// The current size, a multiple of the memory's own page.
    bytes: usize,
    bytes_max: u64,
    /// Explicit mode with a mapped image: where the kernel may see one mapping end and another start.
    seams: Vec<usize>,
    /// Guard mode: everything behind the current size is inaccessible.
    may_be_reused: bool,
    definition: NonNull<VmMemory>,
    /// Set until the memory is given a place in a vmctx, and for good if the host made it.
    own: Option<Fixed<VmMemory>>,
}

impl LinearMemory {
    /// A memory with the contents of `image`, zero elsewhere.
    pub fn new(plan: MemoryPlan, image: Option<&Image>) -> Result<Self, Error> {
        debug_assert_eq!(plan.ty.bounds(plan.bounds), plan.bounds);
        let (bytes, bytes_max) = bytes_max(&plan)?;
        let mapping = match plan.bounds {
            Bounds::Guard => Some(reserve_guarded(bytes)?),
            Bounds::Explicit if bytes == 0 => None,
            Bounds::Explicit => Some(Mapping::zeroed(mapped(bytes)).map_err(map_error)?),
        };
        let own = Fixed::new(VmMemory {
            base: std::ptr::null_mut(),
            bytes: 0,
        });
        let mut memory = LinearMemory {
            ty: plan.ty,
            bounds: plan.bounds,
            mapping,
            bytes,
            bytes_max,
            seams: Vec::new(),
            may_be_reused: true,
            definition: own.address(),
            own: Some(own),
        };
        if let (Some(image), Some(mapping)) = (image, &memory.mapping) {
            let mapped = image.place(mapping, bytes)?;
            if plan.bounds == Bounds::Explicit {
                memory.seams = mapped
                    .into_iter()
                    .flat_map(|range| [range.start, range.end])
                    .collect();
                memory.seams.sort_unstable();
            }
        }
        memory.publish();
        Ok(memory)
    }

    /// Moves what compiled code reads into a vmctx.
    pub fn define_at(&mut self, definition: NonNull<VmMemory>) {
        self.definition = definition;
        self.publish();
        self.own = None;
    }

    fn publish(&mut self) {
        let record = VmMemory {
            base: self.base(),
            bytes: self.bytes,
        };
        // SAFETY: the record is our own or in a vmctx of the same store; its guests wait.
        unsafe { self.definition.write(record) };
    }

    pub fn definition(&self) -> NonNull<VmMemory> {
        self.definition
    }

    #[inline]
    pub fn base(&self) -> *mut u8 {
        self.mapping
            .as_ref()
            .map_or(std::ptr::null_mut(), Mapping::base)
    }

    /// Whether code that relies on guard regions may use it.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    pub fn pages(&self) -> u64 {
        self.bytes as u64 >> self.ty.page.log2()
    }

    /// The type as an import is matched against: the current size is the minimum.
    pub fn current_type(&self) -> MemoryType {
        MemoryType {
            limits: Limits {
                min: self.pages(),
                max: self.ty.limits.max,
            },
            ..self.ty
        }
    }

    /// Whether `address` is one at which a guest's access to this memory faults. Async-signal-safe.
    pub fn is_guarded(&self, address: usize) -> bool {
        let Some(mapping) = &self.mapping else {
            return false;
        };
        let start = mapping.base() as usize;
        self.bounds == Bounds::Guard
            && (start + self.bytes..start + mapping.bytes()).contains(&address)
    }

    /// Grows by `delta` pages; gives the former size, or `None` if a limit or the system forbids it.
    pub fn grow(&mut self, delta: u64) -> Option<u64> {
        let before = self.pages();
        let wanted = before.checked_add(delta)?;
        let wanted = wanted.checked_mul(self.ty.page.bytes())?;
        if wanted > self.bytes_max {
            return None;
        }
        let wanted = wanted as usize;
        if wanted > self.bytes {
            if mapped(wanted) > mapped(self.bytes) {
                self.extend_to(mapped(wanted)).ok()?;
            }
            // Only now that the bytes are there may compiled code learn of them.
            self.bytes = wanted;
            self.publish();
        }
        Some(before)
    }

    /// Makes bytes up to `wanted`, which [`mapped`] gave, accessible.
    fn extend_to(&mut self, wanted: usize) -> io::Result<()> {
        let before = mapped(self.bytes);
        match (&mut self.mapping, self.bounds) {
            (Some(mapping), Bounds::Guard) => {
                let extended = mapping.make_writable(before, wanted - before);
                if extended.is_err() {
                    // What may have become accessible behind the end must not stay so.
                    self.may_be_reused = mapping.forget(before, wanted - before).is_ok();
                }
                extended
            }
            (Some(mapping), Bounds::Explicit) if self.seams.is_empty() => mapping.resize(wanted),
            (Some(mapping), Bounds::Explicit) => {
                if wanted > mapping.bytes() {
                    let larger = reserve_with_room(wanted, mapped(self.bytes_max as usize))?;
                    larger.make_writable(0, before)?;
                    let smaller = std::mem::replace(mapping, larger);
                    smaller.move_into(before, &self.seams, mapping);
                }
                self.seams.push(before);
                mapping.make_writable(before, wanted - before)
            }
            (none, _) => {
                *none = Some(Mapping::zeroed(wanted)?);
                Ok(())
            }
        }
    }

    /// The current size in bytes.
    #[inline]
    pub fn size(&self) -> usize {
        self.bytes
    }

    pub fn bytes(&self) -> &[u8] {
        match &self.mapping {
            // SAFETY: the current size is accessible, and with a shared store nobody writes.
            Some(mapping) => unsafe { std::slice::from_raw_parts(mapping.base(), self.bytes) },
            None => &[],
        }
    }

    pub fn bytes_mut(&mut self) -> &mut [u8] {
        match &self.mapping {
            // SAFETY: the current size is accessible, and the store is borrowed exclusively.
            Some(mapping) => unsafe { std::slice::from_raw_parts_mut(mapping.base(), self.bytes) },
            None => &mut [],
        }
    }
}

impl Drop for LinearMemory {
    fn drop(&mut self) {
        if let (Some(mapping), Bounds::Guard) = (self.mapping.take(), self.bounds)
            && self.may_be_reused
        {
            pool::release(mapping, self.bytes);
        }
    }
}

/// The most that a memory can have, whatever the store's limit is: more than there are addresses.
const BYTES_MAX: u64 = 1 << 48;

/// The size that a memory starts with, and the one that it may grow to, in bytes.
pub(super) fn bytes_max(plan: &MemoryPlan) -> Result<(usize, u64), Error> {
    let ty = plan.ty;
    let pages_max = ty.limits.max.unwrap_or(u64::MAX).min(ty.pages_max());
    let bytes_max = pages_max.saturating_mul(ty.page.bytes());
    let bytes_max = bytes_max.min(plan.bytes_max).min(BYTES_MAX);
    let requested = ty.bytes_min();
    if requested > bytes_max {
        return Err(Error::Limit {
            what: "a memory",
            requested: ty.limits.min,
            unit: "pages",
            limit: bytes_max / ty.page.bytes(),
        });
    }
    Ok((requested as usize, bytes_max))
}

/// Bytes that a memory of `bytes` bytes has accessible. Behind its end, and before the next multiple of 64 KiB,
/// are zeroes that nobody writes: without a guard each access is checked.
pub(super) fn mapped(bytes: usize) -> usize {
    bytes.next_multiple_of(WASM_PAGE_BYTES as usize)
}

/// Addresses for `bytes` and for as much again if they are there, so that a memory that grows a page at a
/// time moves seldom.
fn reserve_with_room(bytes: usize, bytes_max: usize) -> io::Result<Mapping> {
    let roomy = bytes.saturating_mul(2).min(bytes_max);
    Mapping::reserve(roomy).or_else(|_| Mapping::reserve(bytes))
}

pub(super) fn reserve_guarded(bytes: usize) -> Result<Mapping, Error> {
    let mapping = pool::reserve().map_err(|source| Error::Reservation {
        bytes: GUARD_RESERVATION_BYTES,
        address_space_limit: address_space_limit(),
        source,
    })?;
    mapping.make_writable(0, bytes).map_err(map_error)?;
    Ok(mapping)
}

pub(super) fn map_error(source: io::Error) -> Error {
    Error::Map {
        what: "the bytes of a memory",
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::ImageSource;
    use ahead_artifact::data::ImageRun;
    use ahead_artifact::{MemoryIndex, PageSize};
    use std::io::Write;
    use std::sync::Arc;

    fn plan(bounds: Bounds, min: u64) -> MemoryPlan {
        MemoryPlan {
            ty: MemoryType::of(Limits { min, max: None }),
            bounds,
            bytes_max: 1 << 32,
        }
    }

    #[test]
    fn reused_reservations_are_zero() {
        for round in 0..50 {
            let mut memory = LinearMemory::new(plan(Bounds::Guard, 2), None).unwrap();
            assert!(
                memory.bytes().iter().all(|&byte| byte == 0),
                "round {round}"
            );
            memory.grow(1).unwrap();
            memory.bytes_mut().fill(0xa5);
        }
    }

    #[test]
    fn the_guard_is_what_lies_behind_the_current_size() {
        let mut memory = LinearMemory::new(plan(Bounds::Guard, 1), None).unwrap();
        let base = memory.base() as usize;
        assert!(!memory.is_guarded(base + 65_535));
        assert!(memory.is_guarded(base + 65_536));
        memory.grow(1).unwrap();
        assert!(!memory.is_guarded(base + 65_536));
        assert!(memory.is_guarded(base + GUARD_RESERVATION_BYTES as usize - 1));
        assert!(!memory.is_guarded(base + GUARD_RESERVATION_BYTES as usize));
        assert_eq!(memory.base() as usize, base);
    }

    #[test]
    fn a_memory_beyond_the_limit_is_refused() {
        let mut plan = plan(Bounds::Explicit, 4);
        plan.bytes_max = 3 * WASM_PAGE_BYTES;
        let error = LinearMemory::new(plan, None).unwrap_err().to_string();
        assert_eq!(error, "a memory of 4 pages is beyond the limit of 3");
    }

    #[test]
    fn pages_of_a_byte_are_counted_and_not_rounded() {
        let ty = MemoryType {
            page: PageSize::Byte,
            ..MemoryType::of(Limits {
                min: 65_535,
                max: Some(65_540),
            })
        };
        let plan = MemoryPlan {
            ty,
            bounds: ty.bounds(Bounds::Guard),
            bytes_max: 1 << 32,
        };
        let mut memory = LinearMemory::new(plan, None).unwrap();
        memory.bytes_mut().fill(1);
        for pages in 65_535..65_540 {
            assert_eq!(memory.grow(1), Some(pages));
            assert_eq!(memory.bytes().len() as u64, pages + 1);
            assert_eq!(memory.bytes()[pages as usize], 0);
            memory.bytes_mut().fill(1);
        }
        assert_eq!(memory.grow(1), None);
        assert_eq!(memory.pages(), 65_540);
    }

    /// Growing moves a memory that consists of several mappings, in several steps.
    #[test]
    fn an_image_survives_growing_in_both_modes() {
        let mut file = tempfile();
        let contents: Vec<u8> = (0..200_000u32).map(|at| (at % 251) as u8 + 1).collect();
        file.write_all(&contents).unwrap();
        let source = Arc::new(ImageSource::File {
            file,
            offset: 0,
            bytes: contents.len() as u64,
        });
        let run = ImageRun {
            memory: MemoryIndex(0),
            memory_offset: 65_536,
            start: 0,
            bytes: 150_001,
        };
        for bounds in [Bounds::Guard, Bounds::Explicit] {
            let image = Image {
                source: Arc::clone(&source),
                runs: vec![run],
            };
            let mut memory = LinearMemory::new(plan(bounds, 5), Some(&image)).unwrap();
            memory.bytes_mut()[70_000] = 0;
            for _ in 0..3 {
                memory.grow(3).unwrap();
                let bytes = memory.bytes();
                assert_eq!(bytes[70_000], 0);
                assert_eq!(bytes[65_536..70_000], contents[..4464]);
                assert_eq!(bytes[70_001..65_536 + 150_001], contents[4465..150_001]);
                let rest = bytes[..65_536].iter().chain(&bytes[65_536 + 150_001..]);
                assert!(rest.copied().all(|byte| byte == 0), "{bounds}");
            }
        }
    }

    fn tempfile() -> std::fs::File {
        let fd = rustix::fs::memfd_create("image", rustix::fs::MemfdFlags::CLOEXEC).unwrap();
        fd.into()
    }
}
