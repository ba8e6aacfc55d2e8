//! `fd_renumber`: `badf`.

use crate::scratch::*;
use crate::streams::{list, piped};
use ahead_wasi::types::{Errno, Version};
use std::io::Read;

#[test]
fn one_moves_and_the_other_is_closed() {
    for version in Version::ALL {
        let (mut guest, _feed, mut drain) = piped(version);
        // Output goes to the place of input: the input pipe is closed, descriptor 1 is free.
        assert_eq!(guest.call("fd_renumber", &[1, 0]), Errno::Success);
        guest.put(100, b"z");
        let [iovs, len] = list(&mut guest, &[(100, 1)]);
        assert_eq!(guest.call("fd_write", &[0, iovs, len, 500]), Errno::Success);
        let mut out = [0];
        drain.read_exact(&mut out).unwrap();
        assert_eq!(&out, b"z");
        guest.written();
        guest.refuse("fd_write", &[1, iovs, len, 500], Errno::Badf);
        guest.refuse("fd_renumber", &[0, 1], Errno::Badf);
        // Onto itself nothing happens.
        assert_eq!(guest.call("fd_renumber", &[0, 0]), Errno::Success);
        assert_eq!(guest.call("fd_fdstat_get", &[0, 2000]), Errno::Success);
    }
}

#[test]
fn what_moved_keeps_what_it_is() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    assert_eq!(scratch.open("file", 0, FD_READ), Ok(fd + 1));
    let moved = scratch.guest.call("fd_renumber", &[fd, 0]);
    assert_eq!(moved, Errno::Success);
    scratch.guest.refuse("fd_close", &[fd], Errno::Badf);
    assert_eq!(scratch.write(0, b"C"), Errno::Success);
    assert_eq!(scratch.read_host("file"), "Contents");
    scratch.close(0);
}

#[test]
fn both_have_to_be_there() {
    let mut scratch = Scratch::writable();
    for fd in BAD {
        for args in [[fd, 0], [0, fd], [DIR, fd], [fd, fd]] {
            scratch.guest.refuse("fd_renumber", &args, Errno::Badf);
        }
    }
    // Neither is closed by the attempt.
    for fd in [0, DIR] {
        scratch.close(fd);
    }
}
