//! How the functions of this crate read arguments from guest memory and leave results there.
//!
//! An address that is out of bounds is `fault`, never a trap. What is read is read once, into the host, and
//! checked there: a guest may lay its records, its buffers and its results over each other as it likes.
//! Addresses need no alignment.

use crate::context::{Process, Strings};
use crate::types::{Errno, Version};
use ahead_runtime::{GuestMemory, OutOfBounds};
use std::io::{IoSlice, IoSliceMut};

/// One call of the guest: its memory, its state, and the ABI it was built for.
pub(crate) struct Call<'a> {
    pub(crate) memory: GuestMemory<'a>,
    pub(crate) ctx: &'a Process,
    pub(crate) version: Version,
}

/// The longest path that a guest may pass: the kernel's limit without the NUL.
pub(crate) const PATH_BYTES_MAX: u32 = 4095;

/// How many buffers of one list are used: the kernel's own limit. With more, the call is a short one.
const IOVECS_MAX: u32 = 1024;

impl From<OutOfBounds> for Errno {
    fn from(_: OutOfBounds) -> Self {
        Errno::Fault
    }
}

impl Call<'_> {
    /// `fault` unless the guest has `bytes` bytes at `address`. For results, before anything is done that
    /// could not be undone.
    pub(crate) fn check(&self, address: u32, bytes: u32) -> Result<(), Errno> {
        Ok(self.memory.check(address, bytes)?)
    }

    pub(crate) fn write(&mut self, address: u32, bytes: &[u8]) -> Result<(), Errno> {
        Ok(self.memory.write(address, bytes)?)
    }

    pub(crate) fn write_u32(&mut self, address: u32, value: u32) -> Result<(), Errno> {
        Ok(self.memory.write_u32(address, value)?)
    }

    pub(crate) fn write_u64(&mut self, address: u32, value: u64) -> Result<(), Errno> {
        Ok(self.memory.write_u64(address, value)?)
    }

    /// A path that the guest passes: `nametoolong` beyond the kernel's limit, `inval` with a NUL in it.
    pub(crate) fn path(&self, address: u32, bytes: u32) -> Result<Vec<u8>, Errno> {
        self.memory.check(address, bytes)?;
        if bytes > PATH_BYTES_MAX {
            return Err(Errno::Nametoolong);
        }
        let path = self.memory.slice(address, bytes)?;
        if path.contains(&0) {
            return Err(Errno::Inval);
        }
        Ok(path.to_vec())
    }
}

/// A buffer of the guest, in bounds when it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Iovec {
    address: u32,
    bytes: u32,
}

/// The buffers of a call, in the guest's order, none of them empty. One is what nearly every guest passes, and takes no
/// allocation.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Iovecs {
    One(Iovec),
    /// Or none.
    Several(Vec<Iovec>),
}

impl Iovecs {
    /// Reads a list of `iovec` or `ciovec`: `count` records of `address: u32, bytes: u32` at `list`. Empty
    /// buffers are left out.
    ///
    /// `fault` if the list or one of the buffers that will be used is out of bounds.
    pub(crate) fn read(memory: &GuestMemory<'_>, list: u32, count: u32) -> Result<Self, Errno> {
        memory.check(list, count.checked_mul(8).ok_or(Errno::Fault)?)?;
        let mut iovecs = match count {
            1 => Self::One(Iovec::read(memory, list)?),
            _ => Self::Several(
                (0..count.min(IOVECS_MAX))
                    .map(|index| Iovec::read(memory, list + index * 8))
                    .collect::<Result<_, _>>()?,
            ),
        };
        let bytes_max = if memory.is_shared() {
            SHARED_BYTES_MAX
        } else {
            u64::MAX
        };
        iovecs.shorten(bytes_max);
        Ok(iovecs)
    }

    /// Cuts the list off behind its first `bytes_max` bytes, and leaves out what is empty.
    pub(crate) fn shorten(&mut self, bytes_max: u64) {
        match self {
            Self::One(iovec) => {
                iovec.bytes = at_most(iovec.bytes, bytes_max);
                if iovec.bytes == 0 {
                    *self = Self::Several(Vec::new());
                }
            }
            Self::Several(iovecs) => {
                let mut left = bytes_max;
                for iovec in &mut *iovecs {
                    iovec.bytes = at_most(iovec.bytes, left);
                    left -= u64::from(iovec.bytes);
                }
                iovecs.retain(|iovec| iovec.bytes > 0);
            }
        }
    }

