//! `fd_close`: `badf`.

use crate::scratch::*;
use crate::streams::piped;
use ahead_wasi::types::{Errno, Version};
use std::io::Read;

#[test]
fn the_host_s_end_is_closed_once() {
    for version in Version::ALL {
        let (mut guest, _feed, mut drain) = piped(version);
        assert_eq!(guest.call("fd_close", &[1]), Errno::Success);
        let mut out = Vec::new();
        drain.read_to_end(&mut out).unwrap();
        guest.refuse("fd_close", &[1], Errno::Badf);
        assert_eq!(guest.written(), []);
    }
}

#[test]
fn everything_can_be_closed() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    for fd in [fd, DIR, 0, 1, 2] {
        scratch.close(fd);
        scratch.guest.refuse("fd_close", &[fd], Errno::Badf);
    }
    assert_eq!(scratch.read_host("file"), "contents");
}

#[test]
fn what_is_none_cannot_be_closed() {
    let mut scratch = Scratch::writable();
    for fd in BAD {
        scratch.guest.refuse("fd_close", &[fd], Errno::Badf);
    }
}
