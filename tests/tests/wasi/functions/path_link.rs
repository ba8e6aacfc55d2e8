//! `path_link`: `dquot`, `exist`, `inval`, `perm`, `rofs`, `xdev`, and what every path can give.

use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Access, PathLookup, Preopen, WasiConfig};
use std::os::unix::fs::MetadataExt;

fn link(scratch: &mut Scratch, from: &[u8], to: &[u8]) -> Errno {
    let [from, from_len] = scratch.path(from);
    let [to, to_len] = scratch.other_path(to);
    let args = [DIR, 0, from, from_len, DIR, to, to_len];
    let result = scratch.guest.call("path_link", &args);
    assert_eq!(scratch.guest.written(), []);
    result
}

#[test]
fn files_get_second_names() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (from, to, errno) in [
            ("file", "dir/second", Errno::Success),
            // The links themselves.
            ("link", "second_link", Errno::Success),
            ("out", "second_out", Errno::Success),
            ("dir", "x", Errno::Perm),
            ("dir/", "x", Errno::Perm),
            (".", "x", Errno::Perm),
            ("file/", "x", Errno::Notdir),
            ("file", "dir", Errno::Exist),
            ("file", "dir/", Errno::Exist),
            ("file", ".", Errno::Exist),
            ("file", "x/", Errno::Noent),
            ("file", "link", Errno::Exist),
            ("file", "dangling", Errno::Exist),
            ("missing", "x", Errno::Noent),
        ] {
            let result = link(scratch, from.as_bytes(), to.as_bytes());
            assert_eq!(result, errno, "`{from}` to `{to}`");
        }
        let metadata = scratch.host("dir/second").metadata().unwrap();
        assert_eq!(metadata.nlink(), 2);
        assert!(scratch.host("second_link").is_symlink());
        assert!(scratch.host("second_out").is_symlink());
    });
}

#[test]
fn both_paths_are_checked() {
    with_each_lookup(|scratch| {
        let [other, other_len] = scratch.other_path(b"other");
        let args = [DIR, 0, 0, 0, DIR, other, other_len];
        let from = Taken {
            name: "path_link",
            args: &args,
            fd: 0,
            path: 2,
            right: Rights::PATH_LINK_SOURCE,
        };
        from.is_checked(scratch);
    });
    with_each_lookup(|scratch| {
        let [other, other_len] = scratch.other_path(b"link");
        let args = [DIR, 0, other, other_len, DIR, 0, 0];
        let to = Taken {
            name: "path_link",
            args: &args,
            fd: 4,
            path: 5,
            right: Rights::PATH_LINK_TARGET,
        };
        to.is_checked(scratch);
    });
}

/// The host cannot follow without looking the link up a second time.
#[test]
fn links_are_not_followed() {
    with_each_lookup(|scratch| {
        populate(scratch);
        let [from, from_len] = scratch.path(b"link");
        let [to, to_len] = scratch.other_path(b"x");
        for flags in [1, 2, -1] {
            let args = [DIR, flags, from, from_len, DIR, to, to_len];
            scratch.guest.refuse("path_link", &args, Errno::Inval);
        }
    });
}

#[test]
fn a_read_only_directory_gives_and_takes_none() {
    with_each_read_only(|scratch| {
        assert_eq!(link(scratch, b"file", b"new"), Errno::Rofs);
    });
    // Whoever may write to one name may write to the file.
    for path_lookup in [PathLookup::Kernel, PathLookup::Walk] {
        let other = tempfile::tempdir().unwrap();
        std::fs::write(other.path().join("file"), "theirs").unwrap();
        let read_only = Preopen::open(other.path(), b"/ro".to_vec(), Access::ReadOnly);
        let config = WasiConfig {
            preopens: vec![read_only.unwrap()],
            path_lookup,
            ..WasiConfig::default()
        };
        let mut scratch = Scratch::with(Version::Preview1, Access::ReadWrite, config);
        scratch.write_host("file", "mine");
        let [from, from_len] = scratch.path(b"file");
        let [to, to_len] = scratch.other_path(b"new");
        for (from_fd, to_fd) in [(DIR, DIR + 1), (DIR + 1, DIR)] {
            let args = [from_fd, 0, from, from_len, to_fd, to, to_len];
            scratch.guest.refuse("path_link", &args, Errno::Rofs);
        }
    }
}

#[test]
fn a_link_stays_on_its_disk() {
    let Some(mut scratch) = Scratch::on_two_disks() else {
        return;
    };
    scratch.write_host("file", "mine");
    let [from, from_len] = scratch.path(b"file");
    let [to, to_len] = scratch.other_path(b"new");
    let args = [DIR, 0, from, from_len, DIR + 1, to, to_len];
    scratch.guest.refuse("path_link", &args, Errno::Xdev);
}

#[test]
fn a_quota_is_not_exceeded() {
    let config = WasiConfig {
        files_max: Some(1),
        path_lookup: PathLookup::KernelOrWalk,
        ..WasiConfig::default()
    };
    let mut scratch = Scratch::with(Version::Preview1, Access::ReadWrite, config);
    scratch.write_host("file", "contents");
    assert_eq!(link(&mut scratch, b"file", b"one"), Errno::Success);
    assert_eq!(link(&mut scratch, b"file", b"two"), Errno::Dquot);
    assert_eq!(link(&mut scratch, b"file", b"one"), Errno::Exist);
    assert!(!scratch.host("two").exists());
}
