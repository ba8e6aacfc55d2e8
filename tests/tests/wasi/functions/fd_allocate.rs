//! `fd_allocate`: `badf`, `dquot`, `fbig`, `inval`, `isdir`, `notcapable`, `spipe`.

use crate::scratch::*;
use crate::streams::{piped, with_file};
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Access, WasiConfig};

#[test]
fn a_file_grows_and_keeps_its_contents() {
    for version in Version::ALL {
        let (mut guest, file) = with_file(version, b"0123456789");
        let size = || file.metadata().unwrap().len();
        assert_eq!(guest.call("fd_allocate", &[1, 0, 4]), Errno::Success);
        assert_eq!(size(), 10);
        assert_eq!(guest.call("fd_allocate", &[1, 8, 92]), Errno::Success);
        assert_eq!(size(), 100);
        assert_eq!(guest.written(), []);
    }
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let grown = scratch.guest.call("fd_allocate", &[fd, 6, 4]);
    assert_eq!(grown, Errno::Success);
    assert_eq!(scratch.read_host("file"), "contents\0\0");
}

#[test]
fn what_cannot_be_allocated() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let guest = &mut scratch.guest;
    guest.refuse_all(
        "fd_allocate",
        &[
            (&[fd, 0, 0], Errno::Inval),
            (&[fd, i64::MAX, 1], Errno::Fbig),
            (&[fd, 1, i64::MAX], Errno::Fbig),
            (&[fd, -1, -1], Errno::Fbig),
            (&[fd, 1, -1], Errno::Fbig),
            (&[DIR, 0, 1], Errno::Isdir),
        ],
    );
    for fd in BAD {
        guest.refuse("fd_allocate", &[fd, 0, 1], Errno::Badf);
    }
    guest.give_up(fd, Rights::FD_ALLOCATE);
    guest.refuse("fd_allocate", &[fd, 0, 100], Errno::Notcapable);
    // What was opened to be read cannot be made longer.
    let reader = scratch.open("file", 0, ALL & !FD_WRITE).unwrap();
    let guest = &mut scratch.guest;
    guest.refuse("fd_allocate", &[reader, 0, 100], Errno::Notcapable);
    assert_eq!(scratch.read_host("file"), "contents");
    let (mut guest, ..) = piped(Version::Preview1);
    guest.refuse("fd_allocate", &[1, 0, 1], Errno::Spipe);
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
    // Six bytes of hole, and five.
    guest.refuse("fd_allocate", &[fd, 10, 5], Errno::Dquot);
    guest.refuse("fd_allocate", &[fd, 0, 11], Errno::Dquot);
    assert_eq!(guest.call("fd_allocate", &[fd, 10, 4]), Errno::Success);
    guest.refuse("fd_allocate", &[fd, 0, 1], Errno::Dquot);
    assert_eq!(scratch.read_host("file").len(), 14);
}
