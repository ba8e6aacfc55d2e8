//! `path_filestat_set_times`: `inval` for flags, `rofs`, and what every path can give.

use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights};
use std::os::unix::fs::MetadataExt;

const fn taken(args: &[i64]) -> Taken<'_> {
    Taken {
        name: "path_filestat_set_times",
        args,
        fd: 0,
        path: 2,
        right: Rights::PATH_FILESTAT_SET_TIMES,
    }
}

const LINK: Taken<'_> = taken(&[DIR, 0, 0, 0, 1_000_000_000, 2_000_000_000, 5]);
const FOLLOWED: Taken<'_> = taken(&[DIR, 1, 0, 0, 3_000_000_000, 4_000_000_000, 4]);

#[test]
fn times_are_set() {
    with_each_lookup(|scratch| {
        populate(scratch);
        assert_eq!(LINK.call(scratch, b"file"), Errno::Success);
        assert_eq!(scratch.guest.written(), []);
        let metadata = scratch.host("file").metadata().unwrap();
        assert_eq!((metadata.atime(), metadata.mtime()), (1, 2));
        assert_eq!(LINK.call(scratch, b"link"), Errno::Success);
        let metadata = scratch.host("link").symlink_metadata().unwrap();
        assert_eq!(metadata.mtime(), 2);
        // Not the time of access, which is not asked for.
        assert_eq!(FOLLOWED.call(scratch, b"link"), Errno::Success);
        let metadata = scratch.host("file").metadata().unwrap();
        assert_eq!((metadata.atime(), metadata.mtime()), (1, 4));
        assert_eq!(LINK.call(scratch, b"dir/"), Errno::Success);
        assert_eq!(scratch.host("dir").metadata().unwrap().mtime(), 2);
        // A link out is a link like any other, but nobody goes through it.
        assert_eq!(LINK.call(scratch, b"out"), Errno::Success);
        assert_eq!(FOLLOWED.call(scratch, b"out"), Errno::Notcapable);
        assert!(scratch.host("../outside").metadata().unwrap().mtime() > 4);
        assert_eq!(LINK.call(scratch, b"missing"), Errno::Noent);
        assert_eq!(LINK.call(scratch, b"dir_link/"), Errno::Notdir);
        let latest = taken(&[DIR, 0, 0, 0, -1, -1, 5]);
        assert_eq!(latest.call(scratch, b"file"), Errno::Success);
        let now = taken(&[DIR, 0, 0, 0, 0, 0, 0b1010]);
        assert_eq!(now.call(scratch, b"file"), Errno::Success);
        assert!(scratch.host("file").metadata().unwrap().mtime() > 1_600_000_000);
    });
}

#[test]
fn paths_are_checked() {
    with_each_lookup(|scratch| LINK.is_checked(scratch));
    with_each_lookup(|scratch| FOLLOWED.is_checked(scratch));
}

#[test]
fn flags_without_a_meaning_are_invalid() {
    let mut scratch = Scratch::writable();
    let [path, len] = scratch.path(b"file");
    for (flags, times) in [(2, 5), (-1, 5), (0, 3), (0, 12), (0, 16), (0, -1)] {
        let args = [DIR, flags, path, len, 1, 1, times];
        scratch.guest.refuse(LINK.name, &args, Errno::Inval);
    }
}

#[test]
fn a_read_only_directory_keeps_its_times() {
    with_each_read_only(|scratch| {
        for path in [&b"file"[..], b"link", b"dir"] {
            assert_eq!(LINK.call(scratch, path), Errno::Rofs);
            assert_eq!(FOLLOWED.call(scratch, path), Errno::Rofs);
        }
    });
}
