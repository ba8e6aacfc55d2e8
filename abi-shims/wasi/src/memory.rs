//! How the functions of this crate read arguments from guest memory and leave results there.
//!
//! An address that is out of bounds is `fault`, never a trap. What is read is read once, into the host, and
//! checked there: a guest may lay its records, its buffers and its results over each other as it likes.
//! Addresses need no alignment.

use crate::context::{Strings, WasiCtx};
use crate::types::{Errno, Version};
use ahead_runtime::{GuestMemory, OutOfBounds};
use std::io::{IoSlice, IoSliceMut};

/// One call of the guest: its memory, its state, and the ABI it was built for.
pub(crate) struct Call<'a> {
    pub(crate) memory: GuestMemory<'a>,
    pub(crate) ctx: &'a mut WasiCtx,
    pub(crate) version: Version,
}

/// The longest path that a guest may pass: the kernel's limit without the NUL.
const PATH_BYTES_MAX: u32 = 4095;

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

/// Reads a list of `iovec` or `ciovec`: `count` records of `address: u32, bytes: u32` at `list`. Empty
/// buffers are left out.
///
/// `fault` if the list or one of the buffers that will be used is out of bounds.
pub(crate) fn iovecs(memory: &GuestMemory<'_>, list: u32, count: u32) -> Result<Vec<Iovec>, Errno> {
    let list_bytes = count.checked_mul(8).ok_or(Errno::Fault)?;
    let list = memory.slice(list, list_bytes)?;
    let mut iovecs = Vec::with_capacity(count.min(IOVECS_MAX) as usize);
    for record in list.chunks_exact(8).take(IOVECS_MAX as usize) {
        let word = |at: usize| {
            u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]])
        };
        let iovec = Iovec {
            address: word(0),
            bytes: word(4),
        };
        memory.check(iovec.address, iovec.bytes)?;
        if iovec.bytes > 0 {
            iovecs.push(iovec);
        }
    }
    if memory.is_shared() {
        shorten(&mut iovecs, SHARED_BYTES_MAX);
    }
    Ok(iovecs)
}

/// Cuts the list off behind its first `bytes_max` bytes.
pub(crate) fn shorten(iovecs: &mut Vec<Iovec>, bytes_max: u64) {
    let mut left = bytes_max;
    for iovec in iovecs.iter_mut() {
        iovec.bytes = iovec.bytes.min(u32::try_from(left).unwrap_or(u32::MAX));
        left -= u64::from(iovec.bytes);
    }
    iovecs.retain(|iovec| iovec.bytes > 0);
}

/// What is read into or written from a shared memory goes through a copy: so much at a time.
const SHARED_BYTES_MAX: u64 = 512 << 10;

/// The buffers to write from. They may overlap.
pub(crate) fn gather<'m>(
    memory: &'m GuestMemory<'_>,
    iovecs: &[Iovec],
) -> Result<Vec<IoSlice<'m>>, Errno> {
    iovecs
        .iter()
        .map(|iovec| Ok(IoSlice::new(memory.slice(iovec.address, iovec.bytes)?)))
        .collect()
}

/// The buffers to read into, in the guest's order. If they overlap, the first alone: a short read is always
/// allowed, two readers of one byte are not.
pub(crate) fn scatter<'m>(
    memory: &'m mut GuestMemory<'_>,
    iovecs: &[Iovec],
) -> Result<Vec<IoSliceMut<'m>>, Errno> {
    let ranges: Vec<_> = iovecs
        .iter()
        .map(|iovec| (iovec.address, iovec.bytes))
        .collect();
    let mut starts: Vec<_> = ranges.clone();
    starts.sort_unstable();
    let end = |(address, bytes): (u32, u32)| u64::from(address) + u64::from(bytes);
    let overlap = starts
        .windows(2)
        .any(|pair| end(pair[0]) > u64::from(pair[1].0));
    let ranges = if overlap { &ranges[..1] } else { &ranges[..] };
    let slices = memory.slices_mut(ranges)?.unwrap_or_default();
    Ok(slices.into_iter().map(IoSliceMut::new).collect())
}

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
