//! Output files: they appear whole or not at all.
//!
//! The bytes go to a file without a name in the destination's own directory, reach the disk, and get the
//! name at the end. A compile that fails, is interrupted or is killed leaves what was there before.

use anyhow::{Context, Result};
use rustix::fs::{AtFlags, CWD, Mode, OFlags};
use rustix::io::Errno;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Whether the file is to be run as a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Plain,
    Executable,
}

/// Writes `bytes` to `path`, or to standard output if that is `-`.
pub fn write(path: &Path, bytes: &[u8], mark: Mark) -> Result<()> {
    if path == Path::new("-") {
        let mut out = io::stdout().lock();
        out.write_all(bytes)
            .and_then(|()| out.flush())
            .context("cannot write to standard output")
    } else {
        write_file(path, bytes, mark).with_context(|| format!("cannot write `{}`", path.display()))
    }
}

/// Whether [`write`] is likely to succeed: asked before long work, whose results are not to be lost then.
#[cfg(feature = "bench")]
pub fn check(path: &Path) -> Result<()> {
    let cannot = || format!("cannot write `{}`", path.display());
    match std::fs::metadata(path) {
        _ if path == Path::new("-") => return Ok(()),
        Ok(there) if there.is_dir() => {
            return Err(io::Error::from(io::ErrorKind::IsADirectory)).with_context(cannot);
        }
        Ok(there) if is_stream(&there) => return Ok(()),
        _ => {}
    }
    let access = rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK;
    rustix::fs::access(directory_of(path), access).with_context(cannot)
}

fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn write_file(path: &Path, bytes: &[u8], mark: Mark) -> io::Result<()> {
    // A device or pipe has no contents to replace: `-o /dev/null` writes there. A link is followed, so
    // that what it points to is replaced and not the link.
    let path = &match std::fs::metadata(path) {
        Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if is_stream(&there) => {
            return File::options().write(true).open(path)?.write_all(bytes);
        }
        Ok(_) => std::fs::canonicalize(path)?,
        Err(_) => path.to_owned(),
    };
    let mode = mode(path, mark);
    let directory = directory_of(path);
    match unnamed(directory) {
        Ok(file) => {
            fill(&file, bytes, mode)?;
            let pending = Pending::link(&file, path)?;
            pending.publish(path, directory)
        }
        // A file system that has no files without names.
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::NOENT) if directory.is_dir() => {
            let (file, pending) = Pending::create(path)?;
            fill(&file, bytes, mode)?;
            pending.publish(path, directory)
        }
        Err(error) => Err(error.into()),
    }
}

fn is_stream(there: &std::fs::Metadata) -> bool {
    let kind = there.file_type();
    kind.is_char_device() || kind.is_block_device() || kind.is_fifo() || kind.is_socket()
}

/// Permissions of the file to come: those of the file it replaces, or what `umask` leaves; executables can
/// be executed by whoever can read them.
fn mode(path: &Path, mark: Mark) -> Option<u32> {
    let there = std::fs::metadata(path)
        .ok()
        .map(|there| there.permissions().mode() & 0o7777);
    match (there, mark) {
        (Some(mode), Mark::Plain) => Some(mode),
        (Some(mode), Mark::Executable) => Some(mode | (mode & 0o444) >> 2),
        (None, Mark::Plain) => None,
        (None, Mark::Executable) => {
            // The only way to learn the umask is to set it.
            let umask = rustix::process::umask(Mode::empty());
            rustix::process::umask(umask);
            Some(0o777 & !umask.bits())
        }
    }
}

fn unnamed(directory: &Path) -> Result<File, Errno> {
    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    rustix::fs::open(directory, flags, Mode::from_raw_mode(0o666)).map(File::from)
}

fn fill(mut file: &File, bytes: &[u8], mode: Option<u32>) -> io::Result<()> {
    file.write_all(bytes)?;
    if let Some(mode) = mode {
        rustix::fs::fchmod(file.as_fd(), Mode::from_raw_mode(mode))?;
    }
    file.sync_all()
}

/// A file under a temporary name; removed again unless it is published.
struct Pending {
    path: PathBuf,
    published: bool,
}

impl Pending {
    /// Names tried before giving up: another process may hold some of them.
    const ATTEMPTS: u32 = 100;

    /// A name for the file without one.
    fn link(file: &File, path: &Path) -> io::Result<Pending> {
        use std::os::fd::AsRawFd;
        let source = format!("/proc/self/fd/{}", file.as_raw_fd());
        Self::with_free_name(path, |name| {
            rustix::fs::linkat(CWD, &source, CWD, name, AtFlags::SYMLINK_FOLLOW)?;
            Ok(())
        })
        .map(|((), pending)| pending)
    }

    /// A new file that has a temporary name from the start.
    fn create(path: &Path) -> io::Result<(File, Pending)> {
        Self::with_free_name(path, |name| File::create_new(name))
    }

    fn with_free_name<T>(
        path: &Path,
        mut make: impl FnMut(&Path) -> io::Result<T>,
    ) -> io::Result<(T, Pending)> {
        let stem = path.file_name().unwrap_or_default().to_string_lossy();
        // Room for the rest of the name under the usual limit of 255 bytes.
        let stem: String = stem.chars().take(40).collect();
        for attempt in 0..Self::ATTEMPTS {
            let name = format!(".{stem}.{}-{attempt}.tmp", std::process::id());
            let candidate = path.with_file_name(name);
            match make(&candidate) {
                Ok(made) => {
                    let pending = Pending {
                        path: candidate,
                        published: false,
                    };
                    return Ok((made, pending));
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Gives the file its final name, in one step, and makes the name last.
    fn publish(mut self, path: &Path, directory: &Path) -> io::Result<()> {
        std::fs::rename(&self.path, path)?;
        self.published = true;
        File::open(directory)?.sync_all()
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if !self.published {
            // The error that brought us here is the one to report.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_whole_and_keeps_its_mode() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.so");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
        write(&path, b"new", Mark::Plain).unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640);
        write(&path, b"newer", Mark::Executable).unwrap();
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o750);
        assert_eq!(names(directory.path()), ["a.so"]);
    }

    #[test]
    fn a_link_stays_a_link() {
        let directory = tempfile::tempdir().unwrap();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        std::fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, b"new", Mark::Plain).unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read(&file).unwrap(), b"new");
    }

    #[test]
    fn failure_leaves_nothing_behind() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("missing/a.so");
        assert!(write(&missing, b"x", Mark::Plain).is_err());
        assert!(write(directory.path(), b"x", Mark::Plain).is_err());
        assert!(write(Path::new("/dev/full"), b"x", Mark::Plain).is_err());
        assert_eq!(names(directory.path()), [""; 0]);
    }

    #[test]
    fn a_file_that_was_never_published_is_removed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.so");
        let (file, pending) = Pending::create(&path).unwrap();
        fill(&file, b"x", None).unwrap();
        assert_eq!(names(directory.path()).len(), 1);
        drop(pending);
        assert_eq!(names(directory.path()), [""; 0]);
    }
}
