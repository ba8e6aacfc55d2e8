//! Section `fd`: what can be done with an open descriptor.
//!
//! Every function gives `badf` if there is no such descriptor, `notcapable` if the descriptor's rights do
//! not allow it, and `fault` if an address is out of bounds. The order is: arguments, descriptor, rights,
//! memory; a result's address is checked before anything is done that could not be undone.
//! What would change a file of a read-only directory is `rofs`.

use crate::blocking::{self, Blocking, Position, Wait};
use crate::descriptor::{Descriptor, filestat};
use crate::memory::{Call, Iovecs};
use crate::readdir;
use crate::types::{Advice, Errno, Fdflags, Filetype, Fstflags, Rights, Whence};
use rustix::fs::{FallocateFlags, SeekFrom, Timespec, Timestamps, UTIME_NOW, UTIME_OMIT};
use std::os::fd::AsFd;
use std::sync::PoisonError;

/// Tells the host how the `len` bytes from `offset` will be used. `inval` for advice without a number,
/// `spipe` for a stream without a position.
pub(crate) fn fd_advise(
    call: &mut Call<'_>,
    fd: u32,
    offset: u64,
    len: u64,
    advice: u32,
) -> Result<(), Errno> {
    use rustix::fs::Advice as Host;
    let advice = match Advice::parse(advice)? {
        Advice::Normal => Host::Normal,
        Advice::Sequential => Host::Sequential,
        Advice::Random => Host::Random,
        Advice::Willneed => Host::WillNeed,
        Advice::Dontneed => Host::DontNeed,
        Advice::Noreuse => Host::NoReuse,
    };
    let descriptor = call.ctx.descriptors.find(fd)?;
    descriptor.require_position()?;
    descriptor.require(Rights::FD_ADVISE)?;
    // Up to the end: what the guest says with 0, and the host with nothing.
    rustix::fs::fadvise(
        descriptor.host(),
        offset,
        std::num::NonZeroU64::new(len),
        advice,
    )?;
    Ok(())
}

/// Makes sure that the `len` bytes from `offset` have space on the disk; the file grows if it ends before.
/// `inval` if `len` is 0, `fbig` beyond what the host can number, `dquot` beyond the guest's quota.
pub(crate) fn fd_allocate(
    call: &mut Call<'_>,
    fd: u32,
    offset: u64,
    len: u64,
) -> Result<(), Errno> {
    let descriptor = call.ctx.descriptors.find(fd)?;
    descriptor.require_position()?;
    descriptor.require(Rights::FD_ALLOCATE)?;
    descriptor.require_writable()?;
    if offset
        .checked_add(len)
        .is_none_or(|end| end > i64::MAX as u64)
    {
        return Err(Errno::Fbig);
    }
    let hole = offset.saturating_sub(descriptor.size()?);
    call.ctx.quota.adding(hole.saturating_add(len), || {
        rustix::fs::fallocate(descriptor.host(), FallocateFlags::empty(), offset, len)?;
        Ok(())
    })
}

/// Closes a descriptor. The host's standard streams stay open: they are the process's.
pub(crate) fn fd_close(call: &mut Call<'_>, fd: u32) -> Result<(), Errno> {
    call.ctx.descriptors.close(fd)
}

/// Waits until the file's contents are on the disk. `inval` if there is no disk behind the descriptor.
pub(crate) fn fd_datasync(call: &mut Call<'_>, fd: u32) -> Result<(), Errno> {
    let descriptor = call.ctx.descriptors.with_rights(fd, Rights::FD_DATASYNC)?;
    rustix::fs::fdatasync(descriptor.host())?;
    Ok(())
}

/// Writes the descriptor's attributes to `stat`: [`Fdstat`](crate::types::Fdstat).
pub(crate) fn fd_fdstat_get(call: &mut Call<'_>, fd: u32, stat: u32) -> Result<(), Errno> {
    let bytes = call.ctx.descriptors.find(fd)?.stat()?.to_bytes();
    call.write(stat, &bytes)
}

/// Sets the descriptor's flags: `append` and `nonblock`. `inval` for flags that cannot be set on an open
/// file, `notsup` for one that the host's descriptor has and others may rely on.
pub(crate) fn fd_fdstat_set_flags(call: &mut Call<'_>, fd: u32, flags: u32) -> Result<(), Errno> {
    let flags = Fdflags::parse(flags)?;
    call.ctx.descriptors.change(fd, |descriptor| {
        descriptor.require(Rights::FD_FDSTAT_SET_FLAGS)?;
        descriptor.set_flags(flags)
    })
}

