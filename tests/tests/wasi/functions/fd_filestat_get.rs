//! `fd_filestat_get`: `badf`, `fault`, `notcapable`.

use crate::scratch::*;
use crate::streams::with_file;
use ahead_wasi::types::{Errno, Filestat, Filetype, Rights, Version};
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime};

#[test]
fn attributes_are_laid_out_by_version() {
    for (version, size_at) in [(Version::Preview1, 32), (Version::Preview0, 24)] {
        let bytes = Filestat::bytes(version);
        let (mut guest, file) = with_file(version, b"0123456");
        assert_eq!(guest.call("fd_filestat_get", &[0, 2000]), Errno::Success);
        guest.only_wrote(&[2000..2000 + bytes]);
        let metadata = file.metadata().unwrap();
        assert_eq!(guest.long(2000), metadata.dev());
        assert_eq!(guest.long(2008), metadata.ino());
        assert_eq!(guest.bytes(2016, 1), [Filetype::RegularFile.code()]);
        assert_eq!(
            guest.word(2000 + size_at - if bytes == 64 { 8 } else { 4 }),
            0
        );
        assert_eq!(guest.long(2000 + size_at), 7);
        let modified = metadata.mtime() * 1_000_000_000 + metadata.mtime_nsec();
        assert_eq!(guest.long(2000 + size_at + 16), modified as u64);
        guest.edges("fd_filestat_get", &[0, 2000], &[(1, bytes)]);
    }
}

#[test]
fn times_out_of_range_are_the_nearest() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let host = std::fs::File::options()
        .write(true)
        .open(scratch.host("file"))
        .unwrap();
    let mut modified = || {
        let args = [fd, i64::from(OUT)];
        assert_eq!(scratch.guest.call("fd_filestat_get", &args), Errno::Success);
        scratch.guest.only_wrote(&[OUT..OUT + 64]);
        scratch.guest.long(OUT + 48)
    };
    let year = Duration::from_secs(365 * 86400);
    host.set_modified(SystemTime::UNIX_EPOCH - 10 * year)
        .unwrap();
    assert!(host.metadata().unwrap().mtime() < 0);
    assert_eq!(modified(), 0);
    host.set_modified(SystemTime::UNIX_EPOCH + 400 * year)
        .unwrap();
    let seconds = host.metadata().unwrap().mtime() as u64;
    assert_eq!(modified() / 1_000_000_000, seconds);
}

#[test]
fn who_may_not_ask() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    for bad in BAD {
        let args = [bad, 2000];
        scratch.guest.refuse("fd_filestat_get", &args, Errno::Badf);
    }
    for fd in [0, fd, DIR] {
        let asked = scratch.guest.call("fd_filestat_get", &[fd, 2000]);
        assert_eq!(asked, Errno::Success);
        scratch.guest.give_up(fd, Rights::FD_FILESTAT_GET);
        let args = [fd, 2000];
        scratch
            .guest
            .refuse("fd_filestat_get", &args, Errno::Notcapable);
    }
}
