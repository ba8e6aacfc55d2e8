//! Ranges of address space that this process owns.

use rustix::mm::{MapFlags, MprotectFlags, MremapFlags, ProtFlags};
use std::ffi::c_void;
use std::io;
use std::mem::ManuallyDrop;
use std::os::fd::BorrowedFd;
use std::ptr::{self, NonNull};

/// A range of address space, unmapped when dropped.
#[derive(Debug)]
pub(crate) struct Mapping {
    base: NonNull<u8>,
    bytes: usize,
}

// SAFETY: a range of addresses belongs to the process, not to a thread.
unsafe impl Send for Mapping {}
// SAFETY: shared access changes nothing but protections of ranges that the caller answers for.
unsafe impl Sync for Mapping {}

/// What may be done with a mapped range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    Read,
    ReadWrite,
    ReadExecute,
}

impl Access {
    fn flags(self) -> ProtFlags {
        match self {
            Access::Read => ProtFlags::READ,
            Access::ReadWrite => ProtFlags::READ | ProtFlags::WRITE,
            Access::ReadExecute => ProtFlags::READ | ProtFlags::EXEC,
        }
    }
}

impl Mapping {
    /// Inaccessible addresses, which cost no memory.
    pub fn reserve(bytes: usize) -> io::Result<Self> {
        Self::anonymous(
            bytes,
            ProtFlags::empty(),
            MapFlags::PRIVATE | MapFlags::NORESERVE,
        )
    }

    /// Zeroes, readable and writable.
    pub fn zeroed(bytes: usize) -> io::Result<Self> {
        Self::anonymous(bytes, ProtFlags::READ | ProtFlags::WRITE, MapFlags::PRIVATE)
    }

    fn anonymous(bytes: usize, access: ProtFlags, flags: MapFlags) -> io::Result<Self> {
        // SAFETY: a new range at an address of the kernel's choice.
        let base = unsafe { rustix::mm::mmap_anonymous(ptr::null_mut(), bytes, access, flags) }?;
        Self::of(base, bytes)
    }

    fn of(base: *mut c_void, bytes: usize) -> io::Result<Self> {
        let base = NonNull::new(base.cast())
            .ok_or_else(|| io::Error::other("the kernel mapped address 0"))?;
        Ok(Mapping { base, bytes })
    }

    pub fn base(&self) -> *mut u8 {
        self.base.as_ptr()
    }

    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn at(&self, offset: usize, bytes: usize) -> io::Result<*mut c_void> {
        match offset.checked_add(bytes) {
            Some(end) if end <= self.bytes => Ok(self.base().wrapping_add(offset).cast()),
            _ => Err(io::Error::other("a range beyond its mapping")),
        }
    }

    /// Makes a part readable and writable; it holds zeroes if nothing was mapped there.
    pub fn make_writable(&self, offset: usize, bytes: usize) -> io::Result<()> {
        if bytes == 0 {
            return Ok(());
        }
        let address = self.at(offset, bytes)?;
        // SAFETY: the range is inside the mapping.
        unsafe {
            rustix::mm::mprotect(address, bytes, MprotectFlags::READ | MprotectFlags::WRITE)
        }?;
        Ok(())
    }

    /// Throws a part away: inaccessible, and zero once it is made accessible again.
    pub fn forget(&self, offset: usize, bytes: usize) -> io::Result<()> {
        if bytes == 0 {
            return Ok(());
        }
        let address = self.at(offset, bytes)?;
        let flags = MapFlags::PRIVATE | MapFlags::NORESERVE | MapFlags::FIXED;
        // SAFETY: replaces a range inside the mapping, which nobody refers to any more.
        unsafe { rustix::mm::mmap_anonymous(address, bytes, ProtFlags::empty(), flags) }?;
        Ok(())
    }

    /// Maps a range of a file over a part, privately: writes stay in this process.
    pub fn map_file(
        &self,
        offset: usize,
        bytes: usize,
        access: Access,
        file: BorrowedFd<'_>,
        file_offset: u64,
    ) -> io::Result<()> {
        let address = self.at(offset, bytes)?;
        let flags = MapFlags::PRIVATE | MapFlags::FIXED;
        // SAFETY: replaces a range inside the mapping.
        unsafe { rustix::mm::mmap(address, bytes, access.flags(), flags, file, file_offset) }?;
        Ok(())
    }

