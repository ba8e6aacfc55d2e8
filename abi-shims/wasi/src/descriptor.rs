//! What a guest holds when it holds a descriptor: the host's file, its rights and flags.
//!
//! A guest never sees a host descriptor's number. Rights can only shrink. Flags that a guest sets on a standard
//! stream are kept here and applied call by call, so that a guest cannot change how other holders of an
//! inherited terminal or pipe see it; a file that the guest opened is its own, and so are the host's flags.
//!
//! Rights are the guest's way to give up what it does not need. That a directory is read-only is the
//! embedder's, and stays out of them: a guest sees a file system that cannot be written.

use crate::directory::{Access, Directory, Opened};
use crate::sandbox::Resolver;
use crate::types::{Errno, Fdflags, Fdstat, Filestat, Filetype, Rights};
use rustix::fs::{FileType, OFlags, Stat};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex};

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

/// What a descriptor can be used for, whatever its rights.
#[derive(Clone, Debug)]
enum Kind {
    /// A standard stream: a terminal, a pipe, a file.
    Stream,
    File(Access),
    Directory {
        resolver: Resolver,
        access: Access,
        listing: Arc<Mutex<()>>,
        /// The name by which the guest was given it; `None` if the guest opened it.
        preopened_as: Option<Arc<[u8]>>,
    },
    /// A socket that connections come in through.
    Listener,
    Connection,
}

