//! `path_create_directory`: `dquot`, `exist`, `rofs`, and what every path can give.

use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Access, PathLookup, WasiConfig};

const TAKEN: Taken<'_> = Taken {
    name: "path_create_directory",
    args: &[DIR, 0, 0],
    fd: 0,
    path: 1,
    right: Rights::PATH_CREATE_DIRECTORY,
};

#[test]
fn directories_are_made() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (path, errno) in [
            (&b"new"[..], Errno::Success),
            (b"new/inner///", Errno::Success),
            (b"dir_link/inner", Errno::Success),
            (b"\xff\xfe", Errno::Success),
            (b"new", Errno::Exist),
            (b"file", Errno::Exist),
            (b"dir_link", Errno::Exist),
            (b"dangling", Errno::Exist),
            (b".", Errno::Exist),
            (b"dir/..", Errno::Exist),
        ] {
            let result = TAKEN.call(scratch, path);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
            assert_eq!(scratch.guest.written(), []);
        }
        assert!(scratch.host("new/inner").is_dir() && scratch.host("dir/inner").is_dir());
        assert!(!scratch.host("nothing").exists());
    });
}

#[test]
fn paths_are_checked() {
    with_each_lookup(|scratch| TAKEN.is_checked(scratch));
}

#[test]
fn nothing_is_made_in_a_read_only_directory() {
    with_each_read_only(|scratch| {
        for path in [&b"file"[..], b"dir", b"new", b"dir/new"] {
            assert_eq!(TAKEN.call(scratch, path), Errno::Rofs);
        }
    });
}

#[test]
fn a_quota_is_not_exceeded() {
    for path_lookup in [PathLookup::Kernel, PathLookup::Walk] {
        let config = WasiConfig {
            files_max: Some(2),
            path_lookup,
            ..WasiConfig::default()
        };
        let mut scratch = Scratch::with(Version::Preview1, Access::ReadWrite, config);
        for (path, errno) in [
            (&b"one"[..], Errno::Success),
            // What fails costs nothing.
            (b"one", Errno::Exist),
            (b"missing/two", Errno::Noent),
            (b"one/two", Errno::Success),
            (b"three", Errno::Dquot),
            (b"one", Errno::Exist),
            (b"missing/two", Errno::Noent),
        ] {
            let result = TAKEN.call(&mut scratch, path);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
        }
        assert!(!scratch.host("three").exists());
    }
}
