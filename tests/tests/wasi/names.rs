//! The functions of `path` that do not open: make, remove, rename, link, ask.

use crate::guest::{END, outside};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Filestat, Version};
use ahead_wasi::{Access, PathLookup};
use std::os::unix::fs::MetadataExt;

fn populate(scratch: &Scratch) {
    scratch.write_host("file", "contents");
    scratch.mkdir_host("dir");
    scratch.write_host("dir/file", "inner");
    scratch.mkdir_host("empty");
    scratch.link_host("link", "file");
    scratch.link_host("dir_link", "dir");
    scratch.link_host("out", "../outside");
    scratch.link_host("up", "..");
}

/// Paths that no function of names may act on, and what each of them gives.
const REFUSED: &[(&[u8], Errno)] = &[
    (b"", Errno::Noent),
    (b"/", Errno::Notcapable),
    (b"/file", Errno::Notcapable),
    (b"../file", Errno::Notcapable),
    (b"up/file", Errno::Notcapable),
    (b"dir/../../outside", Errno::Notcapable),
    (b"missing/file", Errno::Noent),
    (b"file/file", Errno::Notdir),
];

#[test]
fn no_function_leaves_the_directory() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for &(path, errno) in REFUSED {
            for name in [
                "path_create_directory",
                "path_remove_directory",
                "path_unlink_file",
            ] {
                let result = scratch.call_path(name, path);
                assert_eq!(result, errno, "{name} `{}`", path.escape_ascii());
            }
            let [bad, bad_len] = scratch.path(path);
            let [good, good_len] = scratch.other_path(b"file");
            for (name, args) in [
                (
                    "path_filestat_get",
                    vec![DIR, 0, bad, bad_len, i64::from(OUT)],
                ),
                (
                    "path_filestat_get",
                    vec![DIR, 1, bad, bad_len, i64::from(OUT)],
                ),
                (
                    "path_filestat_set_times",
                    vec![DIR, 0, bad, bad_len, 0, 0, 5],
                ),
                ("path_link", vec![DIR, 0, bad, bad_len, DIR, good, good_len]),
                ("path_link", vec![DIR, 0, good, good_len, DIR, bad, bad_len]),
                (
                    "path_readlink",
                    vec![DIR, bad, bad_len, i64::from(OUT), 64, i64::from(DATA)],
                ),
                ("path_rename", vec![DIR, bad, bad_len, DIR, good, good_len]),
                ("path_rename", vec![DIR, good, good_len, DIR, bad, bad_len]),
                ("path_symlink", vec![good, good_len, DIR, bad, bad_len]),
            ] {
                scratch.guest.refuse(name, &args, errno);
            }
        }
        assert_eq!(scratch.read_host("../outside"), "outside");
        assert_eq!(scratch.read_host("file"), "contents");
    });
}

#[test]
fn a_read_only_directory_keeps_its_names() {
    with_each_read_only(|scratch| {
        for name in [
            "path_create_directory",
            "path_remove_directory",
            "path_unlink_file",
        ] {
            for path in [&b"file"[..], b"dir", b"new", b"dir/new"] {
                assert_eq!(scratch.call_path(name, path), Errno::Rofs, "{name}");
            }
        }
        let [file, file_len] = scratch.path(b"file");
        let [new, new_len] = scratch.other_path(b"new");
        for (name, args) in [
            (
                "path_filestat_set_times",
                vec![DIR, 0, file, file_len, 0, 0, 5],
            ),
            ("path_link", vec![DIR, 0, file, file_len, DIR, new, new_len]),
            ("path_rename", vec![DIR, file, file_len, DIR, new, new_len]),
            ("path_symlink", vec![file, file_len, DIR, new, new_len]),
        ] {
            scratch.guest.refuse(name, &args, Errno::Rofs);
        }
        // Not through a descriptor either.
        let fd = scratch.open("file", 0, ALL & !FD_WRITE).unwrap();
        for fd in [fd, DIR] {
            scratch
                .guest
                .refuse("fd_filestat_set_times", &[fd, 0, 0, 5], Errno::Rofs);
        }
        // Asking is free.
        let out = i64::from(OUT);
        let stat = scratch
            .guest
            .call("path_filestat_get", &[DIR, 0, file, file_len, out]);
        assert_eq!(stat, Errno::Success);
    });
}

#[test]
fn directories_come_and_go() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (path, errno) in [
            (&b"new"[..], Errno::Success),
            (b"new/inner///", Errno::Success),
            (b"new", Errno::Exist),
            (b"file", Errno::Exist),
            (b"dir_link", Errno::Exist),
            (b".", Errno::Exist),
            (b"dir/..", Errno::Exist),
        ] {
            let result = scratch.call_path("path_create_directory", path);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
        }
        assert!(scratch.host("new/inner").is_dir());
        for (path, errno) in [
            (&b"new"[..], Errno::Notempty),
            (b"new/inner/", Errno::Success),
            (b"new", Errno::Success),
            (b"new", Errno::Noent),
            (b"file", Errno::Notdir),
            (b"file/", Errno::Notdir),
            (b"dir_link", Errno::Notdir),
            (b"dir_link/", Errno::Notdir),
            (b".", Errno::Inval),
            (b"dir/..", Errno::Inval),
        ] {
            let result = scratch.call_path("path_remove_directory", path);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
        }
    });
}

