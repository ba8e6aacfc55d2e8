//! Guest memory as host functions see it: addresses of the guest, checked on every access.
//!
//! This is the one way from a host function to a guest's bytes. A view lasts as long as the borrow of the
//! [`Caller`](super::Caller) it came from, and no guest runs in that time, so the memory neither moves nor
//! changes behind it, unless it is shared with guests of other threads: see [`GuestMemory`].

use crate::memory::racing;
use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;
use std::ptr::NonNull;

/// A guest gave an address range that is not in its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfBounds {
    pub address: u64,
    pub bytes: u64,
    /// Size of the memory.
    pub memory_bytes: u64,
}

impl fmt::Display for OutOfBounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} bytes at address {:#x} are not inside a memory of {} bytes",
            self.bytes, self.address, self.memory_bytes
        )
    }
}

impl std::error::Error for OutOfBounds {}

/// An address or a length as guests have it: of 32 bits or of 64.
pub trait GuestSize: Copy + Into<u64> + sealed::Size {}

impl GuestSize for u32 {}
impl GuestSize for u64 {}

mod sealed {
    pub trait Size {}
    impl Size for u32 {}
    impl Size for u64 {}
}

/// A view of a guest's memory.
///
/// Of a shared memory, which other threads may write to at any time, no reference is ever made: where a reference is
/// asked for, it is to a copy, and what is written to such a copy reaches the memory with the next use of the view, or
/// when the view is dropped.
#[derive(Debug)]
pub struct GuestMemory<'a> {
    base: *mut u8,
    bytes: usize,
    /// Of a shared memory.
    copies: Option<Box<Copies>>,
    borrow: PhantomData<&'a mut [u8]>,
}

/// Copies of parts of a shared memory that references were given to. Each is an allocation of its own, which stays
/// where it is until nobody can have a reference to it any more.
#[derive(Debug, Default)]
struct Copies {
    read: RefCell<Vec<NonNull<[u8]>>>,
    /// Where they are to be written to.
    written: RefCell<Vec<(usize, NonNull<[u8]>)>>,
}

impl Copies {
    fn take(from: *mut u8, bytes: usize) -> NonNull<[u8]> {
        let mut copy = vec![0; bytes].into_boxed_slice();
        // SAFETY: the range was checked to be in the memory.
        unsafe { racing::read(from, &mut copy) };
        NonNull::from(Box::leak(copy))
    }

    /// Writes back what was written. Nobody may have a reference to these copies.
    fn settle(&self, base: *mut u8) {
        for (offset, copy) in self.written.take() {
            // SAFETY: made by a box, and taken out of the list it was in.
            let copy = unsafe { Box::from_raw(copy.as_ptr()) };
            // SAFETY: the range was checked to be in the memory, which never shrinks.
            unsafe { racing::write(base.wrapping_add(offset), &copy) };
        }
    }

    /// A copy of a part that others may write to.
    #[cold]
    fn part(&self, from: *mut u8, bytes: usize) -> &[u8] {
        let copy = Copies::take(from, bytes);
        self.read.borrow_mut().push(copy);
        // SAFETY: a live allocation that nobody writes to, and that is freed only when the view is exclusively
        // borrowed or dropped.
        unsafe { copy.as_ref() }
    }

    /// A copy of a part to write to.
    ///
    /// # Safety
    /// `'s` must not outlive an exclusive borrow of the view.
    #[cold]
    unsafe fn fresh<'s>(&self, at: *mut u8, range: Range<usize>) -> &'s mut [u8] {
        let mut copy = Copies::take(at, range.len());
        self.written.borrow_mut().push((range.start, copy));
        // SAFETY: a new allocation, written back and freed only when the exclusive borrow of the view has ended.
        unsafe { copy.as_mut() }
    }

    /// Both: the view goes.
    #[cold]
    fn end(&self, base: *mut u8) {
        self.settle(base);
        self.forget();
    }

    /// Frees what was read. Nobody may have a reference to these copies.
    fn forget(&self) {
        for copy in self.read.take() {
            // SAFETY: made by a box, and taken out of the list it was in.
            drop(unsafe { Box::from_raw(copy.as_ptr()) });
        }
    }
}

impl Drop for GuestMemory<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(copies) = &self.copies {
            copies.end(self.base);
        }
    }
}

