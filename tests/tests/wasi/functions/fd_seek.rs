//! `fd_seek`: `badf`, `fault`, `inval`, `isdir`, `notcapable`, `spipe`.

use crate::scratch::*;
use crate::sockets::{CONNECTION, connected};
use crate::streams::{piped, with_file};
use ahead_wasi::types::{Errno, Rights, Version};
use std::io::Seek;

#[test]
fn positions_are_counted_by_each_version_s_numbers() {
    for (version, [set, cur, end]) in [
        (Version::Preview1, [0, 1, 2]),
        (Version::Preview0, [2, 0, 1]),
    ] {
        let (mut guest, mut file) = with_file(version, b"0123456789");
        for (offset, whence, position) in [
            (4, set, 4),
            (3, cur, 7),
            (-2, cur, 5),
            (-1, end, 9),
            (5, end, 15),
            (0, cur, 15),
            (i64::MAX, set, i64::MAX as u64),
            (15, set, 15),
        ] {
            let args = [0, offset, whence, 2000];
            // The latest positions are not for every file system.
            if guest.call("fd_seek", &args) == Errno::Inval && offset == i64::MAX {
                continue;
            }
            assert_eq!(guest.long(2000), position);
            guest.only_wrote(&[2000..2008]);
            assert_eq!(file.stream_position().unwrap(), position);
        }
        for (offset, whence) in [
            (-1, set),
            (i64::MIN, set),
            (-16, cur),
            (i64::MAX, cur),
            (i64::MIN, end),
            (0, 3),
            (0, 256),
            (0, -1),
        ] {
            let args = [0, offset, whence, 2000];
            guest.refuse("fd_seek", &args, Errno::Inval);
        }
        assert_eq!(file.stream_position().unwrap(), 15);
    }
}

#[test]
fn the_result_has_to_fit() {
    let (mut guest, mut file) = with_file(Version::Preview1, b"0123456789");
    guest.refuse("fd_seek", &[0, 3, 0, -1], Errno::Fault);
    assert_eq!(file.stream_position().unwrap(), 0);
    guest.edges("fd_seek", &[0, 3, 0, 2000], &[(3, 8)]);
}

#[test]
fn what_has_no_position() {
    let (mut guest, ..) = piped(Version::Preview1);
    for fd in 0..2 {
        guest.refuse("fd_seek", &[fd, 0, 0, 2000], Errno::Spipe);
    }
    for fd in BAD {
        guest.refuse("fd_seek", &[fd, 0, 0, 2000], Errno::Badf);
    }
    let (mut guest, _client) = connected(ahead_wasi::Blocking::Allowed);
    guest.refuse("fd_seek", &[CONNECTION, 0, 0, 2000], Errno::Spipe);
    let mut scratch = Scratch::writable();
    let args = [DIR, 0, 0, 2000];
    scratch.guest.refuse("fd_seek", &args, Errno::Isdir);
}

/// To ask where the position is takes another right than to move it.
#[test]
fn rights_are_two() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let guest = &mut scratch.guest;
    guest.give_up(fd, Rights::FD_SEEK);
    guest.refuse("fd_seek", &[fd, 1, 1, 2000], Errno::Notcapable);
    guest.refuse("fd_seek", &[fd, 0, 0, 2000], Errno::Notcapable);
    assert_eq!(guest.call("fd_seek", &[fd, 0, 1, 2000]), Errno::Success);
    guest.give_up(fd, Rights::FD_TELL);
    guest.refuse("fd_seek", &[fd, 0, 1, 2000], Errno::Notcapable);
}
