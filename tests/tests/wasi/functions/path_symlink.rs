//! `path_symlink`: `dquot`, `exist`, `rofs`, `notcapable` for where it would lead, and what every path can give.

use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Access, PathLookup, WasiConfig};

fn symlink(scratch: &mut Scratch, target: &[u8], path: &[u8]) -> Errno {
    let [target, target_len] = scratch.path(target);
    let [path, path_len] = scratch.other_path(path);
    let args = [target, target_len, DIR, path, path_len];
    let result = scratch.guest.call("path_symlink", &args);
    assert_eq!(scratch.guest.written(), []);
    result
}

#[test]
fn links_are_made_that_lead_nowhere_else() {
    with_each_lookup(|scratch| {
        populate(scratch);
        for (target, path, errno) in [
            ("file", "new", Errno::Success),
            ("../file", "dir/new", Errno::Success),
            ("./../dir/./file", "dir/newer", Errno::Success),
            ("nothing", "dangling2", Errno::Success),
            ("../outside", "escape", Errno::Notcapable),
            ("..", "escape", Errno::Notcapable),
            ("../../outside", "dir/escape", Errno::Notcapable),
            ("dir/../../outside", "escape", Errno::Notcapable),
            // Up behind a name, through what is there.
            ("dir/../file", "new2", Errno::Success),
            ("missing/../file", "escape", Errno::Notcapable),
            ("file/../file", "escape", Errno::Notcapable),
            ("dir/../dir/../..", "escape", Errno::Notcapable),
            ("/file", "absolute", Errno::Notcapable),
            // Counted from where the link really stands.
            ("../../outside", "dir_link/escape", Errno::Notcapable),
            ("../file", "dir_link/inner", Errno::Success),
            ("", "nothing", Errno::Noent),
            ("file", "file", Errno::Exist),
            ("file", "link", Errno::Exist),
            ("file", "dir/", Errno::Exist),
            ("file", "file/", Errno::Notdir),
            ("file", "missing/", Errno::Noent),
            ("file", ".", Errno::Exist),
        ] {
            let result = symlink(scratch, target.as_bytes(), path.as_bytes());
            assert_eq!(result, errno, "`{path}` to `{target}`");
        }
        assert_eq!(scratch.read_host("dir/newer"), "inner");
        assert_eq!(scratch.read_host("dir/inner"), "contents");
    });
}

/// What looks as if it stayed inside leads out by another link.
#[test]
fn a_target_is_resolved_and_not_only_read() {
    with_each_lookup(|scratch| {
        scratch.mkdir_host("a");
        scratch.mkdir_host("a/b");
        assert_eq!(symlink(scratch, b"../..", b"a/b/top"), Errno::Success);
        assert_eq!(symlink(scratch, b"top/a/..", b"a/b/in"), Errno::Success);
        let out = symlink(scratch, b"top/../outside", b"a/b/out");
        assert_eq!(out, Errno::Notcapable);
    });
}

#[test]
fn the_path_is_checked() {
    with_each_lookup(|scratch| {
        let [target, target_len] = scratch.other_path(b"file");
        let args = [target, target_len, DIR, 0, 0];
        let path = Taken {
            name: "path_symlink",
            args: &args,
            fd: 2,
            path: 3,
            right: Rights::PATH_SYMLINK,
        };
        path.is_checked(scratch);
    });
}

#[test]
fn the_target_is_checked() {
    let mut scratch = Scratch::writable();
    let [path, path_len] = scratch.path(b"new");
    let [target, _] = scratch.other_path(b"a\0b");
    let guest = &mut scratch.guest;
    guest.refuse_all(
        "path_symlink",
        &[
            (&[target, 3, DIR, path, path_len], Errno::Inval),
            (&[0, 4096, DIR, path, path_len], Errno::Nametoolong),
            (&[1, -1, DIR, path, path_len], Errno::Fault),
        ],
    );
    guest.edges("path_symlink", &[target, 1, DIR, path, path_len], &[(0, 1)]);
}

#[test]
fn nothing_is_made_in_a_read_only_directory() {
    with_each_read_only(|scratch| {
        assert_eq!(symlink(scratch, b"file", b"new"), Errno::Rofs);
        assert_eq!(symlink(scratch, b"file", b"dir/new"), Errno::Rofs);
    });
}

#[test]
fn a_quota_is_not_exceeded() {
    let config = WasiConfig {
        files_max: Some(1),
        path_lookup: PathLookup::KernelOrWalk,
        ..WasiConfig::default()
    };
    let mut scratch = Scratch::with(Version::Preview1, Access::ReadWrite, config);
    assert_eq!(symlink(&mut scratch, b"x", b"one"), Errno::Success);
    assert_eq!(symlink(&mut scratch, b"x", b"two"), Errno::Dquot);
    assert_eq!(symlink(&mut scratch, b"x", b"one"), Errno::Exist);
    assert!(!scratch.host("two").is_symlink());
}
