//! Files out of the kernel's cache, so that the next one to read them waits for the disk.

use rustix::fs::{Advice, fadvise, fsync};
use rustix::io::{Errno, ReadWriteFlags, preadv2};
use std::fs::File;
use std::io::{self, IoSliceMut};
use std::path::Path;

/// Takes a file out of the cache. `false` if it is still there: another process has it mapped, or the file system
/// keeps its files in memory and nowhere else.
pub fn forget(path: &Path) -> io::Result<bool> {
    let file = File::open(path)?;
    // Pages that are not written yet stay.
    fsync(&file)?;
    fadvise(&file, 0, None, Advice::DontNeed)?;
    Ok(!has_first_page(&file)?)
}

/// Whether a file's first page can be read without waiting for the disk.
fn has_first_page(file: &File) -> io::Result<bool> {
    let mut byte = [0];
    let read = preadv2(
        file,
        &mut [IoSliceMut::new(&mut byte)],
        0,
        ReadWriteFlags::NOWAIT,
    );
    match read {
        Ok(_) => Ok(true),
        Err(Errno::AGAIN) => Ok(false),
        // Not every file system can tell; then nothing is said to be cold.
        Err(Errno::OPNOTSUPP) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_forgotten_is_not_there_until_it_is_read() {
        let folder = tempfile::tempdir_in(env!("CARGO_MANIFEST_DIR")).unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, vec![7; 100_000]).unwrap();
        if !forget(&path).unwrap() {
            eprintln!("skipped: files of this file system stay in memory");
            return;
        }
        assert_eq!(std::fs::read(&path).unwrap().len(), 100_000);
        assert!(has_first_page(&File::open(&path).unwrap()).unwrap());
    }
}