#[test]
fn files_are_unlinked() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (path, errno) in [
            (&b"file/"[..], Errno::Notdir),
            (b"dir", Errno::Isdir),
            (b"dir/", Errno::Isdir),
            (b".", Errno::Isdir),
            (b"missing", Errno::Noent),
            (b"missing/", Errno::Noent),
            (b"dir_link/", Errno::Notdir),
            // The link, and not what it says.
            (b"out", Errno::Success),
            (b"dir_link", Errno::Success),
            (b"file", Errno::Success),
        ] {
            let result = scratch.call_path("path_unlink_file", path);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
        }
        assert!(scratch.host("dir/file").is_file());
        assert_eq!(scratch.read_host("../outside"), "outside");
    });
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
            ("missing", "x", Errno::Noent),
            ("moved/file", "new/", Errno::Notdir),
            ("moved/file/", "new", Errno::Notdir),
            ("moved", "moved/inner", Errno::Inval),
            (".", "x", Errno::Busy),
            ("moved", "moved/..", Errno::Busy),
            ("moved/file", "moved", Errno::Notempty),
        ] {
            let [from_at, from_len] = scratch.path(from.as_bytes());
            let [to_at, to_len] = scratch.other_path(to.as_bytes());
            let args = [DIR, from_at, from_len, DIR, to_at, to_len];
            let result = scratch.guest.call("path_rename", &args);
            // The host may find one fault or the other first.
            let errno = match (errno, result) {
                (Errno::Notempty, Errno::Isdir | Errno::Exist) => result,
                _ => errno,
            };
            assert_eq!(result, errno, "`{from}` to `{to}`");
        }
        assert_eq!(scratch.read_host("moved/file"), "contents");
    });
}

#[test]
fn files_get_second_names() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (from, to, errno) in [
            ("file", "dir/second", Errno::Success),
            ("link", "second_link", Errno::Success),
            ("dir", "x", Errno::Perm),
            ("dir/", "x", Errno::Perm),
            (".", "x", Errno::Perm),
            ("file/", "x", Errno::Notdir),
            ("file", "dir", Errno::Exist),
            ("file", "dir/", Errno::Exist),
            ("file", ".", Errno::Exist),
            ("file", "x/", Errno::Noent),
            ("file", "link", Errno::Exist),
            ("missing", "x", Errno::Noent),
        ] {
            let [from_at, from_len] = scratch.path(from.as_bytes());
            let [to_at, to_len] = scratch.other_path(to.as_bytes());
            let args = [DIR, 0, from_at, from_len, DIR, to_at, to_len];
            let result = scratch.guest.call("path_link", &args);
            assert_eq!(result, errno, "`{from}` to `{to}`");
        }
        let metadata = scratch.host("dir/second").metadata().unwrap();
        assert_eq!(metadata.nlink(), 2);
        assert!(scratch.host("second_link").is_symlink());
        let [from, from_len] = scratch.path(b"link");
        let [to, to_len] = scratch.other_path(b"x");
        let follow = [DIR, 1, from, from_len, DIR, to, to_len];
        scratch.guest.refuse("path_link", &follow, Errno::Inval);
    });
}

#[test]
fn links_are_made_and_read() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (target, path, errno) in [
            ("file", "new", Errno::Success),
            ("../file", "dir/new", Errno::Success),
            ("./../dir/./file", "dir/newer", Errno::Success),
            ("nothing", "dangling", Errno::Success),
            ("../outside", "escape", Errno::Notcapable),
            ("../../outside", "dir/escape", Errno::Notcapable),
            ("dir/../../outside", "escape", Errno::Notcapable),
            ("/file", "absolute", Errno::Notcapable),
            // Counted from where the link really stands.
            ("../../outside", "dir_link/escape", Errno::Notcapable),
            ("", "nothing", Errno::Noent),
            ("file", "file", Errno::Exist),
            ("file", "dir/", Errno::Exist),
            ("file", "file/", Errno::Notdir),
            ("file", "missing/", Errno::Noent),
            ("file", ".", Errno::Exist),
        ] {
            let [target_at, target_len] = scratch.path(target.as_bytes());
            let [path_at, path_len] = scratch.other_path(path.as_bytes());
            let args = [target_at, target_len, DIR, path_at, path_len];
            let result = scratch.guest.call("path_symlink", &args);
            assert_eq!(result, errno, "`{path}` to `{target}`");
        }
        assert_eq!(scratch.read_host("dir/newer"), "inner");

        let read = |scratch: &mut Scratch, path: &[u8], bytes: i64| {
            let [path, len] = scratch.path(path);
            let out = i64::from(OUT);
            let args = [DIR, path, len, out, bytes, i64::from(DATA)];
            scratch.guest.call("path_readlink", &args)
        };
        assert_eq!(read(scratch, b"dir/new", 64), Errno::Success);
        scratch.guest.only_wrote(&[OUT..OUT + 7, DATA..DATA + 4]);
        assert_eq!(scratch.guest.bytes(OUT, 7), b"../file");
        assert_eq!(scratch.guest.word(DATA), 7);
        // As much as there is room for.
        assert_eq!(read(scratch, b"dir/new", 3), Errno::Success);
        assert_eq!(scratch.guest.word(DATA), 3);
        assert_eq!(read(scratch, b"dir/new", 0), Errno::Success);
        assert_eq!(scratch.guest.word(DATA), 0);
        for (path, errno) in [
            (&b"file"[..], Errno::Inval),
            (b"dir", Errno::Inval),
            (b".", Errno::Inval),
            (b"missing", Errno::Noent),
            (b"dir_link/", Errno::Notdir),
            (b"..", Errno::Notcapable),
        ] {
            let result = read(scratch, path, 64);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
        }
    });
}

