//! `fd_datasync`: `badf`, `inval`, `notcapable`.

use crate::scratch::*;
use crate::streams::{piped, with_file};
use ahead_wasi::types::{Errno, Rights, Version};

#[test]
fn files_and_directories_are_written_through() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    assert_eq!(scratch.write(fd, b"C"), Errno::Success);
    scratch.guest.written();
    for fd in [fd, DIR] {
        assert_eq!(scratch.guest.call("fd_datasync", &[fd]), Errno::Success);
    }
    assert_eq!(scratch.guest.written(), []);
    assert_eq!(scratch.read_host("file"), "Contents");
    for version in Version::ALL {
        let (mut guest, _file) = with_file(version, b"contents");
        assert_eq!(guest.call("fd_datasync", &[1]), Errno::Success);
    }
}

#[test]
fn what_has_no_disk_behind_it() {
    let (mut guest, ..) = piped(Version::Preview1);
    guest.refuse("fd_datasync", &[1], Errno::Inval);
    // Input is not for that.
    guest.refuse("fd_datasync", &[0], Errno::Notcapable);
    for fd in BAD {
        guest.refuse("fd_datasync", &[fd], Errno::Badf);
    }
}

#[test]
fn the_right_can_be_given_up() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    for fd in [fd, DIR] {
        scratch.guest.give_up(fd, Rights::FD_DATASYNC);
        scratch
            .guest
            .refuse("fd_datasync", &[fd], Errno::Notcapable);
    }
}
