//! `fd_pread`: `badf`, `fault`, `inval`, `isdir`, `notcapable`, `spipe`.

use crate::scratch::*;
use crate::streams::{list, list_edges, piped, with_file};
use ahead_wasi::types::{Errno, Rights, Version};
use std::io::Seek;

#[test]
fn the_position_stays() {
    for version in Version::ALL {
        let (mut guest, mut file) = with_file(version, b"0123456789");
        // In the order of the list, not of the addresses.
        let [iovs, len] = list(&mut guest, &[(300, 2), (0, 0), (200, 3)]);
        let read = guest.call("fd_pread", &[0, iovs, len, 4, 500]);
        assert_eq!((read, guest.word(500)), (Errno::Success, 5));
        assert_eq!(guest.bytes(300, 2), b"45");
        assert_eq!(guest.bytes(200, 3), b"678");
        guest.only_wrote(&[300..302, 200..203, 500..504]);
        // Short at the end, nothing behind it.
        for (offset, bytes) in [(8, 2), (10, 0), (1 << 40, 0)] {
            let read = guest.call("fd_pread", &[0, iovs, len, offset, 500]);
            assert_eq!((read, guest.word(500)), (Errno::Success, bytes));
        }
        assert_eq!(file.stream_position().unwrap(), 0);
    }
}

#[test]
fn overlapping_buffers_give_a_short_read() {
    let (mut guest, _file) = with_file(Version::Preview1, b"0123456789");
    let [iovs, len] = list(&mut guest, &[(300, 4), (302, 4)]);
    let read = guest.call("fd_pread", &[0, iovs, len, 1, 500]);
    assert_eq!((read, guest.word(500)), (Errno::Success, 4));
    guest.only_wrote(&[300..304, 500..504]);
    assert_eq!(guest.bytes(300, 4), b"1234");
}

#[test]
fn arguments_have_to_be_inside() {
    let (mut guest, _file) = with_file(Version::Preview1, b"0123456789");
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.edges("fd_pread", &[0, iovs, len, 0, 500], &[(4, 4)]);
    list_edges(&mut guest, "fd_pread", &[0, iovs, len, 0, 500], 1);
}

#[test]
fn what_cannot_be_read() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let writer = scratch.open("file", 0, ALL & !FD_READ).unwrap();
    let guest = &mut scratch.guest;
    let [iovs, len] = list(guest, &[(100, 2)]);
    for offset in [-1, i64::MIN] {
        let args = [fd, iovs, len, offset, 500];
        guest.refuse("fd_pread", &args, Errno::Inval);
    }
    for (fd, errno) in [(writer, Errno::Badf), (DIR, Errno::Isdir)] {
        guest.refuse("fd_pread", &[fd, iovs, len, 0, 500], errno);
    }
    for fd in BAD {
        guest.refuse("fd_pread", &[fd, iovs, len, 0, 500], Errno::Badf);
    }
    guest.give_up(fd, Rights::FD_SEEK);
    let args = [fd, iovs, len, 0, 500];
    guest.refuse("fd_pread", &args, Errno::Notcapable);
    let (mut guest, ..) = piped(Version::Preview1);
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.refuse("fd_pread", &[0, iovs, len, 0, 500], Errno::Spipe);
}