    /// A part as bytes, which must be writable already.
    ///
    /// Shared access suffices, because a mapping is filled before anybody else knows of it.
    #[allow(clippy::mut_from_ref)]
    pub fn writable_part(&self, offset: usize, bytes: usize) -> io::Result<&mut [u8]> {
        let address = self.at(offset, bytes)?;
        // SAFETY: inside the mapping, made writable by the caller, and known to nobody else yet.
        Ok(unsafe { std::slice::from_raw_parts_mut(address.cast(), bytes) })
    }

    /// Moves the first `used` bytes to the same offsets of a larger mapping, where they are writable. The
    /// kernel moves one of its own mappings at a time: `seams` are where one may end, in ascending order.
    /// What cannot be moved is copied.
    pub fn move_into(self, used: usize, seams: &[usize], to: &Mapping) {
        assert!(used <= self.bytes && used <= to.bytes);
        let mut start = 0;
        for end in seams.iter().copied().chain([used]) {
            let bytes = end.min(used).saturating_sub(start);
            if bytes == 0 {
                continue;
            }
            let (from, target) = (
                self.base().wrapping_add(start),
                to.base().wrapping_add(start),
            );
            // SAFETY: both ranges are inside their mappings; the old one is given up.
            let moved = unsafe {
                rustix::mm::mremap_fixed(
                    from.cast(),
                    bytes,
                    bytes,
                    MremapFlags::MAYMOVE,
                    target.cast(),
                )
            };
            if moved.is_err() {
                // SAFETY: both ranges are accessible and in different mappings.
                unsafe { ptr::copy_nonoverlapping(from, target, bytes) };
                // SAFETY: the old range is given up.
                let _ = unsafe { rustix::mm::munmap(from.cast(), bytes) };
            }
            start += bytes;
        }
        // What was moved is not ours any more, and others may have mapped something there by now.
        let rest = ManuallyDrop::new(self);
        if rest.bytes > used {
            let unused = rest.base().wrapping_add(used);
            // SAFETY: the rest of the old mapping, which nobody has used.
            let _ = unsafe { rustix::mm::munmap(unused.cast(), rest.bytes - used) };
        }
    }

    /// Changes the size; the contents move to another address if need be. New bytes are zero. Works only
    /// for a mapping that is one piece to the kernel.
    pub fn resize(&mut self, bytes: usize) -> io::Result<()> {
        // SAFETY: the whole mapping; who has addresses in it learns the new base from the caller.
        let base = unsafe {
            rustix::mm::mremap(self.base().cast(), self.bytes, bytes, MremapFlags::MAYMOVE)
        }?;
        // Not dropped: the old range is gone already.
        std::mem::forget(std::mem::replace(self, Self::of(base, bytes)?));
        Ok(())
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: the range is this mapping's own; who dropped it has no address in it any more.
        let unmapped = unsafe { rustix::mm::munmap(self.base().cast(), self.bytes) };
        debug_assert!(unmapped.is_ok());
    }
}

/// The process's limit of address space, if it has one.
pub(crate) fn address_space_limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::As).current
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgotten_bytes_come_back_as_zero() {
        let page = crate::sys::page_bytes();
        let mapping = Mapping::reserve(4 * page).unwrap();
        mapping.make_writable(page, page).unwrap();
        let byte = mapping.base().wrapping_add(page);
        // SAFETY: the page was made writable.
        unsafe { byte.write(7) };
        mapping.forget(page, page).unwrap();
        mapping.make_writable(page, page).unwrap();
        // SAFETY: as above.
        assert_eq!(unsafe { byte.read() }, 0);
        assert!(mapping.make_writable(3 * page, 2 * page).is_err());
        assert!(mapping.forget(usize::MAX, 2).is_err());
    }

    #[test]
    fn a_resized_mapping_keeps_its_bytes() {
        let page = crate::sys::page_bytes();
        let mut mapping = Mapping::zeroed(page).unwrap();
        // SAFETY: the page is writable.
        unsafe { mapping.base().write(7) };
        mapping.resize(64 * page).unwrap();
        // SAFETY: as above.
        assert_eq!(unsafe { mapping.base().read() }, 7);
        // SAFETY: the new end is writable.
        assert_eq!(unsafe { mapping.base().add(64 * page - 1).read() }, 0);
    }
}
