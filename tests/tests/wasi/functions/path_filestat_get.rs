//! `path_filestat_get`: `inval` for flags, and what every path can give.

use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Filestat, Rights, Version};
use ahead_wasi::{Access, PathLookup};
use std::os::unix::fs::MetadataExt;

const OUT_AT: i64 = OUT as i64;

const fn taken(args: &[i64]) -> Taken<'_> {
    Taken {
        name: "path_filestat_get",
        args,
        fd: 0,
        path: 2,
        right: Rights::PATH_FILESTAT_GET,
    }
}

const LINK: Taken<'_> = taken(&[DIR, 0, 0, 0, OUT_AT]);
const FOLLOWED: Taken<'_> = taken(&[DIR, 1, 0, 0, OUT_AT]);

#[test]
fn attributes_are_told_in_both_layouts() {
    for version in Version::ALL {
        for lookup in [PathLookup::Kernel, PathLookup::Walk] {
            let mut scratch = Scratch::of(version, Access::ReadWrite, lookup, 64);
            populate(&scratch);
            let bytes = Filestat::bytes(version);
            for (taken, path, filetype) in [
                (LINK, &b"file"[..], 4),
                (LINK, b"link", 7),
                (FOLLOWED, b"link", 4),
                (LINK, b"dir_link", 7),
                (FOLLOWED, b"dir_link/", 3),
                (LINK, b"dir_link/file", 4),
                (LINK, b"dir/.", 3),
                (LINK, b"dir/..", 3),
                (LINK, b".", 3),
                (LINK, b"out", 7),
                (LINK, b"loop", 7),
            ] {
                let shown = path.escape_ascii();
                let told = taken.call(&mut scratch, path);
                assert_eq!(told, Errno::Success, "`{shown}`");
                scratch.guest.only_wrote(&[OUT..OUT + bytes]);
                assert_eq!(scratch.guest.bytes(OUT + 16, 1), [filetype], "`{shown}`");
            }
            assert_eq!(LINK.call(&mut scratch, b"file"), Errno::Success);
            let size_at = if version == Version::Preview0 { 24 } else { 32 };
            assert_eq!(scratch.guest.long(OUT + size_at), 8);
            let inode = scratch.host("file").metadata().unwrap().ino();
            assert_eq!(scratch.guest.long(OUT + 8), inode);
            scratch.guest.written();
            let [path, len] = scratch.path(b"file");
            let args = [DIR, 0, path, len, OUT_AT];
            scratch.guest.edges(LINK.name, &args, &[(4, bytes)]);
        }
    }
}

#[test]
fn links_are_followed_only_inside() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (taken, path, errno) in [
            (FOLLOWED, &b"out"[..], Errno::Notcapable),
            (FOLLOWED, b"up", Errno::Notcapable),
            (FOLLOWED, b"magic", Errno::Notcapable),
            (FOLLOWED, b"dangling", Errno::Noent),
            (FOLLOWED, b"loop", Errno::Loop),
            (LINK, b"dir_link/", Errno::Notdir),
            (LINK, b"file/", Errno::Notdir),
            (LINK, b"missing", Errno::Noent),
            (LINK, b"..", Errno::Notcapable),
        ] {
            let result = taken.call(scratch, path);
            assert_eq!(result, errno, "`{}`", path.escape_ascii());
            assert_eq!(scratch.guest.written(), []);
        }
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
    for flags in [2, 1 << 31, -1] {
        let args = [DIR, flags, path, len, OUT_AT];
        scratch.guest.refuse(LINK.name, &args, Errno::Inval);
    }
}

#[test]
fn asking_is_free_in_a_read_only_directory() {
    with_each_read_only(|scratch| {
        assert_eq!(FOLLOWED.call(scratch, b"link"), Errno::Success);
    });
}
