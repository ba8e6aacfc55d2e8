//! `path_unlink_file`: `isdir`, `rofs`, and what every path can give.

use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights};

const TAKEN: Taken<'_> = Taken {
    name: "path_unlink_file",
    args: &[DIR, 0, 0],
    fd: 0,
    path: 1,
    right: Rights::PATH_UNLINK_FILE,
};

#[test]
fn files_and_links_are_removed() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (path, errno) in [
            (&b"file/"[..], Errno::Notdir),
            (b"dir", Errno::Isdir),
            (b"dir/", Errno::Isdir),
            (b".", Errno::Isdir),
            (b"dir/..", Errno::Isdir),
            (b"missing", Errno::Noent),
            (b"missing/", Errno::Noent),
            (b"dir_link/", Errno::Notdir),
            // The link, and not what it says.
            (b"out", Errno::Success),
            (b"link", Errno::Success),
            (b"loop", Errno::Success),
            (b"dir_link/file", Errno::Success),
            (b"dir_link", Errno::Success),
            (b"file", Errno::Success),
        ] {
            let result = TAKEN.call(scratch, path);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
            assert_eq!(scratch.guest.written(), []);
        }
        assert!(scratch.host("dir").is_dir() && !scratch.host("dir/file").exists());
        assert_eq!(scratch.read_host("../outside"), "outside");
    });
}

#[test]
fn paths_are_checked() {
    with_each_lookup(|scratch| TAKEN.is_checked(scratch));
}

#[test]
fn nothing_goes_from_a_read_only_directory() {
    with_each_read_only(|scratch| {
        for path in [&b"file"[..], b"dir", b"link", b"new"] {
            assert_eq!(TAKEN.call(scratch, path), Errno::Rofs);
        }
    });
}

#[test]
fn a_removed_file_lives_on_while_it_is_open() {
    with_each_lookup(|scratch| {
        let fd = scratch.file("contents");
        assert_eq!(TAKEN.call(scratch, b"file"), Errno::Success);
        assert_eq!(scratch.read(fd), Ok(b"contents".to_vec()));
        assert_eq!(scratch.open("file", 0, FD_READ), Err(Errno::Noent));
    });
}