/// Gives rights of the descriptor up. `notcapable` if it asks for one that is not there; `inval` for bits
/// that are no rights.
pub(crate) fn fd_fdstat_set_rights(
    call: &mut Call<'_>,
    fd: u32,
    rights_base: u64,
    rights_inheriting: u64,
) -> Result<(), Errno> {
    let base = Rights::parse(rights_base)?;
    let inheriting = Rights::parse(rights_inheriting)?;
    call.ctx
        .descriptors
        .change(fd, |descriptor| descriptor.set_rights(base, inheriting))
}

/// Writes the file's attributes to `stat`, in the layout of the guest's ABI:
/// [`Filestat`](crate::types::Filestat).
pub(crate) fn fd_filestat_get(call: &mut Call<'_>, fd: u32, stat: u32) -> Result<(), Errno> {
    let descriptor = call
        .ctx
        .descriptors
        .with_rights(fd, Rights::FD_FILESTAT_GET)?;
    let host = rustix::fs::fstat(descriptor.host())?;
    let bytes = filestat(&host, descriptor.filetype()).to_bytes(call.version);
    call.write(stat, &bytes)
}

/// Makes the file `size` bytes long. `inval` beyond what the host can number, `dquot` beyond the guest's quota.
pub(crate) fn fd_filestat_set_size(call: &mut Call<'_>, fd: u32, size: u64) -> Result<(), Errno> {
    let descriptor = call
        .ctx
        .descriptors
        .with_rights(fd, Rights::FD_FILESTAT_SET_SIZE)?;
    descriptor.require_writable()?;
    if size > i64::MAX as u64 {
        return Err(Errno::Inval);
    }
    let added = size.saturating_sub(descriptor.size()?);
    call.ctx.quota.adding(added, || {
        rustix::fs::ftruncate(descriptor.host(), size)?;
        Ok(())
    })
}

/// Sets the file's times, in nanoseconds since 1970, as `flags` say. `inval` if one time is to be both a
/// given one and now.
pub(crate) fn fd_filestat_set_times(
    call: &mut Call<'_>,
    fd: u32,
    atim: u64,
    mtim: u64,
    flags: u32,
) -> Result<(), Errno> {
    let times = timestamps(atim, mtim, flags)?;
    let descriptor = call
        .ctx
        .descriptors
        .with_rights(fd, Rights::FD_FILESTAT_SET_TIMES)?;
    descriptor.require_writable()?;
    rustix::fs::futimens(descriptor.host(), &times)?;
    Ok(())
}

/// The times to set, as the host wants them.
pub(crate) fn timestamps(atim: u64, mtim: u64, flags: u32) -> Result<Timestamps, Errno> {
    let flags = Fstflags::parse(flags)?;
    let time = |nanoseconds: u64, given: Fstflags, now: Fstflags| {
        let (tv_sec, tv_nsec) = match (flags.contains(given), flags.contains(now)) {
            (true, true) => return Err(Errno::Inval),
            (true, false) => (
                (nanoseconds / 1_000_000_000) as i64,
                (nanoseconds % 1_000_000_000) as _,
            ),
            (false, true) => (0, UTIME_NOW),
            (false, false) => (0, UTIME_OMIT),
        };
        Ok(Timespec { tv_sec, tv_nsec })
    };
    Ok(Timestamps {
        last_access: time(atim, Fstflags::ATIM, Fstflags::ATIM_NOW)?,
        last_modification: time(mtim, Fstflags::MTIM, Fstflags::MTIM_NOW)?,
    })
}

/// Reads into the buffers of the list `iovs` from `offset`, and writes the number of bytes to `nread`. The
/// descriptor's position stays. `spipe` for a stream without one.
pub(crate) fn fd_pread(
    call: &mut Call<'_>,
    fd: u32,
    iovs: u32,
    iovs_len: u32,
    offset: u64,
    nread: u32,
) -> Result<(), Errno> {
    call.ctx.descriptors.find(fd)?.require_position()?;
    let position = position_at(offset)?;
    read(
        call,
        fd,
        Rights::FD_READ.union(Rights::FD_SEEK),
        iovs,
        iovs_len,
        position,
        nread,
    )
}

/// Writes what a preopened directory is to `prestat`. A guest asks from descriptor 3 on until it gets
/// `badf`, as for every descriptor that is none.
///
/// ```text
/// 0 tag: u8, 0 for a directory | 4 bytes of its name: u32 | 8
/// ```
pub(crate) fn fd_prestat_get(call: &mut Call<'_>, fd: u32, prestat: u32) -> Result<(), Errno> {
    let name_bytes = call.ctx.descriptors.find(fd)?.preopened_as()?.len() as u64;
    call.write_u64(prestat, name_bytes << 32)
}

