//! `fd_fdstat_set_rights`: `badf`, `inval`, `notcapable`.

use crate::scratch::*;
use crate::streams::{list, piped};
use ahead_wasi::types::{Errno, Rights, Version};
use std::io::Write;

const READ: i64 = Rights::FD_READ.bits() as i64;
const WRITE: i64 = Rights::FD_WRITE.bits() as i64;

#[test]
fn rights_are_only_taken_away() {
    for version in Version::ALL {
        let (mut guest, mut feed, _drain) = piped(version);
        feed.write_all(b"x").unwrap();
        let [iovs, len] = list(&mut guest, &[(100, 2)]);
        let name = "fd_fdstat_set_rights";
        guest.refuse(name, &[0, READ | WRITE, 0], Errno::Notcapable);
        guest.refuse(name, &[0, READ, READ], Errno::Notcapable);
        assert_eq!(guest.call(name, &[0, READ, 0]), Errno::Success);
        assert_eq!(guest.written(), []);
        assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
        guest.written();
        guest.refuse("fd_filestat_get", &[0, 2000], Errno::Notcapable);
        guest.refuse("fd_fdstat_set_flags", &[0, 0], Errno::Notcapable);
        assert_eq!(guest.call(name, &[0, 0, 0]), Errno::Success);
        guest.refuse("fd_read", &[0, iovs, len, 500], Errno::Badf);
        guest.refuse(name, &[0, READ, 0], Errno::Notcapable);
    }
}

#[test]
fn bits_without_a_meaning_are_invalid() {
    let (mut guest, ..) = piped(Version::Preview1);
    for bits in [1 << 30, 1 << 32, i64::MIN, -1] {
        guest.refuse_all(
            "fd_fdstat_set_rights",
            &[(&[0, bits, 0], Errno::Inval), (&[0, 0, bits], Errno::Inval)],
        );
    }
    for fd in BAD {
        let args = [fd, 0, 0];
        guest.refuse("fd_fdstat_set_rights", &args, Errno::Badf);
    }
}

/// What a directory no longer lets others inherit cannot be had from it.
#[test]
fn inherited_rights_shrink_with_the_directory_s() {
    let mut scratch = Scratch::writable();
    scratch.write_host("file", "contents");
    scratch.guest.give_up(DIR, Rights::FD_WRITE);
    assert_eq!(scratch.open("file", 0, FD_WRITE), Err(Errno::Notcapable));
    assert!(scratch.open("file", 0, FD_READ).is_ok());
    scratch.guest.give_up(DIR, Rights::PATH_OPEN);
    assert_eq!(scratch.open("file", 0, 0), Err(Errno::Notcapable));
}
