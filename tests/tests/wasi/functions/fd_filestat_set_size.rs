//! `fd_filestat_set_size`: `badf`, `dquot`, `inval`, `notcapable`.

use crate::scratch::*;
use crate::streams::{piped, with_file};
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Access, WasiConfig};

#[test]
fn files_are_cut_and_filled_up() {
    for version in Version::ALL {
        let (mut guest, file) = with_file(version, b"0123456789");
        for size in [4, 4, 0, 100] {
            let set = guest.call("fd_filestat_set_size", &[1, size]);
            assert_eq!(set, Errno::Success);
            assert_eq!(file.metadata().unwrap().len(), size as u64);
        }
        assert_eq!(guest.written(), []);
    }
}

#[test]
fn what_has_no_size_to_set() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let reader = scratch.open("file", 0, ALL & !FD_WRITE).unwrap();
    let guest = &mut scratch.guest;
    for size in [-1, i64::MIN] {
        guest.refuse("fd_filestat_set_size", &[fd, size], Errno::Inval);
    }
    for fd in BAD {
        guest.refuse("fd_filestat_set_size", &[fd, 0], Errno::Badf);
    }
    for fd in [reader, DIR, 0] {
        guest.refuse("fd_filestat_set_size", &[fd, 0], Errno::Notcapable);
    }
    guest.give_up(fd, Rights::FD_FILESTAT_SET_SIZE);
    guest.refuse("fd_filestat_set_size", &[fd, 0], Errno::Notcapable);
    assert_eq!(scratch.read_host("file"), "contents");
    let (mut guest, ..) = piped(Version::Preview1);
    guest.refuse("fd_filestat_set_size", &[1, 0], Errno::Notcapable);
}

#[test]
fn a_quota_is_not_exceeded() {
    let mut scratch = Scratch::with(
        Version::Preview1,
        Access::ReadWrite,
        WasiConfig {
            written_bytes_max: Some(10),
            ..WasiConfig::default()
        },
    );
    let fd = scratch.file("1234");
    let guest = &mut scratch.guest;
    guest.refuse("fd_filestat_set_size", &[fd, 15], Errno::Dquot);
    for size in [14, 2] {
        let set = guest.call("fd_filestat_set_size", &[fd, size]);
        assert_eq!(set, Errno::Success);
    }
    // What was cut off is not given back.
    guest.refuse("fd_filestat_set_size", &[fd, 3], Errno::Dquot);
    assert_eq!(scratch.read_host("file"), "12");
}