macro_rules! primitives {
    ($($read:ident $write:ident $ty:ty;)*) => {$(
        #[doc = concat!("Reads a little-endian `", stringify!($ty), "`, aligned or not.")]
        #[inline]
        pub fn $read(&self, address: impl GuestSize) -> Result<$ty, OutOfBounds> {
            let mut bytes = [0; size_of::<$ty>()];
            self.read(address, &mut bytes)?;
            Ok(<$ty>::from_le_bytes(bytes))
        }

        #[doc = concat!("Writes a little-endian `", stringify!($ty), "`, aligned or not.")]
        #[inline]
        pub fn $write(&mut self, address: impl GuestSize, value: $ty) -> Result<(), OutOfBounds> {
            self.write(address, &value.to_le_bytes())
        }
    )*};
}

impl<'a> GuestMemory<'a> {
    /// A memory of no bytes.
    pub fn empty() -> Self {
        GuestMemory {
            base: std::ptr::null_mut(),
            bytes: 0,
            copies: None,
            borrow: PhantomData,
        }
    }

    /// # Safety
    /// `bytes` bytes at `base` must be readable and writable and untouched by others during `'a`.
    #[inline]
    pub(crate) unsafe fn new(base: *mut u8, bytes: usize) -> Self {
        GuestMemory {
            base,
            bytes,
            copies: None,
            borrow: PhantomData,
        }
    }

    /// # Safety
    /// `bytes` bytes at `base` must be readable and writable during `'a`, and others must access them as
    /// [`racing`] does or not be Rust.
    pub(crate) unsafe fn shared(base: *mut u8, bytes: usize) -> Self {
        GuestMemory {
            base,
            bytes,
            copies: Some(Box::default()),
            borrow: PhantomData,
        }
    }

    /// Whether other threads may write to it meanwhile.
    #[inline]
    pub fn is_shared(&self) -> bool {
        self.copies.is_some()
    }

    /// Size in bytes.
    pub fn len(&self) -> u64 {
        self.bytes as u64
    }

    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// The offsets of a range that lies inside the memory.
    #[inline]
    fn range(&self, address: u64, bytes: u64) -> Result<Range<usize>, OutOfBounds> {
        match address.checked_add(bytes) {
            Some(end) if end <= self.bytes as u64 => Ok(address as usize..end as usize),
            _ => Err(OutOfBounds {
                address,
                bytes,
                memory_bytes: self.bytes as u64,
            }),
        }
    }

    /// Whether a range lies inside the memory.
    pub fn check<A: GuestSize>(&self, address: A, bytes: A) -> Result<(), OutOfBounds> {
        self.range(address.into(), bytes.into()).map(|_| ())
    }

    /// The copies, if it is shared, with everything written that was written to one.
    #[inline]
    fn settled(&self) -> Option<&Copies> {
        let copies = self.copies.as_deref()?;
        // The references to them were exclusive borrows of the view, which have ended.
        copies.settle(self.base);
        Some(copies)
    }

    /// The whole memory.
    pub fn as_slice(&self) -> &[u8] {
        self.part(0..self.bytes)
    }

    #[inline]
    fn part(&self, range: Range<usize>) -> &[u8] {
        if range.is_empty() {
            return &[];
        }
        let from = self.base.wrapping_add(range.start);
        match self.settled() {
            // SAFETY: the view's promise; `self` is borrowed, so nobody writes.
            None => unsafe { std::slice::from_raw_parts(from, range.len()) },
            Some(copies) => copies.part(from, range.len()),
        }
    }

    #[inline]
    fn part_mut(&mut self, range: Range<usize>) -> &mut [u8] {
        if let Some(copies) = self.settled() {
            // The view is borrowed exclusively, so references from before are gone.
            copies.forget();
        }
        // SAFETY: the lifetime is that of the exclusive borrow of `self`.
        unsafe { self.fresh_part(range) }
    }

    /// As [`Self::part_mut`], while what was given out before may still be used.
    ///
    /// # Safety
    /// `'s` must not outlive the exclusive borrow of the view that the caller has, nor may another reference to a
    /// byte of the range.
    #[inline]
    unsafe fn fresh_part<'s>(&mut self, range: Range<usize>) -> &'s mut [u8] {
        if range.is_empty() {
            return &mut [];
        }
        let at = self.base.wrapping_add(range.start);
        match &self.copies {
            // SAFETY: the view's promise; callers bind the lifetime to an exclusive borrow of `self`, and no
            // other reference to the range is alive.
            None => unsafe { std::slice::from_raw_parts_mut(at, range.len()) },
            // SAFETY: callers bind the lifetime to an exclusive borrow of `self`.
            Some(copies) => unsafe { copies.fresh(at, range) },
        }
    }

