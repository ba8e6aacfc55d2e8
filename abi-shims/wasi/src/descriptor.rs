//! The guest's descriptors: numbers to host files, rights and flags.
//!
//! A guest never sees a host descriptor's number. Rights can only shrink. Flags set by the guest are kept
//! here and applied call by call, so that a guest cannot change how other holders of an inherited terminal
//! or pipe see it.
//!
//! There is no way to open anything yet: what a guest has is its standard streams.

use crate::types::{Errno, Fdflags, Fdstat, Filestat, Filetype, Rights};
use rustix::fs::{OFlags, Stat};
use std::convert::Infallible;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// How many descriptors a guest may have, unless the embedder says otherwise.
pub(crate) const DESCRIPTORS_MAX: u32 = 1024;

/// The host's side of a descriptor.
#[derive(Debug)]
pub(crate) enum Host {
    Stdin,
    Stdout,
    Stderr,
    Owned(OwnedFd),
}

impl AsFd for Host {
    fn as_fd(&self) -> BorrowedFd<'_> {
        match self {
            Host::Stdin => rustix::stdio::stdin(),
            Host::Stdout => rustix::stdio::stdout(),
            Host::Stderr => rustix::stdio::stderr(),
            Host::Owned(fd) => fd.as_fd(),
        }
    }
}

/// Which way a standard stream flows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Input,
    Output,
}

/// An open descriptor.
#[derive(Debug)]
pub(crate) struct Descriptor {
    host: Host,
    filetype: Filetype,
    rights_base: Rights,
    rights_inheriting: Rights,
    /// What the guest set; before that, what the host's descriptor says.
    flags: Option<Fdflags>,
}

/// Rights of a stream that has a position.
const SEEKABLE: Rights = Rights::FD_SEEK
    .union(Rights::FD_TELL)
    .union(Rights::FD_ADVISE);

/// Rights of any stream.
const STREAM: Rights = Rights::FD_FDSTAT_SET_FLAGS
    .union(Rights::FD_FILESTAT_GET)
    .union(Rights::POLL_FD_READWRITE);

impl Descriptor {
    /// A standard stream; `None` if the host has no such descriptor.
    fn stdio(host: Host, role: Role) -> Option<Self> {
        let stat = rustix::fs::fstat(host.as_fd()).ok()?;
        let filetype = rustix::fs::FileType::from_raw_mode(stat.st_mode).into();
        let mut rights = STREAM.union(match role {
            Role::Input => Rights::FD_READ,
            Role::Output => Rights::FD_WRITE
                .union(Rights::FD_DATASYNC)
                .union(Rights::FD_SYNC),
        });
        // A guest takes a character device that cannot seek for a terminal: `isatty` of wasi-libc.
        if filetype == Filetype::RegularFile {
            rights = rights.union(SEEKABLE);
            if role == Role::Output {
                rights = rights
                    .union(Rights::FD_ALLOCATE)
                    .union(Rights::FD_FILESTAT_SET_SIZE)
                    .union(Rights::FD_FILESTAT_SET_TIMES);
            }
        }
        Some(Descriptor {
            host,
            filetype,
            rights_base: rights,
            rights_inheriting: Rights::empty(),
            flags: None,
        })
    }