#[test]
fn attributes_are_told_in_both_layouts() {
    for version in Version::ALL {
        for lookup in [PathLookup::Kernel, PathLookup::Walk] {
            let mut scratch = Scratch::of(version, Access::ReadWrite, lookup, 64);
            populate(&scratch);
            let bytes = Filestat::bytes(version);
            let stat = |scratch: &mut Scratch, flags: i64, path: &[u8]| {
                let [path, len] = scratch.path(path);
                let args = [DIR, flags, path, len, i64::from(OUT)];
                let result = scratch.guest.call("path_filestat_get", &args);
                scratch.guest.only_wrote(&[OUT..OUT + bytes]);
                result
            };
            for (flags, path, filetype) in [
                (0, &b"file"[..], 4),
                (0, b"link", 7),
                (1, b"link", 4),
                (0, b"dir_link", 7),
                (1, b"dir_link/", 3),
                (0, b"dir/.", 3),
                (0, b".", 3),
                (0, b"out", 7),
            ] {
                assert_eq!(stat(&mut scratch, flags, path), Errno::Success);
                let found = scratch.guest.bytes(OUT + 16, 1)[0];
                assert_eq!(found, filetype, "`{}`", path.escape_ascii());
            }
            assert_eq!(stat(&mut scratch, 0, b"file"), Errno::Success);
            let size_at = if version == Version::Preview0 { 24 } else { 32 };
            assert_eq!(scratch.guest.long(OUT + size_at), 8);
            let inode = scratch.host("file").metadata().unwrap().ino();
            assert_eq!(scratch.guest.long(OUT + 8), inode);
            assert_eq!(stat(&mut scratch, 1, b"out"), Errno::Notcapable);
            assert_eq!(stat(&mut scratch, 0, b"dir_link/"), Errno::Notdir);
            let [path, len] = scratch.path(b"file");
            for out in outside(bytes) {
                let args = [DIR, 0, path, len, out];
                scratch
                    .guest
                    .refuse("path_filestat_get", &args, Errno::Fault);
            }
            let last = [DIR, 0, path, len, i64::from(END - bytes)];
            assert_eq!(
                scratch.guest.call("path_filestat_get", &last),
                Errno::Success
            );
        }
    }
}

#[test]
fn times_are_set() {
    with_each_lookup(|scratch| {
        populate(scratch);
        let second = 1_000_000_000;
        let set = |scratch: &mut Scratch, flags, path: &[u8], atim, mtim, which| {
            let [path, len] = scratch.path(path);
            let args = [DIR, flags, path, len, atim, mtim, which];
            scratch.guest.call("path_filestat_set_times", &args)
        };
        assert_eq!(
            set(scratch, 0, b"file", second, 2 * second, 5),
            Errno::Success
        );
        let metadata = scratch.host("file").metadata().unwrap();
        assert_eq!((metadata.atime(), metadata.mtime()), (1, 2));
        assert_eq!(set(scratch, 0, b"link", 0, 3 * second, 4), Errno::Success);
        let metadata = scratch.host("link").symlink_metadata().unwrap();
        assert_eq!(metadata.mtime(), 3);
        assert_eq!(set(scratch, 1, b"link", 0, 4 * second, 4), Errno::Success);
        assert_eq!(scratch.host("file").metadata().unwrap().mtime(), 4);
        assert_eq!(set(scratch, 0, b"dir/", 0, 5 * second, 4), Errno::Success);
        assert_eq!(scratch.host("dir").metadata().unwrap().mtime(), 5);
        assert_eq!(set(scratch, 1, b"out", 0, 0, 5), Errno::Notcapable);
        assert_eq!(set(scratch, 0, b"missing", 0, 0, 5), Errno::Noent);
        // The latest time there is; the host may keep the nearest that it can.
        assert_eq!(set(scratch, 0, b"file", -1, -1, 5), Errno::Success);
    });
}
