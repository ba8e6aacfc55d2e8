//! What a guest may do by name in a directory it was given: open, make, remove, rename, link, ask.
//!
//! Names are resolved by the [`sandbox`](crate::sandbox); here is what happens to what was found. A directory
//! that was given read-only behaves as a file system mounted read-only: whatever would change something under
//! it is `rofs`, the source of a link or a rename included. Rights are another matter, see
//! [`crate::descriptor`].

use crate::descriptor::Host;
use crate::quota::Quota;
use crate::sandbox::{Follow, Place, Resolver, Root, SplitPath};
use crate::types::{Errno, Fdflags, Oflags};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, Timestamps};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex};

/// Whether a guest may change what is in a directory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    #[default]
    ReadWrite,
    ReadOnly,
}

/// An open directory of the guest's, as the start of paths. It stays open while somebody has it, though the guest
/// may have closed its descriptor meanwhile.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    pub(crate) host: Arc<Host>,
    /// Held by who lists it: the host's position in it is all threads'.
    pub(crate) listing: Arc<Mutex<()>>,
    pub(crate) resolver: Resolver,
    pub(crate) access: Access,
}

/// How a guest wants something opened.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenOptions {
    pub(crate) follow: Follow,
    pub(crate) oflags: Oflags,
    pub(crate) fdflags: Fdflags,
    pub(crate) read: bool,
    pub(crate) write: bool,
}

/// What was opened: a file, a directory or a harmless device.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) fd: OwnedFd,
    pub(crate) kind: FileType,
}

/// Devices that programs expect and that stand for nothing on the host, by their numbers on Linux: `null`, `zero`,
/// `full`, `random`, `urandom`.
const HARMLESS: [(u32, u32); 5] = [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9)];

/// Permissions of what a guest makes, before the host's umask.
const FILE_MODE: Mode = Mode::from_raw_mode(0o666);
const DIRECTORY_MODE: Mode = Mode::from_raw_mode(0o777);

