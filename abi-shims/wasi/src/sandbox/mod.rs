//! From a path that a guest wrote to a file below the directory it was given, and never to another one.
//!
//! This is the only place where a guest's path meets the host's file system. Everything that the guest does
//! by name goes through one of two doors: [`Root::open`], which resolves a whole path to a descriptor, and
//! [`Root::place`], which resolves all but the last component and hands out the parent's descriptor and one
//! plain [`Name`] to act on. A name that was checked is never looked up a second time by its path.
//!
//! The kernel does the resolving: `openat2` with `RESOLVE_BENEATH` and `RESOLVE_NO_MAGICLINKS`. Where there is
//! none (a kernel before 5.6, a filter for system calls, an emulator), the embedder may allow the [`walk`],
//! which takes the path one component at a time and is slower. Without leave, there is no file access.
//!
//! Not here: what may be done with what was found ([`crate::directory`]), and the guest's rights
//! ([`crate::descriptor`]).

#[cfg(test)]
mod attack;
mod name;
mod walk;

pub(crate) use name::{Last, Name, SplitPath};

use crate::types::Errno;
use rustix::fs::{Mode, OFlags, ResolveFlags};
use rustix::io::Errno as HostErrno;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// How the paths of a guest are resolved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PathLookup {
    /// By the kernel's `openat2`. Where it is missing, a guest with directories cannot be set up.
    #[default]
    Kernel,
    /// By the kernel if it can, else component by component.
    KernelOrWalk,
    /// Component by component, whatever the kernel can.
    Walk,
}

/// What [`PathLookup`] comes to on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolver {
    Kernel,
    Walk,
    /// No check at all: shows that the tests of the sandbox would see an escape.
    #[cfg(test)]
    Unchecked,
}

impl Resolver {
    /// Chooses by trying. The error is how `openat2` was refused.
    pub(crate) fn choose(lookup: PathLookup, probe: BorrowedFd<'_>) -> Result<Self, HostErrno> {
        if lookup == PathLookup::Walk {
            return Ok(Resolver::Walk);
        }
        match rustix::fs::openat2(probe, c".", OFlags::PATH, Mode::empty(), BENEATH) {
            Err(HostErrno::NOSYS | HostErrno::PERM) if lookup == PathLookup::KernelOrWalk => {
                Ok(Resolver::Walk)
            }
            Err(errno @ (HostErrno::NOSYS | HostErrno::PERM)) => Err(errno),
            // Another error is about this directory, and for the guest to meet.
            Ok(_) | Err(_) => Ok(Resolver::Kernel),
        }
    }
}

const BENEATH: ResolveFlags = ResolveFlags::BENEATH.union(ResolveFlags::NO_MAGICLINKS);

/// How often a lookup is tried again that something else's renaming disturbed.
const RETRIES_MAX: u32 = 64;

/// Whether a symbolic link in the last place of a path is followed. Those before it always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    Yes,
    No,
}

/// A directory as the root of lookups.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Root<'a> {
    pub(crate) fd: BorrowedFd<'a>,
    pub(crate) resolver: Resolver,
}

/// Where a name stands: the directory, open, and the one component in it.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    parent: Parent<'a>,
    pub(crate) name: Name<'a>,
    /// The path ended with a slash: what is meant must be a directory.
    pub(crate) is_directory: bool,
}

#[derive(Debug)]
enum Parent<'a> {
    Root(BorrowedFd<'a>),
    Below(OwnedFd),
}

impl Place<'_> {
    pub(crate) fn parent(&self) -> BorrowedFd<'_> {
        match &self.parent {
            Parent::Root(fd) => *fd,
            Parent::Below(fd) => fd.as_fd(),
        }
    }
}

impl<'a> Root<'a> {
    /// Opens what `path` means, with the host's `flags`. `notcapable` if that is not below this directory,
    /// `noent` for an empty path, `again` if the directories on the way do not come to rest.
    ///
    /// A slash at the end is a demand for a directory, made by `O_DIRECTORY`: the kernel takes one in a path
    /// for leave to follow a link in spite of `O_NOFOLLOW`.
    pub(crate) fn open(
        &self,
        path: &[u8],
        follow: Follow,
        flags: OFlags,
        mode: Mode,
    ) -> Result<OwnedFd, Errno> {
        let split = SplitPath::new(path)?;
        let mut flags = flags | OFlags::CLOEXEC;
        flags.set(OFlags::NOFOLLOW, follow == Follow::No);
        if split.is_directory {
            // With `O_CREAT`, `O_DIRECTORY` means different things to different kernels.
            if flags.contains(OFlags::CREATE) {
                return Err(Errno::Isdir);
            }
            flags |= OFlags::DIRECTORY;
        }
        self.resolve(split.trimmed, flags, mode)
    }

    /// What `path` means, as a descriptor that can be asked about and not read: `O_PATH`.
    pub(crate) fn node(&self, path: &[u8], follow: Follow) -> Result<OwnedFd, Errno> {
        self.open(path, follow, OFlags::PATH, Mode::empty())
    }

    /// The parent of what `path` means, and its name there. `dots` if the path ends with `.` or `..`, which
    /// name nothing that could be made or removed.
    pub(crate) fn place<'p>(&self, path: &'p [u8], dots: Errno) -> Result<Place<'p>, Errno>
    where
        'a: 'p,
    {
        let split = SplitPath::new(path)?;
        let Last::Name(name) = split.last else {
            return Err(dots);
        };
        let parent = if split.parent.is_empty() {
            Parent::Root(self.fd)
        } else {
            Parent::Below(self.directory(split.parent)?)
        };
        Ok(Place {
            parent,
            name,
            is_directory: split.is_directory,
        })
    }

    /// A directory to look things up in.
    pub(crate) fn directory(&self, path: &[u8]) -> Result<OwnedFd, Errno> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        self.resolve(path, flags, Mode::empty())
    }

    fn resolve(&self, path: &[u8], flags: OFlags, mode: Mode) -> Result<OwnedFd, Errno> {
        match self.resolver {
            Resolver::Kernel => by_kernel(self.fd, path, flags, mode),
            Resolver::Walk => walk::open(self.fd, path, flags, mode),
            #[cfg(test)]
            Resolver::Unchecked => Ok(rustix::fs::openat(self.fd, path, flags, mode)?),
        }
    }
}

fn by_kernel(
    root: BorrowedFd<'_>,
    path: &[u8],
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd, Errno> {
    for _ in 0..RETRIES_MAX {
        match rustix::fs::openat2(root, path, flags, mode, BENEATH) {
            Ok(fd) => return Ok(fd),
            // The kernel cannot rule out that a `..` left the directory while something was renamed.
            Err(HostErrno::AGAIN | HostErrno::INTR) => {}
            Err(HostErrno::XDEV) => return Err(Errno::Notcapable),
            Err(errno) => return Err(errno.into()),
        }
    }
    Err(Errno::Again)
}
