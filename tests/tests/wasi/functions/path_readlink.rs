//! `path_readlink`: `inval` for what is no link, and what every path can give.

use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Access, PathLookup};

const ROOM: u32 = 64;

const TAKEN: Taken<'_> = Taken {
    name: "path_readlink",
    args: &[DIR, 0, 0, OUT as i64, ROOM as i64, DATA as i64],
    fd: 0,
    path: 1,
    right: Rights::PATH_READLINK,
};

#[test]
fn what_a_link_says_is_told_as_far_as_there_is_room() {
    for version in Version::ALL {
        for lookup in [PathLookup::Kernel, PathLookup::Walk] {
            let mut scratch = Scratch::of(version, Access::ReadOnly, lookup, 64);
            scratch.mkdir_host("dir");
            // Reading is not following: what is outside may be told of.
            scratch.link_host("dir/link", "/etc/passwd");
            for (room, bytes) in [(64, 11), (11, 11), (3, 3), (1, 1), (0, 0)] {
                let [path, len] = scratch.path(b"dir/link");
                let args = [DIR, path, len, i64::from(OUT), room, i64::from(DATA)];
                let told = scratch.guest.call("path_readlink", &args);
                assert_eq!(told, Errno::Success);
                scratch
                    .guest
                    .only_wrote(&[OUT..OUT + bytes, DATA..DATA + 4]);
                assert_eq!(scratch.guest.word(DATA), bytes);
                let expected = &b"/etc/passwd"[..bytes as usize];
                assert_eq!(scratch.guest.bytes(OUT, bytes), expected);
            }
        }
    }
}

#[test]
fn what_is_no_link_says_nothing() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (path, errno) in [
            (&b"file"[..], Errno::Inval),
            (b"dir", Errno::Inval),
            (b"dir/", Errno::Inval),
            (b".", Errno::Inval),
            (b"missing", Errno::Noent),
            (b"dir_link/", Errno::Notdir),
            (b"..", Errno::Notcapable),
        ] {
            let result = TAKEN.call(scratch, path);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
            assert_eq!(scratch.guest.written(), []);
        }
    });
}

#[test]
fn paths_are_checked() {
    with_each_lookup(|scratch| TAKEN.is_checked(scratch));
}

#[test]
fn the_result_has_to_fit() {
    let mut scratch = Scratch::writable();
    scratch.link_host("link", "target");
    let [path, len] = scratch.path(b"link");
    let args = [DIR, path, len, i64::from(OUT), 64, i64::from(DATA)];
    let edges = [(3, ROOM), (5, 4)];
    scratch.guest.edges("path_readlink", &args, &edges);
    let huge = [DIR, path, len, 1, i64::from(u32::MAX), i64::from(DATA)];
    scratch.guest.refuse("path_readlink", &huge, Errno::Fault);
    // The text and its length may be one: the length wins.
    let out = i64::from(OUT);
    let args = [DIR, path, len, out, 64, out + 2];
    assert_eq!(scratch.guest.call("path_readlink", &args), Errno::Success);
    assert_eq!(scratch.guest.bytes(OUT, 6), b"ta\x06\0\0\0");
}