impl Directory {
    fn root(&self) -> Root<'_> {
        Root {
            fd: self.host.as_fd(),
            resolver: self.resolver,
        }
    }

    fn writable(&self) -> Result<(), Errno> {
        match self.access {
            Access::ReadWrite => Ok(()),
            Access::ReadOnly => Err(Errno::Rofs),
        }
    }

    /// Opens a file or a directory. `acces` for what is neither: a device, a pipe or a socket that the host
    /// has in its directory was not handed out with it. [`HARMLESS`] devices are like files.
    pub(crate) fn open(
        &self,
        path: &[u8],
        options: &OpenOptions,
        quota: &Quota,
    ) -> Result<Opened, Errno> {
        let creates = options.oflags.contains(Oflags::CREAT);
        let truncates = options.oflags.contains(Oflags::TRUNC);
        if creates && options.oflags.contains(Oflags::DIRECTORY) {
            return Err(Errno::Inval);
        }
        if self.access == Access::ReadOnly {
            if options.write || truncates {
                return Err(Errno::Rofs);
            }
            if creates {
                return self.open_instead_of_creating(path, options);
            }
        }
        if creates && quota.counts_names() {
            return self.open_counted(path, options, quota);
        }
        self.open_host(path, options)
    }

    fn open_host(&self, path: &[u8], options: &OpenOptions) -> Result<Opened, Errno> {
        let creates = options.oflags.contains(Oflags::CREAT);
        let truncates = options.oflags.contains(Oflags::TRUNC);
        let flags = host_flags(options, truncates);
        let mode = if creates { FILE_MODE } else { Mode::empty() };
        let fd = self.root().open(path, options.follow, flags, mode)?;
        let stat = rustix::fs::fstat(&fd)?;
        let kind = FileType::from_raw_mode(stat.st_mode);
        match kind {
            FileType::RegularFile | FileType::Directory => {}
            FileType::CharacterDevice if HARMLESS.contains(&device(&stat)) => {}
            _ => return Err(Errno::Acces),
        }
        if truncates && kind == FileType::RegularFile {
            // Not by `O_TRUNC`: now it is known to be a file.
            rustix::fs::ftruncate(&fd, 0)?;
        }
        Ok(Opened { fd, kind })
    }

    /// What exists can be opened with `creat` in a read-only directory too.
    fn open_instead_of_creating(
        &self,
        path: &[u8],
        options: &OpenOptions,
    ) -> Result<Opened, Errno> {
        let exclusive = options.oflags.contains(Oflags::EXCL);
        let follow = if exclusive {
            Follow::No
        } else {
            options.follow
        };
        match self.root().node(path, follow) {
            Ok(_) if exclusive => Err(Errno::Exist),
            Ok(_) => self.open_host(
                path,
                &OpenOptions {
                    oflags: Oflags::empty(),
                    ..*options
                },
            ),
            Err(Errno::Noent) => Err(Errno::Rofs),
            Err(errno) => Err(errno),
        }
    }

    /// With `creat`, where it matters whether a file is made. The host does not tell, so what is there is looked
    /// for first. If somebody else makes it just then, the guest has paid for it.
    fn open_counted(
        &self,
        path: &[u8],
        options: &OpenOptions,
        quota: &Quota,
    ) -> Result<Opened, Errno> {
        let split = SplitPath::new(path)?;
        if split.is_directory {
            return Err(Errno::Isdir);
        }
        if !options.oflags.contains(Oflags::EXCL) {
            let oflags = options.oflags.difference(Oflags::CREAT);
            match self.open_host(path, &OpenOptions { oflags, ..*options }) {
                Ok(opened) if opened.kind == FileType::Directory => return Err(Errno::Isdir),
                Err(Errno::Noent) => {}
                other => return other,
            }
        }
        match quota.spend_name(|| self.open_host(path, options)) {
            Some(opened) => opened,
            None => Err(refusal(&self.root().place(path, Errno::Exist)?)),
        }
    }

    /// The attributes of what `path` means.
    pub(crate) fn stat(&self, path: &[u8], follow: Follow) -> Result<Stat, Errno> {
        let node = self.root().node(path, follow)?;
        Ok(rustix::fs::fstat(&node)?)
    }

    pub(crate) fn set_times(
        &self,
        path: &[u8],
        follow: Follow,
        times: &Timestamps,
    ) -> Result<(), Errno> {
        self.writable()?;
        let node = self.root().node(path, follow)?;
        rustix::fs::utimensat(&node, c"", times, AtFlags::EMPTY_PATH)?;
        Ok(())
    }

    /// What a symbolic link says, as much as `buffer` holds; gives the number of bytes. `inval` for anything
    /// but a link.
    pub(crate) fn read_link(&self, path: &[u8], buffer: &mut [u8]) -> Result<usize, Errno> {
        let node = self.root().node(path, Follow::No)?;
        if kind_of(&node)? != FileType::Symlink {
            return Err(Errno::Inval);
        }
        if buffer.is_empty() {
            return Ok(0);
        }
        Ok(rustix::fs::readlinkat_raw(&node, c"", buffer)?)
    }

    pub(crate) fn create_directory(&self, path: &[u8], quota: &Quota) -> Result<(), Errno> {
        self.writable()?;
        let place = self.root().place(path, Errno::Exist)?;
        make(&place, quota, || {
            rustix::fs::mkdirat(place.parent(), place.name.bytes(), DIRECTORY_MODE)
        })
    }

    /// Removes an empty directory; a link to one is `notdir`.
    pub(crate) fn remove_directory(&self, path: &[u8]) -> Result<(), Errno> {
        self.writable()?;
        let place = self.root().place(path, Errno::Inval)?;
        rustix::fs::unlinkat(place.parent(), place.name.bytes(), AtFlags::REMOVEDIR)?;
        Ok(())
    }

    /// Removes a file or a link, and no directory: that is `isdir`.
    pub(crate) fn unlink_file(&self, path: &[u8]) -> Result<(), Errno> {
        self.writable()?;
        let place = self.root().place(path, Errno::Isdir)?;
        if place.is_directory {
            return Err(match kind_at(&place)? {
                FileType::Directory => Errno::Isdir,
                _ => Errno::Notdir,
            });
        }
        rustix::fs::unlinkat(place.parent(), place.name.bytes(), AtFlags::empty())?;
        Ok(())
    }

    /// Gives what is at `path` the name `new_path` in `new_directory`. `busy` for a path that ends in `.` or
    /// `..`, as the host has it.
    pub(crate) fn rename(
        &self,
        path: &[u8],
        new_directory: &Directory,
        new_path: &[u8],
    ) -> Result<(), Errno> {
        self.writable()?;
        new_directory.writable()?;
        let old = self.root().place(path, Errno::Busy)?;
        let new = new_directory.root().place(new_path, Errno::Busy)?;
        if (old.is_directory || new.is_directory) && kind_at(&old)? != FileType::Directory {
            return Err(Errno::Notdir);
        }
        rustix::fs::renameat(
            old.parent(),
            old.name.bytes(),
            new.parent(),
            new.name.bytes(),
        )?;
        Ok(())
    }

    /// Makes a hard link at `new_path` to what is at `path`, which is not followed. `perm` for a directory.
    pub(crate) fn link(
        &self,
        path: &[u8],
        new_directory: &Directory,
        new_path: &[u8],
        quota: &Quota,
    ) -> Result<(), Errno> {
        // Whoever may write to one name may write to the file: the old name counts as well.
        self.writable()?;
        new_directory.writable()?;
        let old = self.root().place(path, Errno::Perm)?;
        let new = new_directory.root().place(new_path, Errno::Exist)?;
        if old.is_directory && kind_at(&old)? != FileType::Directory {
            return Err(Errno::Notdir);
        }
        refuse_slash(&new)?;
        make(&new, quota, || {
            rustix::fs::linkat(
                old.parent(),
                old.name.bytes(),
                new.parent(),
                new.name.bytes(),
                AtFlags::empty(),
            )
        })
    }

    /// Makes a symbolic link at `path` that says `target`.
    ///
    /// A guest cannot follow a link out of its directory, but other programs of the host can. So a target
    /// that is absolute is `notcapable`, and so is one that leads up and out of the directory from where the link
    /// stands; one that goes up behind a name has to go through directories that are there, since nobody knows what
    /// the name will be.
    pub(crate) fn symlink(&self, target: &[u8], path: &[u8], quota: &Quota) -> Result<(), Errno> {
        self.writable()?;
        let climb = climb(target)?;
        let place = self.root().place(path, Errno::Exist)?;
        refuse_slash(&place)?;
        if !climb.is_empty() {
            let parent = SplitPath::new(path)?.parent;
            let parent = if parent.is_empty() { b"." } else { parent };
            let way = [parent, b"/", climb].concat();
            self.root().directory(&way).map_err(|errno| match errno {
                Errno::Noent | Errno::Notdir => Errno::Notcapable,
                errno => errno,
            })?;
        }
        make(&place, quota, || {
            rustix::fs::symlinkat(target, place.parent(), place.name.bytes())
        })
    }
}