    /// A range of bytes in place.
    #[inline]
    pub fn slice<A: GuestSize>(&self, address: A, bytes: A) -> Result<&[u8], OutOfBounds> {
        let range = self.range(address.into(), bytes.into())?;
        Ok(self.part(range))
    }

    /// A range of bytes in place.
    #[inline]
    pub fn slice_mut<A: GuestSize>(
        &mut self,
        address: A,
        bytes: A,
    ) -> Result<&mut [u8], OutOfBounds> {
        let range = self.range(address.into(), bytes.into())?;
        Ok(self.part_mut(range))
    }

    /// Several ranges of bytes in place, in the order given: addresses and lengths. `None` if two of them
    /// overlap.
    pub fn slices_mut<A: GuestSize>(
        &mut self,
        ranges: &[(A, A)],
    ) -> Result<Option<Vec<&mut [u8]>>, OutOfBounds> {
        let ranges = ranges
            .iter()
            .map(|&(address, bytes)| self.range(address.into(), bytes.into()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut order: Vec<&Range<usize>> = ranges.iter().filter(|r| !r.is_empty()).collect();
        order.sort_unstable_by_key(|range| range.start);
        if order.windows(2).any(|pair| pair[0].end > pair[1].start) {
            return Ok(None);
        }
        self.part_mut(0..0);
        let parts = ranges
            .into_iter()
            // SAFETY: the lifetime is that of the exclusive borrow of `self`, and no two ranges overlap.
            .map(|range| unsafe { self.fresh_part(range) });
        Ok(Some(parts.collect()))
    }

    /// Fills `into` from the memory.
    #[inline]
    pub fn read(&self, address: impl GuestSize, into: &mut [u8]) -> Result<(), OutOfBounds> {
        let range = self.range(address.into(), into.len() as u64)?;
        match self.settled() {
            None => into.copy_from_slice(self.part(range)),
            // SAFETY: the range is in the memory.
            Some(_) => unsafe { racing::read(self.base.wrapping_add(range.start), into) },
        }
        Ok(())
    }

    /// Writes all of `from` or nothing.
    #[inline]
    pub fn write(&mut self, address: impl GuestSize, from: &[u8]) -> Result<(), OutOfBounds> {
        let range = self.range(address.into(), from.len() as u64)?;
        match self.settled() {
            None => self.part_mut(range).copy_from_slice(from),
            // SAFETY: the range is in the memory.
            Some(_) => unsafe { racing::write(self.base.wrapping_add(range.start), from) },
        }
        Ok(())
    }

    /// Sets a range to `value`, or nothing.
    pub fn fill<A: GuestSize>(
        &mut self,
        address: A,
        value: u8,
        bytes: A,
    ) -> Result<(), OutOfBounds> {
        let range = self.range(address.into(), bytes.into())?;
        match self.settled() {
            None => self.part_mut(range).fill(value),
            Some(_) => {
                let at = self.base.wrapping_add(range.start);
                // SAFETY: the range is in the memory.
                unsafe { racing::fill(at, value, range.len()) };
            }
        }
        Ok(())
    }

    /// Copies within the memory; the ranges may overlap.
    pub fn copy<A: GuestSize>(&mut self, to: A, from: A, bytes: A) -> Result<(), OutOfBounds> {
        let to = self.range(to.into(), bytes.into())?;
        let from = self.range(from.into(), bytes.into())?;
        match self.settled() {
            None => self.part_mut(0..self.bytes).copy_within(from, to.start),
            Some(_) => {
                let at = |offset| self.base.wrapping_add(offset);
                // SAFETY: both ranges are in the memory.
                unsafe { racing::copy(at(to.start), at(from.start), from.len()) };
            }
        }
        Ok(())
    }

    primitives! {
        read_u8 write_u8 u8;
        read_u16 write_u16 u16;
        read_u32 write_u32 u32;
        read_u64 write_u64 u64;
        read_i32 write_i32 i32;
        read_i64 write_i64 i64;
        read_f32 write_f32 f32;
        read_f64 write_f64 f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With a memory of one thread, and with a shared one.
    fn with_memory(act: impl Fn(&mut GuestMemory<'_>)) {
        for view in [GuestMemory::new, GuestMemory::shared] {
            let mut bytes = vec![0u64; 8];
            // SAFETY: the vector outlives the view and is not touched meanwhile.
            act(&mut unsafe { view(bytes.as_mut_ptr().cast(), 64) });
        }
    }

    #[test]
    fn what_is_written_in_place_is_there_afterwards() {
        with_memory(|memory| {
            memory.slice_mut(3u32, 4).unwrap().fill(7);
            assert_eq!(memory.read_u32(3u32), Ok(0x0707_0707));
            let before = memory.slice(0u32, 10).unwrap();
            let again = memory.slice(0u32, 10).unwrap();
            assert_eq!(before, again);
            memory.slice_mut(60u32, 4).unwrap()[3] = 1;
            memory.slice_mut(61u32, 1).unwrap()[0] = 2;
            assert_eq!(memory.slice(60u32, 4).unwrap(), [0, 2, 0, 1]);
            memory.copy(0u32, 60, 4).unwrap();
            memory.fill(1u32, 9, 1).unwrap();
            assert_eq!(memory.as_slice()[..5], [0, 9, 0, 1, 7]);
        });
        let mut bytes = [0u64; 2];
        // SAFETY: as above.
        let mut view = unsafe { GuestMemory::shared(bytes.as_mut_ptr().cast(), 16) };
        view.slice_mut(8u32, 1).unwrap()[0] = 5;
        drop(view);
        assert_eq!(bytes, [0, 5]);
    }

    #[test]
    fn several_ranges_are_had_at_once_unless_they_overlap() {
        with_memory(|memory| {
            let parts = memory.slices_mut(&[(8u32, 4), (0, 4), (4, 0), (4, 4)]);
            for (part, value) in parts.unwrap().unwrap().into_iter().zip(1..) {
                part.fill(value);
            }
            assert_eq!(
                memory.as_slice()[..12],
                [2, 2, 2, 2, 4, 4, 4, 4, 1, 1, 1, 1]
            );
            assert!(memory.slices_mut(&[(0u32, 4), (3, 1)]).unwrap().is_none());
            assert!(memory.slices_mut(&[(0u32, 4), (63, 2)]).is_err());
        });
    }

    #[test]
    fn the_last_byte_is_inside_and_the_next_is_not() {
        with_memory(|memory| {
            memory.write_u32(60u32, 0xdead_beef).unwrap();
            assert_eq!(memory.read_u32(60u32), Ok(0xdead_beef));
            assert_eq!(memory.read_u8(63u32), Ok(0xde));
            for address in [61, 64, u32::MAX] {
                let error = memory.read_u32(address).unwrap_err();
                assert_eq!((error.address, error.bytes), (u64::from(address), 4));
            }
            assert!(memory.slice(64u32, 0).is_ok());
            assert!(memory.slice(65u32, 0).is_err());
            assert!(memory.slice(1u32, u32::MAX).is_err());
        });
    }

    #[test]
    fn addresses_of_64_bits_do_not_wrap() {
        with_memory(|memory| {
            memory.write_u32(60u64, 7).unwrap();
            assert_eq!(memory.read_u32(60u64), Ok(7));
            assert!(memory.slice(u64::MAX, 1).is_err());
            assert!(memory.slice(u64::MAX - 3, 68).is_err());
            assert!(memory.slice(1u64 << 32, 0).is_err());
            assert!(memory.copy(0, u64::MAX, 1).is_err());
        });
    }

    #[test]
    fn a_failed_write_changes_nothing() {
        with_memory(|memory| {
            assert!(memory.write(62u32, &[1, 2, 3]).is_err());
            assert!(memory.fill(62u32, 9, 3).is_err());
            assert!(memory.as_slice().iter().all(|&byte| byte == 0));
        });
    }

    #[test]
    fn copies_may_overlap() {
        with_memory(|memory| {
            memory.write(0u32, &[1, 2, 3, 4]).unwrap();
            memory.copy(1u32, 0, 4).unwrap();
            assert_eq!(memory.slice(0u32, 5).unwrap(), [1, 1, 2, 3, 4]);
            assert!(memory.copy(61u32, 0, 4).is_err());
        });
    }

    #[test]
    fn an_empty_memory_has_no_bytes() {
        let memory = GuestMemory::empty();
        assert!(memory.read_u8(0u32).is_err());
        assert!(memory.slice(0u32, 0).is_ok());
    }
}
