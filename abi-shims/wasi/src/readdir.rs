//! Directory entries as `fd_readdir` hands them out.
//!
//! A cookie is the host's own position in the directory, which stays valid while files come and go. So there is
//! no state between calls, and nothing in memory that a directory could be too large for.

use crate::types::{Errno, Filetype};
use rustix::fs::{AtFlags, FileType, RawDir, SeekFrom};
use std::mem::MaybeUninit;
use std::os::fd::BorrowedFd;

/// Bytes of a `dirent`, behind which its name stands.
const DIRENT_BYTES: usize = 24;

/// What is read from the host at a time.
const CHUNK_BYTES: usize = 8192;

/// Has `put` write the entries of `directory` from `cookie` on, piece by piece, each with its place in a buffer of `room`
/// bytes; gives the number of bytes: all of them unless the directory ends before. The last entry may be cut off.
pub(crate) fn fill(
    directory: BorrowedFd<'_>,
    room: u32,
    cookie: u64,
    mut put: impl FnMut(u32, &[u8]) -> Result<(), Errno>,
) -> Result<u32, Errno> {
    if cookie > i64::MAX as u64 {
        return Err(Errno::Inval);
    }
    rustix::fs::seek(directory, SeekFrom::Start(cookie))?;
    let mut chunk = [MaybeUninit::uninit(); CHUNK_BYTES];
    let mut entries = RawDir::new(directory, &mut chunk);
    let mut used = 0;
    let mut put = |bytes: &[u8], used: &mut u32| {
        let fits = bytes.len().min((room - *used) as usize);
        put(*used, &bytes[..fits])?;
        *used += fits as u32;
        Ok::<_, Errno>(())
    };
    while used < room {
        let Some(entry) = entries.next() else { break };
        let entry = entry?;
        let name = entry.file_name();
        let inode = if name == c".." {
            // What is above the guest's directory is none of its business: the top is its own parent.
            rustix::fs::fstat(directory)?.st_ino
        } else {
            entry.ino()
        };
        let kind = match entry.file_type() {
            FileType::Unknown => kind_of(directory, name),
            kind => kind,
        };
        let header = dirent(
            entry.next_entry_cookie(),
            inode,
            name.count_bytes() as u32,
            kind.into(),
        );
        put(&header, &mut used)?;
        put(name.to_bytes(), &mut used)?;
    }
    Ok(used)
}

/// ```text
/// 0 next cookie: u64 | 8 inode: u64 | 16 bytes of the name: u32 | 20 filetype: u8 | 24 name
/// ```
fn dirent(next: u64, inode: u64, name_bytes: u32, filetype: Filetype) -> [u8; DIRENT_BYTES] {
    let mut out = [0; DIRENT_BYTES];
    out[..8].copy_from_slice(&next.to_le_bytes());
    out[8..16].copy_from_slice(&inode.to_le_bytes());
    out[16..20].copy_from_slice(&name_bytes.to_le_bytes());
    out[20] = filetype.code();
    out
}

/// For file systems that do not say in the entry.
fn kind_of(directory: BorrowedFd<'_>, name: &std::ffi::CStr) -> FileType {
    rustix::fs::statat(directory, name, AtFlags::SYMLINK_NOFOLLOW)
        .map_or(FileType::Unknown, |stat| {
            FileType::from_raw_mode(stat.st_mode)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs::File;
    use std::os::fd::AsFd;

    /// A directory of the host's with `count` files in it.
    fn scratch(count: usize) -> tempfile::TempDir {
        let scratch = tempfile::tempdir().unwrap();
        for index in 0..count {
            File::create(scratch.path().join(format!("file{index}"))).unwrap();
        }
        scratch
    }

    /// Fills a buffer of the host's.
    fn fill_buffer(directory: &File, buffer: &mut [u8], cookie: u64) -> Result<usize, Errno> {
        let room = buffer.len() as u32;
        let used = fill(directory.as_fd(), room, cookie, |at, bytes| {
            buffer[at as usize..][..bytes.len()].copy_from_slice(bytes);
            Ok(())
        })?;
        Ok(used as usize)
    }

    /// The names, and the cookie behind each, of the whole entries in `bytes`.
    fn parse(mut bytes: &[u8]) -> Vec<(String, u64)> {
        let mut entries = Vec::new();
        while bytes.len() >= DIRENT_BYTES {
            let word = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap());
            let end = DIRENT_BYTES + (word(16) as u32) as usize;
            let Some(name) = bytes.get(DIRENT_BYTES..end) else {
                break;
            };
            entries.push((String::from_utf8(name.to_vec()).unwrap(), word(0)));
            bytes = &bytes[end..];
        }
        entries
    }

    #[test]
    fn every_size_of_buffer_sees_every_entry_once() {
        let scratch = scratch(40);
        let directory = File::open(scratch.path()).unwrap();
        for size in [40, 64, 100, 1000, 100_000] {
            let mut seen = BTreeSet::new();
            let mut cookie = 0;
            loop {
                let mut buffer = vec![0; size];
                let used = fill_buffer(&directory, &mut buffer, cookie).unwrap();
                for (name, next) in parse(&buffer[..used]) {
                    assert!(seen.insert(name.clone()), "{name} twice, {size} bytes");
                    cookie = next;
                }
                if used < size {
                    break;
                }
            }
            assert_eq!(seen.len(), 42, "{size} bytes");
        }
    }

    #[test]
    fn cookies_outlive_changes() {
        let scratch = scratch(30);
        let directory = File::open(scratch.path()).unwrap();
        let mut buffer = [0; 10_000];
        let used = fill_buffer(&directory, &mut buffer, 0).unwrap();
        let before = parse(&buffer[..used]);
        let (_, cookie) = before[15];
        for (name, _) in before[..10]
            .iter()
            .filter(|(name, _)| name.starts_with('f'))
        {
            std::fs::remove_file(scratch.path().join(name)).unwrap();
        }
        let used = fill_buffer(&directory, &mut buffer, cookie).unwrap();
        assert_eq!(parse(&buffer[..used]), before[16..]);
    }

    #[test]
    fn the_parent_stays_unknown() {
        let scratch = scratch(0);
        let directory = File::open(scratch.path()).unwrap();
        let mut buffer = [0; 200];
        assert_eq!(fill_buffer(&directory, &mut buffer, 0), Ok(24 + 1 + 24 + 2));
        let inode = |at: usize| u64::from_le_bytes(buffer[at..at + 8].try_into().unwrap());
        assert_eq!(inode(8), inode(25 + 8));
        assert_eq!(fill_buffer(&directory, &mut [], 0), Ok(0));
        let wrong = fill_buffer(&directory, &mut buffer, 1 << 63);
        assert_eq!(wrong, Err(Errno::Inval));
    }
}
