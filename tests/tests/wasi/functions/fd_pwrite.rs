//! `fd_pwrite`: `badf`, `dquot`, `fault`, `inval`, `isdir`, `notcapable`, `spipe`.

use crate::scratch::*;
use crate::streams::{list, list_edges, piped, with_file};
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Access, WasiConfig};
use std::io::{Read, Seek};

#[test]
fn the_position_stays() {
    for version in Version::ALL {
        let (mut guest, mut file) = with_file(version, b"0123456789");
        guest.put(100, b"abc");
        let [iovs, len] = list(&mut guest, &[(101, 2), (0, 0), (100, 1)]);
        for (offset, end) in [(2, 10), (12, 15)] {
            let written = guest.call("fd_pwrite", &[1, iovs, len, offset, 500]);
            assert_eq!((written, guest.word(500)), (Errno::Success, 3));
            guest.only_wrote(&[500..504]);
            assert_eq!(file.metadata().unwrap().len(), end);
        }
        assert_eq!(file.stream_position().unwrap(), 0);
        let mut contents = String::new();
        file.read_to_string(&mut contents).unwrap();
        assert_eq!(contents, "01bca56789\0\0bca");
    }
}

#[test]
fn its_own_list_and_result_may_be_written() {
    let (mut guest, mut file) = with_file(Version::Preview1, b"");
    let [iovs, len] = list(&mut guest, &[(1000, 8), (1000, 4)]);
    let written = guest.call("fd_pwrite", &[1, iovs, len, 0, 1000]);
    assert_eq!((written, guest.word(1000)), (Errno::Success, 12));
    let mut contents = Vec::new();
    file.read_to_end(&mut contents).unwrap();
    assert_eq!(contents[..8], [0xe8, 3, 0, 0, 8, 0, 0, 0]);
    assert_eq!(contents[8..], contents[..4]);
}

#[test]
fn arguments_have_to_be_inside() {
    let (mut guest, file) = with_file(Version::Preview1, b"0123456789");
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.edges("fd_pwrite", &[1, iovs, len, 0, 500], &[(4, 4)]);
    list_edges(&mut guest, "fd_pwrite", &[1, iovs, len, 0, 500], 1);
    assert_eq!(file.metadata().unwrap().len(), 10);
}

#[test]
fn what_cannot_be_written() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let reader = scratch.open("file", 0, ALL & !FD_WRITE).unwrap();
    let guest = &mut scratch.guest;
    let [iovs, len] = list(guest, &[(100, 2)]);
    for offset in [-1, i64::MIN] {
        let args = [fd, iovs, len, offset, 500];
        guest.refuse("fd_pwrite", &args, Errno::Inval);
    }
    for (fd, errno) in [(reader, Errno::Badf), (DIR, Errno::Isdir)] {
        guest.refuse("fd_pwrite", &[fd, iovs, len, 0, 500], errno);
    }
    for fd in BAD {
        guest.refuse("fd_pwrite", &[fd, iovs, len, 0, 500], Errno::Badf);
    }
    guest.give_up(fd, Rights::FD_SEEK);
    let args = [fd, iovs, len, 0, 500];
    guest.refuse("fd_pwrite", &args, Errno::Notcapable);
    assert_eq!(scratch.read_host("file"), "contents");
    let (mut guest, ..) = piped(Version::Preview1);
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.refuse("fd_pwrite", &[1, iovs, len, 0, 500], Errno::Spipe);
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
    let [iovs, len] = list(guest, &[(100, 2), (100, 4)]);
    // Behind a hole of ten bytes there is nothing left.
    guest.refuse("fd_pwrite", &[fd, iovs, len, 14, 500], Errno::Dquot);
    guest.refuse("fd_pwrite", &[fd, iovs, len, i64::MAX, 500], Errno::Dquot);
    for (offset, bytes) in [(7, 6), (0, 1)] {
        let written = guest.call("fd_pwrite", &[fd, iovs, len, offset, 500]);
        assert_eq!((written, guest.word(500)), (Errno::Success, bytes));
        guest.written();
    }
    guest.refuse("fd_pwrite", &[fd, iovs, len, 0, 500], Errno::Dquot);
    assert_eq!(scratch.host("file").metadata().unwrap().len(), 13);
}
