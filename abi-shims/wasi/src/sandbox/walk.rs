//! Looking a path up without `openat2`: one component at a time, so that the kernel never sees more than one
//! plain name, and never follows a link.
//!
//! ```text
//! root ─ a ─ b ─ c        dirs, all open
//!   a/b/link/d            component: open it in the last of dirs with O_PATH | O_NOFOLLOW
//!     directory           push its descriptor
//!     link                read it, put its components before the rest; at most 40 times
//!     `..`                pop; with nothing to pop, the path leaves the root
//! ```
//!
//! `..` goes back to the descriptor that the walk came from and not to what the kernel calls the parent, so a
//! directory that is moved away in the meantime takes nobody with it.

use super::RETRIES_MAX;
use crate::types::Errno;
use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno as HostErrno;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// How many links one lookup follows: the kernel's limit.
const LINKS_MAX: u32 = 40;

/// How deep below its root a lookup may go at any time; each level takes a descriptor of the host.
const LEVELS_MAX: usize = 256;

/// How many components may be left to go: more than a path has room for, and few enough for links that multiply
/// each other not to take memory without end.
const COMPONENTS_MAX: usize = 4096;

/// Opens what `path` means below `root`. `flags` are the host's; `O_NOFOLLOW` concerns the last component.
pub(super) fn open(
    root: BorrowedFd<'_>,
    path: &[u8],
    flags: OFlags,
    mode: Mode,
) -> Result<OwnedFd, Errno> {
    let mut walk = Walk {
        root,
        dirs: Vec::new(),
        rest: Vec::new(),
        links: 0,
    };
    walk.put_before(path);
    let mut retries = 0;
    while let Some(component) = walk.rest.pop() {
        match &component[..] {
            b"" | b"." => {}
            b".." => {
                walk.dirs.pop().ok_or(Errno::Notcapable)?;
            }
            name if !walk.rest.is_empty() => walk.enter(name)?,
            name => match walk.finish(name, flags, mode)? {
                Some(fd) => return Ok(fd),
                // A link, whose components are now to be walked; or something that became one just now.
                None => {
                    retries += 1;
                    if retries > RETRIES_MAX {
                        return Err(Errno::Again);
                    }
                }
            },
        }
    }
    // The path ends in a directory that is open already.
    let here = walk.here();
    Ok(rustix::fs::openat(here, c".", flags, mode)?)
}

struct Walk<'a> {
    root: BorrowedFd<'a>,
    /// The directories from below the root to where the walk is.
    dirs: Vec<OwnedFd>,
    /// The components to come, the next one last.
    rest: Vec<Vec<u8>>,
    links: u32,
}

impl Walk<'_> {
    fn here(&self) -> BorrowedFd<'_> {
        self.dirs.last().map_or(self.root, AsFd::as_fd)
    }

    fn put_before(&mut self, path: &[u8]) {
        let components = path.split(|&byte| byte == b'/').rev();
        self.rest.extend(components.map(<[u8]>::to_vec));
    }

    /// What `name` is here, without following it.
    fn node(&self, name: &[u8]) -> Result<(OwnedFd, FileType), HostErrno> {
        let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let fd = rustix::fs::openat(self.here(), name, flags, Mode::empty())?;
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&fd)?.st_mode);
        Ok((fd, kind))
    }

    /// Goes into the directory `name`, or puts what a link says before the rest.
    fn enter(&mut self, name: &[u8]) -> Result<(), Errno> {
        match self.node(name)? {
            (_, FileType::Directory) if self.dirs.len() == LEVELS_MAX => Err(Errno::Nametoolong),
            (directory, FileType::Directory) => {
                self.dirs.push(directory);
                Ok(())
            }
            (link, FileType::Symlink) => self.follow(&link),
            _ => Err(Errno::Notdir),
        }
    }

    fn follow(&mut self, link: &OwnedFd) -> Result<(), Errno> {
        self.links += 1;
        if self.links > LINKS_MAX {
            return Err(Errno::Loop);
        }
        let target = rustix::fs::readlinkat(link, c"", Vec::new())?;
        match target.as_bytes().first() {
            None => Err(Errno::Noent),
            Some(b'/') => Err(Errno::Notcapable),
            Some(_) => {
                self.put_before(target.as_bytes());
                if self.rest.len() > COMPONENTS_MAX {
                    return Err(Errno::Nametoolong);
                }
                Ok(())
            }
        }
    }

    /// Opens the last component. `None` if it was a link to follow, or changed while it was looked at.
    fn finish(&mut self, name: &[u8], flags: OFlags, mode: Mode) -> Result<Option<OwnedFd>, Errno> {
        let open = |here| rustix::fs::openat(here, name, flags | OFlags::NOFOLLOW, mode);
        let creates_anew = flags.contains(OFlags::CREATE | OFlags::EXCL);
        if flags.contains(OFlags::NOFOLLOW) || creates_anew {
            return Ok(Some(open(self.here())?));
        }
        match self.node(name) {
            Ok((link, FileType::Symlink)) => {
                self.follow(&link)?;
                return Ok(None);
            }
            Ok(_) => {}
            Err(HostErrno::NOENT) if flags.contains(OFlags::CREATE) => {}
            Err(errno) => return Err(errno.into()),
        }
        match open(self.here()) {
            Ok(fd) => {
                // `O_PATH` opens a link that `O_NOFOLLOW` keeps from being followed.
                let is_link = flags.contains(OFlags::PATH)
                    && FileType::from_raw_mode(rustix::fs::fstat(&fd)?.st_mode)
                        == FileType::Symlink;
                if is_link {
                    self.rest.push(name.to_vec());
                    return Ok(None);
                }
                Ok(Some(fd))
            }
            Err(HostErrno::LOOP) => {
                self.rest.push(name.to_vec());
                Ok(None)
            }
            Err(errno) => Err(errno.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::os::unix::fs::symlink;

    fn look_up(directory: &tempfile::TempDir, path: &[u8]) -> Result<(), Errno> {
        let root = File::open(directory.path()).unwrap();
        let flags = OFlags::PATH | OFlags::CLOEXEC;
        open(root.as_fd(), path, flags, Mode::empty()).map(|_| ())
    }

    #[test]
    fn links_that_multiply_are_cut_short() {
        let scratch = tempfile::tempdir().unwrap();
        for length in 1..=10 {
            let rest = "/.".repeat(1000);
            let target = format!("link{}{rest}", length - 1);
            symlink(target, scratch.path().join(format!("link{length}"))).unwrap();
        }
        std::fs::create_dir(scratch.path().join("link0")).unwrap();
        assert_eq!(look_up(&scratch, b"link4"), Ok(()));
        assert_eq!(look_up(&scratch, b"link10"), Err(Errno::Nametoolong));
    }

    #[test]
    fn depth_is_bounded_and_counts_what_is_open() {
        let scratch = tempfile::tempdir().unwrap();
        let deep = "d/".repeat(LEVELS_MAX + 1);
        std::fs::create_dir_all(scratch.path().join(&deep)).unwrap();
        let at = |levels: usize| "d/".repeat(levels).into_bytes();
        assert_eq!(look_up(&scratch, &at(LEVELS_MAX)), Ok(()));
        let beyond = look_up(&scratch, &at(LEVELS_MAX + 1));
        assert_eq!(beyond, Err(Errno::Nametoolong));
        // Up and down again is not deep.
        let zigzag = b"d/../".repeat(2 * LEVELS_MAX);
        assert_eq!(look_up(&scratch, &zigzag), Ok(()));
    }
}
