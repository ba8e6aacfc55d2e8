//! Guest memory as host functions see it: addresses of the guest, checked on every access.
//!
//! This is the one way from a host function to a guest's bytes. A view lasts as long as the borrow of the
//! [`Caller`](super::Caller) it came from, and no guest runs in that time, so the memory neither moves nor
//! changes behind it.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Range;

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
#[derive(Debug)]
pub struct GuestMemory<'a> {
    base: *mut u8,
    bytes: usize,
    borrow: PhantomData<&'a mut [u8]>,
}

macro_rules! primitives {
    ($($read:ident $write:ident $ty:ty;)*) => {$(
        #[doc = concat!("Reads a little-endian `", stringify!($ty), "`, aligned or not.")]
        pub fn $read(&self, address: impl GuestSize) -> Result<$ty, OutOfBounds> {
            let mut bytes = [0; size_of::<$ty>()];
            self.read(address, &mut bytes)?;
            Ok(<$ty>::from_le_bytes(bytes))
        }

        #[doc = concat!("Writes a little-endian `", stringify!($ty), "`, aligned or not.")]
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
            borrow: PhantomData,
        }
    }

    /// # Safety
    /// `bytes` bytes at `base` must be readable and writable and untouched by others during `'a`.
    pub(crate) unsafe fn new(base: *mut u8, bytes: usize) -> Self {
        GuestMemory {
            base,
            bytes,
            borrow: PhantomData,
        }
    }

    /// Size in bytes.
    pub fn len(&self) -> u64 {
        self.bytes as u64
    }

    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// The offset of a range that lies inside the memory.
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

    /// The whole memory.
    pub fn as_slice(&self) -> &[u8] {
        if self.bytes == 0 {
            return &[];
        }
        // SAFETY: the view's promise; `self` is borrowed, so nobody writes.
        unsafe { std::slice::from_raw_parts(self.base, self.bytes) }
    }

    /// The whole memory.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        if self.bytes == 0 {
            return &mut [];
        }
        // SAFETY: the view's promise; `self` is borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(self.base, self.bytes) }
    }

    /// A range of bytes in place.
    pub fn slice<A: GuestSize>(&self, address: A, bytes: A) -> Result<&[u8], OutOfBounds> {
        let range = self.range(address.into(), bytes.into())?;
        Ok(&self.as_slice()[range])
    }

    /// A range of bytes in place.
    pub fn slice_mut<A: GuestSize>(
        &mut self,
        address: A,
        bytes: A,
    ) -> Result<&mut [u8], OutOfBounds> {
        let range = self.range(address.into(), bytes.into())?;
        Ok(&mut self.as_mut_slice()[range])
    }

    /// Fills `into` from the memory.
    pub fn read(&self, address: impl GuestSize, into: &mut [u8]) -> Result<(), OutOfBounds> {
        let range = self.range(address.into(), into.len() as u64)?;
        into.copy_from_slice(&self.as_slice()[range]);
        Ok(())
    }

    /// Writes all of `from` or nothing.
    pub fn write(&mut self, address: impl GuestSize, from: &[u8]) -> Result<(), OutOfBounds> {
        let range = self.range(address.into(), from.len() as u64)?;
        self.as_mut_slice()[range].copy_from_slice(from);
        Ok(())
    }

    /// Sets a range to `value`, or nothing.
    pub fn fill<A: GuestSize>(
        &mut self,
        address: A,
        value: u8,
        bytes: A,
    ) -> Result<(), OutOfBounds> {
        self.slice_mut(address, bytes)?.fill(value);
        Ok(())
    }

    /// Copies within the memory; the ranges may overlap.
    pub fn copy<A: GuestSize>(&mut self, to: A, from: A, bytes: A) -> Result<(), OutOfBounds> {
        let to = self.range(to.into(), bytes.into())?;
        let from = self.range(from.into(), bytes.into())?;
        self.as_mut_slice().copy_within(from, to.start);
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

    fn with_memory(act: impl FnOnce(&mut GuestMemory<'_>)) {
        let mut bytes = vec![0u8; 64];
        // SAFETY: the vector outlives the view and is not touched meanwhile.
        let mut view = unsafe { GuestMemory::new(bytes.as_mut_ptr(), bytes.len()) };
        act(&mut view);
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