/// The part of a link's target that may lead up: all to the last `..`; nothing if there is none.
fn climb(target: &[u8]) -> Result<&[u8], Errno> {
    match target.first() {
        None => return Err(Errno::Noent),
        Some(b'/') => return Err(Errno::Notcapable),
        Some(_) => {}
    }
    let mut end = 0;
    let mut start = 0;
    for step in target.split(|&byte| byte == b'/') {
        if step == b".." {
            end = start + step.len();
        }
        start += step.len() + 1;
    }
    Ok(&target[..end])
}

/// The host's flags for an open. What the host has in the directory may be a pipe or a device: opening it
/// must neither wait nor make it the process's terminal.
fn host_flags(options: &OpenOptions, truncates: bool) -> OFlags {
    let mut flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    flags |= match (options.read, options.write || truncates) {
        (_, false) => OFlags::RDONLY,
        (false, true) => OFlags::WRONLY,
        (true, true) => OFlags::RDWR,
    };
    for (asked, flag) in [
        (options.oflags.contains(Oflags::CREAT), OFlags::CREATE),
        (
            options.oflags.contains(Oflags::DIRECTORY),
            OFlags::DIRECTORY,
        ),
        (options.oflags.contains(Oflags::EXCL), OFlags::EXCL),
        (options.fdflags.contains(Fdflags::APPEND), OFlags::APPEND),
        (options.fdflags.contains(Fdflags::DSYNC), OFlags::DSYNC),
        (options.fdflags.contains(Fdflags::RSYNC), OFlags::RSYNC),
        (options.fdflags.contains(Fdflags::SYNC), OFlags::SYNC),
    ] {
        // Not `set`: `O_SYNC` has the bit of `O_DSYNC` in it.
        if asked {
            flags |= flag;
        }
    }
    flags
}

/// The number of a device.
fn device(stat: &Stat) -> (u32, u32) {
    (
        rustix::fs::major(stat.st_rdev),
        rustix::fs::minor(stat.st_rdev),
    )
}

fn kind_of(fd: &OwnedFd) -> Result<FileType, Errno> {
    Ok(FileType::from_raw_mode(rustix::fs::fstat(fd)?.st_mode))
}

/// What stands at `place` now, without following it.
fn kind_at(place: &Place<'_>) -> Result<FileType, Errno> {
    let (parent, name) = (place.parent(), place.name.bytes());
    let stat = rustix::fs::statat(parent, name, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(FileType::from_raw_mode(stat.st_mode))
}

/// Makes the name at `place`, if the quota has one left. What fails costs nothing.
fn make(
    place: &Place<'_>,
    quota: &Quota,
    act: impl FnOnce() -> rustix::io::Result<()>,
) -> Result<(), Errno> {
    match quota.spend_name(|| Ok(act()?)) {
        Some(made) => made,
        None => Err(refusal(place)),
    }
}

/// Why nothing is made at `place` for want of quota: `exist` if there is something, which a guest may be content with.
fn refusal(place: &Place<'_>) -> Errno {
    match kind_at(place) {
        Ok(_) => Errno::Exist,
        Err(Errno::Noent) => Errno::Dquot,
        Err(errno) => errno,
    }
}

/// For what is made and is no directory: a slash at the end of its name asks for what cannot be.
fn refuse_slash(place: &Place<'_>) -> Result<(), Errno> {
    if !place.is_directory {
        return Ok(());
    }
    Err(match kind_at(place)? {
        FileType::Directory => Errno::Exist,
        _ => Errno::Notdir,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_leads_up_to_its_last_dots() {
        for (target, way) in [
            (&b"a"[..], Ok(&b""[..])),
            (b"..", Ok(b"..")),
            (b"./.././/../a/b", Ok(b"./.././/..")),
            (b"...", Ok(b"")),
            (b"a/..", Ok(b"a/..")),
            (b"../a/../b", Ok(b"../a/..")),
            (b"a/..b/../", Ok(b"a/..b/..")),
            (b"/", Err(Errno::Notcapable)),
            (b"", Err(Errno::Noent)),
        ] {
            assert_eq!(climb(target), way, "{}", target.escape_ascii());
        }
    }
}