/// Writes the name of a preopened directory to the `path_len` bytes at `path`, without a NUL. `notdir` for a
/// descriptor that is no directory, `badf` for a directory that was not preopened, `nametoolong` if there is too
/// little room.
pub(crate) fn fd_prestat_dir_name(
    call: &mut Call<'_>,
    fd: u32,
    path: u32,
    path_len: u32,
) -> Result<(), Errno> {
    call.check(path, path_len)?;
    let descriptor = call.ctx.descriptors.find(fd)?;
    descriptor.directory()?;
    let name = descriptor.preopened_as()?;
    if name.len() > path_len as usize {
        return Err(Errno::Nametoolong);
    }
    Ok(call.memory.write(path, name)?)
}

/// Writes the buffers of the list `iovs` to the file at `offset`, and the number of bytes written to
/// `nwritten`. The descriptor's position stays. `spipe` for a stream without one.
pub(crate) fn fd_pwrite(
    call: &mut Call<'_>,
    fd: u32,
    iovs: u32,
    iovs_len: u32,
    offset: u64,
    nwritten: u32,
) -> Result<(), Errno> {
    call.ctx.descriptors.find(fd)?.require_position()?;
    let position = position_at(offset)?;
    write(
        call,
        fd,
        Rights::FD_WRITE.union(Rights::FD_SEEK),
        iovs,
        iovs_len,
        position,
        nwritten,
    )
}

/// Reads into the buffers of the list `iovs`, and writes the number of bytes to `nread`; 0 is the end.
/// `again` if the descriptor is non-blocking and there is nothing.
pub(crate) fn fd_read(
    call: &mut Call<'_>,
    fd: u32,
    iovs: u32,
    iovs_len: u32,
    nread: u32,
) -> Result<(), Errno> {
    read(
        call,
        fd,
        Rights::FD_READ,
        iovs,
        iovs_len,
        Position::Current,
        nread,
    )
}

/// Fills the `buf_len` bytes at `buf` with directory entries from `cookie` on, 0 for the first, and writes the
/// number of bytes to `bufused`. Less than `buf_len` is the end of the directory: the last entry may be cut off
/// anywhere, and its reader asks for it again by the cookie before it. `inval` for a cookie that the host does not
/// know.
pub(crate) fn fd_readdir(
    call: &mut Call<'_>,
    fd: u32,
    buf: u32,
    buf_len: u32,
    cookie: u64,
    bufused: u32,
) -> Result<(), Errno> {
    call.check(buf, buf_len)?;
    call.check(bufused, 4)?;
    let directory = call.ctx.descriptors.directory(fd, Rights::FD_READDIR)?;
    let _listing = directory
        .listing
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let used = readdir::fill(directory.host.as_fd(), buf_len, cookie, |offset, bytes| {
        Ok(call.memory.write(buf + offset, bytes)?)
    })?;
    call.write_u32(bufused, used)
}

/// Moves descriptor `fd` to number `to`, which must be open and is closed.
pub(crate) fn fd_renumber(call: &mut Call<'_>, fd: u32, to: u32) -> Result<(), Errno> {
    call.ctx.descriptors.renumber(fd, to)
}

/// Moves the position by `offset` from `whence`, whose numbers depend on the ABI, and writes the new one to
/// `newoffset`. `spipe` for a stream without one, `inval` before the start.
pub(crate) fn fd_seek(
    call: &mut Call<'_>,
    fd: u32,
    offset: i64,
    whence: u32,
    newoffset: u32,
) -> Result<(), Errno> {
    let whence = Whence::parse(whence, call.version)?;
    let descriptor = call.ctx.descriptors.find(fd)?;
    descriptor.require_position()?;
    let stays = whence == Whence::Cur && offset == 0;
    descriptor.require(if stays {
        Rights::FD_TELL
    } else {
        Rights::FD_SEEK
    })?;
    call.check(newoffset, 8)?;
    let target = match whence {
        Whence::Set => SeekFrom::Start(u64::try_from(offset).map_err(|_| Errno::Inval)?),
        Whence::Cur => SeekFrom::Current(offset),
        Whence::End => SeekFrom::End(offset),
    };
    let position = rustix::fs::seek(descriptor.host(), target)?;
    call.write_u64(newoffset, position)
}