    pub(crate) fn host(&self) -> BorrowedFd<'_> {
        self.host.as_fd()
    }

    pub(crate) fn filetype(&self) -> Filetype {
        self.filetype
    }

    /// `notcapable` unless the descriptor has all of `rights`. To read or write against the stream's
    /// direction is `badf`, as POSIX has it.
    pub(crate) fn require(&self, rights: Rights) -> Result<(), Errno> {
        if self.rights_base.contains(rights) {
            return Ok(());
        }
        let direction = Rights::FD_READ.union(Rights::FD_WRITE);
        if rights.intersects(direction)
            && !self.rights_base.contains(rights.intersection(direction))
        {
            return Err(Errno::Badf);
        }
        Err(Errno::Notcapable)
    }

    /// `spipe` unless the stream has a position.
    pub(crate) fn require_position(&self) -> Result<(), Errno> {
        match self.filetype {
            Filetype::RegularFile | Filetype::BlockDevice => Ok(()),
            _ => Err(Errno::Spipe),
        }
    }

    /// The flags as the guest sees them.
    pub(crate) fn flags(&self) -> Result<Fdflags, Errno> {
        match self.flags {
            Some(flags) => Ok(flags),
            None => self.host_flags(),
        }
    }

    fn host_flags(&self) -> Result<Fdflags, Errno> {
        let host = rustix::fs::fcntl_getfl(self.host())?;
        let mut flags = Fdflags::empty();
        for (bit, flag) in [
            (OFlags::APPEND, Fdflags::APPEND),
            (OFlags::DSYNC, Fdflags::DSYNC),
            (OFlags::NONBLOCK, Fdflags::NONBLOCK),
            (OFlags::SYNC, Fdflags::SYNC),
        ] {
            if host.contains(bit) {
                flags = flags.union(flag);
            }
        }
        Ok(flags)
    }

    /// What the guest set beyond what the host does by itself. Costs no call.
    pub(crate) fn emulated(&self) -> Fdflags {
        self.flags.unwrap_or_default()
    }

    /// Sets the flags: `append` and `nonblock` as with `F_SETFL`. `inval` if another one changes, `notsup`
    /// if it would take changing the host's descriptor, which others may share.
    pub(crate) fn set_flags(&mut self, flags: Fdflags) -> Result<(), Errno> {
        let settable = Fdflags::APPEND.union(Fdflags::NONBLOCK);
        let host = self.host_flags()?;
        let synchronous = Fdflags::DSYNC.union(Fdflags::RSYNC).union(Fdflags::SYNC);
        if flags.intersection(synchronous) != host.intersection(synchronous) {
            return Err(Errno::Inval);
        }
        if !flags.contains(host.intersection(settable)) {
            return Err(Errno::Notsup);
        }
        self.flags = Some(flags);
        Ok(())
    }

    pub(crate) fn stat(&self) -> Result<Fdstat, Errno> {
        Ok(Fdstat {
            filetype: self.filetype,
            flags: self.flags()?,
            rights_base: self.rights_base,
            rights_inheriting: self.rights_inheriting,
        })
    }

    /// Gives rights up. `notcapable` if one is not there to be kept.
    pub(crate) fn set_rights(&mut self, base: Rights, inheriting: Rights) -> Result<(), Errno> {
        if !self.rights_base.contains(base) || !self.rights_inheriting.contains(inheriting) {
            return Err(Errno::Notcapable);
        }
        self.rights_base = base;
        self.rights_inheriting = inheriting;
        Ok(())
    }
}

/// The guest's table of descriptors.
#[derive(Debug)]
pub(crate) struct Descriptors {
    slots: Vec<Option<Descriptor>>,
    max: u32,
}

impl Descriptors {
    pub(crate) fn new(max: u32) -> Self {
        Descriptors {
            slots: Vec::new(),
            max,
        }
    }

    /// Gives the next number to a standard stream. One that the host does not have, or that is beyond the
    /// limit, stays closed.
    pub(crate) fn push_stdio(&mut self, host: Option<Host>, role: Role) {
        if self.slots.len() < self.max as usize {
            let descriptor = host.and_then(|host| Descriptor::stdio(host, role));
            self.slots.push(descriptor);
        }
    }

    fn slot(&mut self, fd: u32) -> Result<&mut Option<Descriptor>, Errno> {
        let slot = self.slots.get_mut(fd as usize).ok_or(Errno::Badf)?;
        if slot.is_some() {
            Ok(slot)
        } else {
            Err(Errno::Badf)
        }
    }

    pub(crate) fn find(&self, fd: u32) -> Result<&Descriptor, Errno> {
        let slot = self.slots.get(fd as usize).ok_or(Errno::Badf)?;
        slot.as_ref().ok_or(Errno::Badf)
    }

    pub(crate) fn find_mut(&mut self, fd: u32) -> Result<&mut Descriptor, Errno> {
        self.slot(fd)?.as_mut().ok_or(Errno::Badf)
    }

    /// The descriptor, if it may do what `rights` say.
    pub(crate) fn with_rights(&self, fd: u32, rights: Rights) -> Result<&Descriptor, Errno> {
        let descriptor = self.find(fd)?;
        descriptor.require(rights)?;
        Ok(descriptor)
    }

    /// The directory that a path starts from. No guest has one yet, so there is nothing to return: `badf`
    /// if there is no such descriptor, `notdir` for a stream.
    pub(crate) fn directory(&self, fd: u32) -> Result<Infallible, Errno> {
        self.find(fd)?;
        Err(Errno::Notdir)
    }

    pub(crate) fn close(&mut self, fd: u32) -> Result<(), Errno> {
        *self.slot(fd)? = None;
        Ok(())
    }

    /// Moves `from` to the place of `to`, which must be open and gets closed.
    pub(crate) fn renumber(&mut self, from: u32, to: u32) -> Result<(), Errno> {
        self.find(from)?;
        self.find(to)?;
        if from != to {
            let descriptor = self.slot(from)?.take();
            *self.slot(to)? = descriptor;
        }
        Ok(())
    }
}

