//! `fd_filestat_set_times`: `badf`, `inval`, `notcapable`, `rofs`.

use crate::scratch::*;
use crate::streams::with_file;
use ahead_wasi::types::{Errno, Rights, Version};
use std::fs::File;
use std::os::unix::fs::MetadataExt;

/// Last access and last change in nanoseconds.
fn times(file: &File) -> [i128; 2] {
    let metadata = file.metadata().unwrap();
    let nanoseconds =
        |seconds: i64, rest: i64| i128::from(seconds) * 1_000_000_000 + i128::from(rest);
    [
        nanoseconds(metadata.atime(), metadata.atime_nsec()),
        nanoseconds(metadata.mtime(), metadata.mtime_nsec()),
    ]
}

#[test]
fn each_time_is_set_kept_or_now() {
    for version in Version::ALL {
        let (mut guest, file) = with_file(version, b"contents");
        let mut set = |atim: i64, mtim: i64, flags: i64| {
            let args = [1, atim, mtim, flags];
            assert_eq!(guest.call("fd_filestat_set_times", &args), Errno::Success);
            assert_eq!(guest.written(), []);
            times(&file)
        };
        assert_eq!(set(7_000_000_001, 8, 0b0101), [7_000_000_001, 8]);
        assert_eq!(set(1, 9, 0b0100), [7_000_000_001, 9]);
        assert_eq!(set(6, 1, 0b0001), [6, 9]);
        assert_eq!(set(1, 1, 0), [6, 9]);
        let [accessed, modified] = set(0, 0, 0b1010);
        assert!(accessed > 1_600_000_000_000_000_000 && modified >= accessed);
        // The latest there is: the file system may keep the nearest that it can.
        assert!(set(-1, -1, 0b0101)[1] > modified);
    }
}

#[test]
fn what_cannot_be_set() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let guest = &mut scratch.guest;
    let name = "fd_filestat_set_times";
    for flags in [0b0011, 0b1100, 0b1111, 0b1_0000, 0x1_0000, -1] {
        guest.refuse(name, &[fd, 1, 1, flags], Errno::Inval);
    }
    for fd in BAD {
        guest.refuse(name, &[fd, 1, 1, 5], Errno::Badf);
    }
    assert_eq!(guest.call(name, &[DIR, 1, 1, 5]), Errno::Success);
    guest.refuse(name, &[0, 1, 1, 5], Errno::Notcapable);
    for fd in [fd, DIR] {
        guest.give_up(fd, Rights::FD_FILESTAT_SET_TIMES);
        guest.refuse(name, &[fd, 1, 1, 5], Errno::Notcapable);
    }
}

#[test]
fn a_read_only_directory_keeps_its_times() {
    with_each_read_only(|scratch| {
        let fd = scratch.open("file", 0, ALL & !FD_WRITE).unwrap();
        for fd in [fd, DIR] {
            let args = [fd, 0, 0, 5];
            let guest = &mut scratch.guest;
            guest.refuse("fd_filestat_set_times", &args, Errno::Rofs);
        }
    });
}