/// Waits until the file's contents and attributes are on the disk.
pub(crate) fn fd_sync(call: &mut Call<'_>, fd: u32) -> Result<(), Errno> {
    let descriptor = call.ctx.descriptors.with_rights(fd, Rights::FD_SYNC)?;
    rustix::fs::fsync(descriptor.host())?;
    Ok(())
}

/// Writes the descriptor's position to `offset`. `spipe` for a stream without one.
pub(crate) fn fd_tell(call: &mut Call<'_>, fd: u32, offset: u32) -> Result<(), Errno> {
    let descriptor = call.ctx.descriptors.find(fd)?;
    descriptor.require_position()?;
    descriptor.require(Rights::FD_TELL)?;
    let position = rustix::fs::tell(descriptor.host())?;
    call.write_u64(offset, position)
}

/// Writes the buffers of the list `iovs`, and the number of bytes written to `nwritten`. Straight to the
/// host: nothing is held back that a trap could lose. `again` if the descriptor is non-blocking and there
/// is no room, `pipe` if nobody reads, `dquot` if the guest has written as much as it may.
pub(crate) fn fd_write(
    call: &mut Call<'_>,
    fd: u32,
    iovs: u32,
    iovs_len: u32,
    nwritten: u32,
) -> Result<(), Errno> {
    write(
        call,
        fd,
        Rights::FD_WRITE,
        iovs,
        iovs_len,
        Position::Current,
        nwritten,
    )
}

fn read(
    call: &mut Call<'_>,
    fd: u32,
    rights: Rights,
    list: u32,
    count: u32,
    position: Position,
    nread: u32,
) -> Result<(), Errno> {
    let descriptor = call.ctx.descriptors.with_rights(fd, rights)?;
    call.check(nread, 4)?;
    let list = Iovecs::read(&call.memory, list, count)?;
    let wait = wait(&descriptor, call.ctx.blocking);
    let bytes = list.scatter(&mut call.memory, |buffers| {
        blocking::read(descriptor.host(), buffers, position, wait)
    })?;
    call.write_u32(nread, bytes as u32)
}

fn write(
    call: &mut Call<'_>,
    fd: u32,
    rights: Rights,
    list: u32,
    count: u32,
    position: Position,
    nwritten: u32,
) -> Result<(), Errno> {
    let descriptor = call.ctx.descriptors.with_rights(fd, rights)?;
    call.check(nwritten, 4)?;
    let mut list = Iovecs::read(&call.memory, list, count)?;
    let position = match position {
        Position::Current if descriptor.emulated().contains(Fdflags::APPEND) => Position::End,
        position => position,
    };
    let wait = wait(&descriptor, call.ctx.blocking);
    let quota = &call.ctx.quota;
    let wanted = list.bytes();
    let bytes = quota.writing(&descriptor, position, wanted, |bytes_max| {
        list.shorten(bytes_max);
        list.gather(&call.memory, |buffers| {
            if descriptor.is_connection() {
                // Nobody on the other side is an error of the call here, and never a signal to the process.
                blocking::send(descriptor.host(), buffers, wait)
            } else {
                blocking::write(descriptor.host(), buffers, position, wait)
            }
        })
    })?;
    call.write_u32(nwritten, bytes as u32)
}

/// Whether a call on `descriptor` may wait. Files never make anybody wait.
pub(crate) fn wait(descriptor: &Descriptor, blocking: Blocking) -> Wait {
    if descriptor.emulated().contains(Fdflags::NONBLOCK) {
        Wait::No
    } else if descriptor.filetype() == Filetype::RegularFile {
        Wait::Yes
    } else {
        blocking.into()
    }
}

/// `inval` for an offset that the host would take for a negative one.
fn position_at(offset: u64) -> Result<Position, Errno> {
    if offset > i64::MAX as u64 {
        return Err(Errno::Inval);
    }
    Ok(Position::At(offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_given_or_now() {
        for flags in [0b0011, 0b1100, 0b10000] {
            assert_eq!(
                timestamps(0, 0, flags).err(),
                Some(Errno::Inval),
                "{flags:#b}"
            );
        }
        let times = timestamps(1_000_000_007, u64::MAX, 0b0101).unwrap();
        assert_eq!(
            (times.last_access.tv_sec, times.last_access.tv_nsec),
            (1, 7)
        );
        assert_eq!(
            times.last_modification.tv_sec,
            (u64::MAX / 1_000_000_000) as i64
        );
        let times = timestamps(0, 0, 0b1000).unwrap();
        assert_eq!(times.last_access.tv_nsec, UTIME_OMIT);
        assert_eq!(times.last_modification.tv_nsec, UTIME_NOW);
    }
}
