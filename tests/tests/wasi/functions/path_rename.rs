//! `path_rename`: `busy`, `inval`, `isdir`, `notempty`, `rofs`, `xdev`, and what every path can give.

use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Access, PathLookup, Preopen, WasiConfig};

fn rename(scratch: &mut Scratch, from: &[u8], to: &[u8]) -> Errno {
    let [from, from_len] = scratch.path(from);
    let [to, to_len] = scratch.other_path(to);
    let args = [DIR, from, from_len, DIR, to, to_len];
    let result = scratch.guest.call("path_rename", &args);
    assert_eq!(scratch.guest.written(), []);
    result
}

#[test]
fn names_change() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (from, to, errno) in [
            ("file", "renamed", Errno::Success),
            ("renamed", "dir/file", Errno::Success),
            ("empty/", "moved/", Errno::Success),
            ("dir", "moved", Errno::Success),
            // The link itself, wherever it leads.
            ("out", "moved/out", Errno::Success),
            ("missing", "x", Errno::Noent),
            ("moved/file", "new/", Errno::Notdir),
            ("moved/file/", "new", Errno::Notdir),
            ("moved", "link", Errno::Notdir),
            ("moved", "moved/inner", Errno::Inval),
            (".", "x", Errno::Busy),
            ("moved/..", "x", Errno::Busy),
            ("moved", "moved/..", Errno::Busy),
            ("moved", ".", Errno::Busy),
            ("link", "link", Errno::Success),
        ] {
            let result = rename(scratch, from.as_bytes(), to.as_bytes());
            assert_eq!(result, errno, "`{from}` to `{to}`");
        }
        assert_eq!(scratch.read_host("moved/file"), "contents");
        assert!(scratch.host("moved/out").is_symlink());
        scratch.mkdir_host("other");
        assert_eq!(rename(scratch, b"other", b"moved"), Errno::Notempty);
        // The host may find that it is a directory, or that there is something in its way.
        let over = rename(scratch, b"link", b"moved");
        assert!(matches!(
            over,
            Errno::Isdir | Errno::Notempty | Errno::Exist
        ));
        assert_eq!(rename(scratch, b"link", b"other"), Errno::Isdir);
    });
}

#[test]
fn both_paths_are_checked() {
    with_each_lookup(|scratch| {
        let [other, other_len] = scratch.other_path(b"other");
        let args = [DIR, 0, 0, DIR, other, other_len];
        let from = Taken {
            name: "path_rename",
            args: &args,
            fd: 0,
            path: 1,
            right: Rights::PATH_RENAME_SOURCE,
        };
        from.is_checked(scratch);
    });
    with_each_lookup(|scratch| {
        let [other, other_len] = scratch.other_path(b"link");
        let args = [DIR, other, other_len, DIR, 0, 0];
        let to = Taken {
            name: "path_rename",
            args: &args,
            fd: 3,
            path: 4,
            right: Rights::PATH_RENAME_TARGET,
        };
        to.is_checked(scratch);
    });
}

#[test]
fn a_read_only_directory_keeps_its_names() {
    with_each_read_only(|scratch| {
        for (from, to) in [
            (&b"file"[..], &b"new"[..]),
            (b"dir", b"new"),
            (b"link", b"file"),
        ] {
            assert_eq!(rename(scratch, from, to), Errno::Rofs);
        }
    });
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
        let [to, to_len] = scratch.other_path(b"file");
        for (from_fd, to_fd) in [(DIR, DIR + 1), (DIR + 1, DIR)] {
            let args = [from_fd, from, from_len, to_fd, to, to_len];
            scratch.guest.refuse("path_rename", &args, Errno::Rofs);
        }
        let theirs = std::fs::read_to_string(other.path().join("file"));
        assert_eq!(theirs.unwrap(), "theirs");
    }
}

#[test]
fn a_name_stays_on_its_disk() {
    let Some(mut scratch) = Scratch::on_two_disks() else {
        return;
    };
    scratch.write_host("file", "mine");
    let [from, from_len] = scratch.path(b"file");
    let [to, to_len] = scratch.other_path(b"new");
    let args = [DIR, from, from_len, DIR + 1, to, to_len];
    scratch.guest.refuse("path_rename", &args, Errno::Xdev);
}