/// An open descriptor. A clone is the descriptor as it was when it was looked up: the host's file stays open while
/// there is one.
#[derive(Clone, Debug)]
pub(crate) struct Descriptor {
    host: Arc<Host>,
    kind: Kind,
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

/// Rights of a file that need it to be open for writing.
const FILE_WRITE: Rights = Rights::FD_WRITE
    .union(Rights::FD_ALLOCATE)
    .union(Rights::FD_FILESTAT_SET_SIZE);

/// All that can be done with a file.
const FILE: Rights = STREAM
    .union(SEEKABLE)
    .union(FILE_WRITE)
    .union(Rights::FD_READ)
    .union(Rights::FD_DATASYNC)
    .union(Rights::FD_SYNC)
    .union(Rights::FD_FILESTAT_SET_TIMES);

/// All that can be done with a directory.
const DIRECTORY: Rights = Rights::FD_FDSTAT_SET_FLAGS
    .union(Rights::FD_SYNC)
    .union(Rights::FD_DATASYNC)
    .union(Rights::FD_READDIR)
    .union(Rights::FD_FILESTAT_GET)
    .union(Rights::FD_FILESTAT_SET_TIMES)
    .union(Rights::PATH_CREATE_DIRECTORY)
    .union(Rights::PATH_CREATE_FILE)
    .union(Rights::PATH_LINK_SOURCE)
    .union(Rights::PATH_LINK_TARGET)
    .union(Rights::PATH_OPEN)
    .union(Rights::PATH_READLINK)
    .union(Rights::PATH_RENAME_SOURCE)
    .union(Rights::PATH_RENAME_TARGET)
    .union(Rights::PATH_FILESTAT_GET)
    .union(Rights::PATH_FILESTAT_SET_SIZE)
    .union(Rights::PATH_FILESTAT_SET_TIMES)
    .union(Rights::PATH_SYMLINK)
    .union(Rights::PATH_REMOVE_DIRECTORY)
    .union(Rights::PATH_UNLINK_FILE);

/// All that can be done with a socket that listens.
const LISTENER: Rights = STREAM.union(Rights::SOCK_ACCEPT);

/// All that can be done with a connection.
const CONNECTION: Rights = STREAM
    .union(Rights::FD_READ)
    .union(Rights::FD_WRITE)
    .union(Rights::SOCK_SHUTDOWN);

impl Descriptor {
    /// A standard stream; `None` if the host has no such descriptor.
    pub(crate) fn stdio(host: Host, role: Role) -> Option<Self> {
        let stat = rustix::fs::fstat(host.as_fd()).ok()?;
        let filetype = FileType::from_raw_mode(stat.st_mode).into();
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
            host: Arc::new(host),
            kind: Kind::Stream,
            filetype,
            rights_base: rights,
            rights_inheriting: Rights::empty(),
            flags: None,
        })
    }

    /// A directory that the embedder gives to the guest under a name.
    pub(crate) fn preopened(
        fd: OwnedFd,
        name: Vec<u8>,
        resolver: Resolver,
        access: Access,
    ) -> Self {
        Descriptor {
            host: Arc::new(Host::Owned(fd)),
            kind: Kind::Directory {
                resolver,
                access,
                listing: Arc::default(),
                preopened_as: Some(name.into()),
            },
            filetype: Filetype::Directory,
            rights_base: DIRECTORY,
            rights_inheriting: DIRECTORY.union(FILE),
            flags: Some(Fdflags::empty()),
        }
    }

    /// What the guest opened in `directory`, with those of the rights that make sense for it.
    pub(crate) fn opened(
        opened: Opened,
        directory: &Directory,
        rights_base: Rights,
        rights_inheriting: Rights,
        flags: Fdflags,
    ) -> Self {
        let access = directory.access;
        let (kind, filetype, all) = match opened.kind {
            FileType::Directory => {
                let resolver = directory.resolver;
                let kind = Kind::Directory {
                    resolver,
                    access,
                    listing: Arc::default(),
                    preopened_as: None,
                };
                (kind, Filetype::Directory, DIRECTORY)
            }
            _ => {
                let mut all = FILE;
                if !rights_base.contains(Rights::FD_WRITE) {
                    all = all.difference(FILE_WRITE);
                }
                (Kind::File(access), opened.kind.into(), all)
            }
        };
        Descriptor {
            host: Arc::new(Host::Owned(opened.fd)),
            kind,
            filetype,
            rights_base: rights_base.intersection(all),
            rights_inheriting,
            flags: Some(flags),
        }
    }

    /// A socket that the embedder gives to the guest to take connections from.
    pub(crate) fn listener(fd: OwnedFd) -> Self {
        Descriptor {
            host: Arc::new(Host::Owned(fd)),
            kind: Kind::Listener,
            filetype: Filetype::SocketStream,
            rights_base: LISTENER,
            rights_inheriting: CONNECTION,
            flags: None,
        }
    }

    /// A connection that this listener took.
    pub(crate) fn connection(&self, fd: OwnedFd, flags: Fdflags) -> Self {
        Descriptor {
            host: Arc::new(Host::Owned(fd)),
            kind: Kind::Connection,
            filetype: Filetype::SocketStream,
            rights_base: self.rights_inheriting.intersection(CONNECTION),
            rights_inheriting: Rights::empty(),
            flags: Some(flags),
        }
    }

    /// The directory, as the start of paths; `notdir` for anything else.
    pub(crate) fn directory(&self) -> Result<Directory, Errno> {
        match &self.kind {
            Kind::Directory {
                resolver,
                access,
                listing,
                ..
            } => Ok(Directory {
                host: Arc::clone(&self.host),
                resolver: *resolver,
                access: *access,
                listing: Arc::clone(listing),
            }),
            _ => Err(Errno::Notdir),
        }
    }

    /// The name of a preopened directory; `badf` for anything else.
    pub(crate) fn preopened_as(&self) -> Result<&[u8], Errno> {
        match &self.kind {
            Kind::Directory {
                preopened_as: Some(name),
                ..
            } => Ok(name),
            _ => Err(Errno::Badf),
        }
    }

    pub(crate) fn is_connection(&self) -> bool {
        matches!(self.kind, Kind::Connection)
    }

    /// `notsock` unless this is a connection.
    pub(crate) fn require_connection(&self) -> Result<(), Errno> {
        match self.kind {
            Kind::Connection => Ok(()),
            Kind::Listener => Err(Errno::Notconn),
            _ => Err(Errno::Notsock),
        }
    }

    /// `notsock` for what is no socket, `inval` for one that does not listen.
    pub(crate) fn require_listener(&self) -> Result<(), Errno> {
        match self.kind {
            Kind::Listener => Ok(()),
            Kind::Connection => Err(Errno::Inval),
            _ => Err(Errno::Notsock),
        }
    }

    /// `rofs` if it was opened in a read-only directory.
    pub(crate) fn require_writable(&self) -> Result<(), Errno> {
        match self.kind {
            Kind::File(Access::ReadOnly)
            | Kind::Directory {
                access: Access::ReadOnly,
                ..
            } => Err(Errno::Rofs),
            _ => Ok(()),
        }
    }

    /// What may be inherited by what is opened in this directory.
    pub(crate) fn rights_inheriting(&self) -> Rights {
        self.rights_inheriting
    }

    pub(crate) fn host(&self) -> BorrowedFd<'_> {
        self.host.as_fd()
    }

    /// The host's side, open for as long as somebody has it.
    pub(crate) fn share_host(&self) -> Arc<Host> {
        Arc::clone(&self.host)
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

    /// `spipe` for a stream without a position, `isdir` for a directory: a guest's goes from cookie to cookie.
    pub(crate) fn require_position(&self) -> Result<(), Errno> {
        match self.filetype {
            Filetype::RegularFile | Filetype::BlockDevice => Ok(()),
            Filetype::Directory => Err(Errno::Isdir),
            _ => Err(Errno::Spipe),
        }
    }

    /// How long the file is now.
    pub(crate) fn size(&self) -> Result<u64, Errno> {
        Ok(rustix::fs::fstat(self.host())?.st_size as u64)
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

    /// Nobody but the guest uses the host's descriptor.
    fn is_private(&self) -> bool {
        !matches!(self.kind, Kind::Stream | Kind::Listener)
    }

    /// What the guest set beyond what the host does by itself. Costs no call.
    pub(crate) fn emulated(&self) -> Fdflags {
        if self.is_private() {
            return Fdflags::empty();
        }
        self.flags.unwrap_or_default()
    }

    /// Sets the flags: `append` and `nonblock` as with `F_SETFL`. `inval` if another one changes, `notsup`
    /// if it would take changing the host's descriptor, which others may share.
    pub(crate) fn set_flags(&mut self, flags: Fdflags) -> Result<(), Errno> {
        let settable = Fdflags::APPEND.union(Fdflags::NONBLOCK);
        if self.is_private() {
            return self.set_private_flags(flags);
        }
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

    fn set_private_flags(&mut self, flags: Fdflags) -> Result<(), Errno> {
        let settable = Fdflags::APPEND.union(Fdflags::NONBLOCK);
        if flags.difference(settable) != self.flags()?.difference(settable) {
            return Err(Errno::Inval);
        }
        let mut host = rustix::fs::fcntl_getfl(self.host())?;
        host.set(OFlags::APPEND, flags.contains(Fdflags::APPEND));
        // Files are always non-blocking, which means nothing once they are open.
        if self.is_connection() {
            host.set(OFlags::NONBLOCK, flags.contains(Fdflags::NONBLOCK));
        }
        rustix::fs::fcntl_setfl(self.host(), host)?;
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