/// The host's `stat` as the specification has it. A time before 1970 or after 2554 is the nearest that
/// there is.
#[allow(
    clippy::useless_conversion,
    clippy::unnecessary_cast,
    reason = "the fields' types depend on the target"
)]
pub(crate) fn filestat(stat: &Stat, filetype: Filetype) -> Filestat {
    let nanoseconds = |seconds: i64, nanoseconds: i64| {
        let sum = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
        u64::try_from(sum.max(0)).unwrap_or(u64::MAX)
    };
    Filestat {
        device: stat.st_dev,
        inode: stat.st_ino,
        filetype,
        links: u64::from(stat.st_nlink),
        size_bytes: stat.st_size as u64,
        accessed_ns: nanoseconds(stat.st_atime as i64, stat.st_atime_nsec as i64),
        modified_ns: nanoseconds(stat.st_mtime as i64, stat.st_mtime_nsec as i64),
        changed_ns: nanoseconds(stat.st_ctime as i64, stat.st_ctime_nsec as i64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Input from a pipe, output to a pipe, and the pipes' other ends.
    fn piped() -> (Descriptors, OwnedFd, OwnedFd) {
        let (input, feed) = std::io::pipe().unwrap();
        let (drain, output) = std::io::pipe().unwrap();
        let mut descriptors = Descriptors::new(DESCRIPTORS_MAX);
        descriptors.push_stdio(Some(Host::Owned(input.into())), Role::Input);
        descriptors.push_stdio(Some(Host::Owned(output.into())), Role::Output);
        descriptors.push_stdio(None, Role::Output);
        (descriptors, feed.into(), drain.into())
    }

    #[test]
    fn a_closed_slot_is_no_descriptor() {
        let (mut descriptors, ..) = piped();
        for fd in [2, 3, u32::MAX] {
            assert_eq!(descriptors.find(fd).err(), Some(Errno::Badf));
            assert_eq!(descriptors.close(fd), Err(Errno::Badf));
            assert_eq!(descriptors.renumber(0, fd), Err(Errno::Badf));
            assert_eq!(descriptors.renumber(fd, 0), Err(Errno::Badf));
            assert_eq!(descriptors.directory(fd), Err(Errno::Badf));
        }
        assert_eq!(descriptors.close(0), Ok(()));
        assert_eq!(descriptors.close(0), Err(Errno::Badf));
    }

    #[test]
    fn streams_flow_one_way() {
        let (descriptors, ..) = piped();
        let read = descriptors.with_rights(0, Rights::FD_READ);
        assert!(read.is_ok());
        let write = descriptors.with_rights(0, Rights::FD_WRITE);
        assert_eq!(write.err(), Some(Errno::Badf));
        let seek = descriptors.with_rights(0, Rights::FD_SEEK);
        assert_eq!(seek.err(), Some(Errno::Notcapable));
    }

    #[test]
    fn rights_only_shrink() {
        let (mut descriptors, ..) = piped();
        let descriptor = descriptors.find_mut(0).unwrap();
        let all = descriptor.stat().unwrap().rights_base;
        let more = all.union(Rights::FD_WRITE);
        assert_eq!(
            descriptor.set_rights(more, Rights::empty()),
            Err(Errno::Notcapable)
        );
        assert_eq!(
            descriptor.set_rights(Rights::FD_FILESTAT_GET, Rights::empty()),
            Ok(())
        );
        assert_eq!(descriptor.require(Rights::FD_READ), Err(Errno::Badf));
        assert_eq!(
            descriptor.set_rights(all, Rights::empty()),
            Err(Errno::Notcapable)
        );
    }

    #[test]
    fn renumbering_moves_and_closes() {
        let (mut descriptors, _feed, drain) = piped();
        assert_eq!(descriptors.renumber(0, 1), Ok(()));
        assert_eq!(descriptors.find(0).err(), Some(Errno::Badf));
        assert!(descriptors.with_rights(1, Rights::FD_READ).is_ok());
        // The output pipe's only writer is gone.
        assert_eq!(rustix::io::read(&drain, &mut [0u8; 1]), Ok(0));
        assert_eq!(descriptors.renumber(1, 1), Ok(()));
        assert!(descriptors.find(1).is_ok());
    }

    #[test]
    fn flags_stay_with_the_guest() {
        let (mut descriptors, ..) = piped();
        let descriptor = descriptors.find_mut(0).unwrap();
        assert_eq!(descriptor.flags(), Ok(Fdflags::empty()));
        assert_eq!(descriptor.set_flags(Fdflags::NONBLOCK), Ok(()));
        assert_eq!(descriptor.flags(), Ok(Fdflags::NONBLOCK));
        let host = rustix::fs::fcntl_getfl(descriptor.host()).unwrap();
        assert!(!host.contains(OFlags::NONBLOCK));
        assert_eq!(descriptor.set_flags(Fdflags::SYNC), Err(Errno::Inval));
        rustix::fs::fcntl_setfl(descriptor.host(), host | OFlags::NONBLOCK).unwrap();
        assert_eq!(descriptor.set_flags(Fdflags::empty()), Err(Errno::Notsup));
    }

    #[test]
    fn the_limit_holds() {
        let mut descriptors = Descriptors::new(1);
        for _ in 0..2 {
            let (read, _) = std::io::pipe().unwrap();
            descriptors.push_stdio(Some(Host::Owned(read.into())), Role::Input);
        }
        assert!(descriptors.find(0).is_ok());
        assert_eq!(descriptors.find(1).err(), Some(Errno::Badf));
    }
}