    /// Has `act` write from the buffers. They may overlap.
    pub(crate) fn gather<R>(
        &self,
        memory: &GuestMemory<'_>,
        act: impl FnOnce(&[IoSlice<'_>]) -> Result<R, Errno>,
    ) -> Result<R, Errno> {
        let slice = |iovec: &Iovec| -> Result<_, Errno> {
            Ok(IoSlice::new(memory.slice(iovec.address, iovec.bytes)?))
        };
        match self {
            Self::One(iovec) => act(&[slice(iovec)?]),
            Self::Several(iovecs) => {
                let slices: Vec<_> = iovecs.iter().map(slice).collect::<Result<_, _>>()?;
                act(&slices)
            }
        }
    }

    /// How many bytes the buffers have together.
    pub(crate) fn bytes(&self) -> u64 {
        let bytes = |iovec: &Iovec| u64::from(iovec.bytes);
        self.as_slice().iter().map(bytes).sum()
    }

    fn as_slice(&self) -> &[Iovec] {
        match self {
            Self::One(iovec) => std::slice::from_ref(iovec),
            Self::Several(iovecs) => iovecs,
        }
    }

    /// Has `act` read into the buffers, and gives the number of bytes that it says it read. If they overlap, into the
    /// first alone: a short read is always allowed, two readers of one byte are not.
    ///
    /// Of a shared memory it gets a buffer of the host's, because it may wait, and what other threads write to the
    /// rest of theirs meanwhile is not ours to write over.
    pub(crate) fn scatter(
        &self,
        memory: &mut GuestMemory<'_>,
        act: impl FnOnce(&mut [IoSliceMut<'_>]) -> Result<usize, Errno>,
    ) -> Result<usize, Errno> {
        if memory.is_shared() {
            let mut buffer = vec![0; self.bytes() as usize];
            let bytes = act(&mut [IoSliceMut::new(&mut buffer)])?;
            let mut rest = &buffer[..bytes];
            for iovec in self.as_slice() {
                let (part, behind) = rest.split_at(rest.len().min(iovec.bytes as usize));
                memory.write(iovec.address, part)?;
                rest = behind;
            }
            return Ok(bytes);
        }
        let first = match self {
            Self::One(iovec) => *iovec,
            Self::Several(iovecs) => {
                let ranges: Vec<_> = iovecs
                    .iter()
                    .map(|iovec| (iovec.address, iovec.bytes))
                    .collect();
                if let Some(slices) = memory.slices_mut(&ranges)? {
                    let mut slices: Vec<_> = slices.into_iter().map(IoSliceMut::new).collect();
                    return act(&mut slices);
                }
                iovecs[0]
            }
        };
        act(&mut [IoSliceMut::new(
            memory.slice_mut(first.address, first.bytes)?,
        )])
    }
}

impl Iovec {
    /// `fault` if the record or the buffer is out of bounds.
    fn read(memory: &GuestMemory<'_>, at: u32) -> Result<Self, Errno> {
        let record = memory.read_u64(at)?;
        let iovec = Iovec {
            address: record as u32,
            bytes: (record >> 32) as u32,
        };
        memory.check(iovec.address, iovec.bytes)?;
        Ok(iovec)
    }
}

fn at_most(bytes: u32, bytes_max: u64) -> u32 {
    bytes.min(u32::try_from(bytes_max).unwrap_or(u32::MAX))
}

/// What is read into or written from a shared memory goes through a copy: so much at a time.
const SHARED_BYTES_MAX: u64 = 512 << 10;

/// Writes the strings to `buffer` and their addresses, 4 bytes each, to `pointers`.
pub(crate) fn write_strings(
    memory: &mut GuestMemory<'_>,
    strings: &Strings,
    pointers: u32,
    buffer: u32,
) -> Result<(), Errno> {
    memory.check(buffer, strings.bytes.len() as u32)?;
    let table: Vec<u8> = strings
        .starts
        .iter()
        // In bounds, as the whole buffer is.
        .flat_map(|start| buffer.wrapping_add(*start).to_le_bytes())
        .collect();
    memory.write(pointers, &table)?;
    memory.write(buffer, &strings.bytes)?;
    Ok(())
}

/// Writes how many strings there are to `count` and how many bytes they take to `bytes`.
pub(crate) fn write_sizes(
    memory: &mut GuestMemory<'_>,
    strings: &Strings,
    count: u32,
    bytes: u32,
) -> Result<(), Errno> {
    memory.check(count, 4)?;
    memory.check(bytes, 4)?;
    memory.write_u32(count, strings.starts.len() as u32)?;
    memory.write_u32(bytes, strings.bytes.len() as u32)?;
    Ok(())
}
