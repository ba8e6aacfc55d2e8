//! `path_remove_directory`: `inval`, `notempty`, `rofs`, and what every path can give.

use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights};

const TAKEN: Taken<'_> = Taken {
    name: "path_remove_directory",
    args: &[DIR, 0, 0],
    fd: 0,
    path: 1,
    right: Rights::PATH_REMOVE_DIRECTORY,
};

#[test]
fn empty_directories_are_removed() {
    with_each_lookup(|scratch| {
        populate(scratch);
        scratch.mkdir_host("dir/inner");
        for (path, errno) in [
            (&b"dir"[..], Errno::Notempty),
            (b"dir_link/inner/", Errno::Success),
            (b"empty", Errno::Success),
            (b"empty", Errno::Noent),
            (b"file", Errno::Notdir),
            (b"file/", Errno::Notdir),
            (b"link", Errno::Notdir),
            (b"dir_link", Errno::Notdir),
            (b"dir_link/", Errno::Notdir),
            (b".", Errno::Inval),
            (b"dir/.", Errno::Inval),
            (b"dir/..", Errno::Inval),
        ] {
            let result = TAKEN.call(scratch, path);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
            assert_eq!(scratch.guest.written(), []);
        }
        assert!(!scratch.host("empty").exists() && !scratch.host("dir/inner").exists());
        assert_eq!(scratch.read_host("dir/file"), "inner");
    });
}

#[test]
fn paths_are_checked() {
    with_each_lookup(|scratch| TAKEN.is_checked(scratch));
}

#[test]
fn nothing_goes_from_a_read_only_directory() {
    with_each_read_only(|scratch| {
        for path in [&b"file"[..], b"dir", b"new"] {
            assert_eq!(TAKEN.call(scratch, path), Errno::Rofs);
        }
    });
}
