//! `path_open` with a directory.

use crate::guest::{END, outside};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Version};
use ahead_wasi::{Access, PathLookup};

const FOLLOW: i64 = 1;
const APPEND: i64 = 1;

#[test]
fn files_are_made_and_numbered() {
    with_each_lookup(|scratch| {
        assert_eq!(scratch.open("file", CREAT, ALL), Ok(FIRST));
        assert_eq!(scratch.open("other", CREAT | EXCL, 0), Ok(FIRST + 1));
        assert!(scratch.host("file").is_file() && scratch.host("other").is_file());
        scratch.close(FIRST);
        // The lowest free number, as programs expect.
        assert_eq!(scratch.open("file", 0, FD_READ), Ok(FIRST));
    });
}

#[test]
fn errors_are_told_apart() {
    with_each_lookup(|scratch| {
        scratch.write_host("file", "contents");
        scratch.mkdir_host("dir");
        scratch.link_host("link", "file");
        scratch.link_host("dir_link", "dir");
        scratch.link_host("out", "../outside");
        scratch.link_host("loop", "loop");
        let long = "a".repeat(256);
        for (path, oflags, rights, errno) in [
            ("missing", 0, 0, Errno::Noent),
            ("", CREAT, 0, Errno::Noent),
            ("missing/x", CREAT, 0, Errno::Noent),
            ("file", CREAT | EXCL, 0, Errno::Exist),
            ("link", CREAT | EXCL, 0, Errno::Exist),
            ("file", DIRECTORY, 0, Errno::Notdir),
            ("file/", 0, 0, Errno::Notdir),
            ("file/x", 0, 0, Errno::Notdir),
            ("dir_link", DIRECTORY, 0, Errno::Notdir),
            // A slash is no leave to follow.
            ("dir_link/", 0, 0, Errno::Notdir),
            ("dir", 0, FD_WRITE, Errno::Isdir),
            ("dir", DIRECTORY, FD_WRITE, Errno::Isdir),
            ("dir", TRUNC, 0, Errno::Isdir),
            ("new/", CREAT, 0, Errno::Isdir),
            ("new", CREAT | DIRECTORY, 0, Errno::Inval),
            ("link", 0, FD_READ, Errno::Loop),
            ("loop/x", 0, FD_READ, Errno::Loop),
            ("..", 0, 0, Errno::Notcapable),
            ("dir/../..", 0, 0, Errno::Notcapable),
            ("../given/file", 0, 0, Errno::Notcapable),
            ("/given/file", 0, 0, Errno::Notcapable),
            ("/", 0, 0, Errno::Notcapable),
            ("out/x", 0, 0, Errno::Notcapable),
            (&long, CREAT, 0, Errno::Nametoolong),
        ] {
            // `out/x` leads to a file outside, which is no directory: what matters is that it is not asked.
            let result = scratch.open(path, oflags, rights);
            assert_eq!(result, Err(errno), "`{path}`");
        }
        let followed = scratch.open_with("out", FOLLOW, 0, FD_READ, 0);
        assert_eq!(followed, Err(Errno::Notcapable));
        assert_eq!(scratch.read_host("file"), "contents");
        assert!(!scratch.host("new").exists());
    });
}

#[test]
fn links_are_followed_inside() {
    with_each_lookup(|scratch| {
        scratch.mkdir_host("dir");
        scratch.write_host("dir/file", "contents");
        scratch.link_host("link", "dir/../in/file");
        scratch.link_host("in", "./dir");
        scratch.link_host("to_new", "dir/new");
        let fd = scratch.open_with("link", FOLLOW, 0, FD_READ, 0).unwrap();
        assert_eq!(scratch.read(fd), Ok(b"contents".to_vec()));
        assert_eq!(scratch.open("in/file", 0, FD_READ), Ok(FIRST + 1));
        let made = scratch.open_with("to_new", FOLLOW, CREAT, 0, 0);
        assert_eq!(made, Ok(FIRST + 2));
        assert!(scratch.host("dir/new").is_file());
    });
}

#[test]
fn rights_come_from_the_directory_and_the_file() {
    with_each_lookup(|scratch| {
        scratch.write_host("file", "contents");
        let rights = |scratch: &mut Scratch, fd| {
            let stat = scratch.guest.call("fd_fdstat_get", &[fd, i64::from(OUT)]);
            assert_eq!(stat, Errno::Success);
            scratch.guest.long(OUT + 8) as i64
        };
        let reader = scratch.open("file", 0, ALL & !FD_WRITE).unwrap();
        let has = rights(scratch, reader);
        assert!(has & FD_READ != 0 && has & FD_WRITE == 0);
        assert_eq!(scratch.write(reader, b"x"), Errno::Badf);
        let dir = scratch.open(".", DIRECTORY, ALL & !FD_WRITE).unwrap();
        // Neither reading nor seeking is for directories.
        assert_eq!(rights(scratch, dir) & (FD_READ | FD_WRITE | 1 << 2), 0);
        // What is given up for all that will be opened is gone.
        let all = rights(scratch, DIR);
        let keep = [DIR, all, ALL & !FD_WRITE];
        let less = scratch
            .guest
            .call("fd_fdstat_set_rights", &[DIR, all, FD_READ]);
        assert_eq!(less, Errno::Success);
        let more = scratch.guest.call("fd_fdstat_set_rights", &keep);
        assert_eq!(more, Errno::Notcapable);
        assert_eq!(scratch.open("file", 0, FD_WRITE), Err(Errno::Notcapable));
        assert!(scratch.open("file", 0, FD_READ).is_ok());
        // Without `path_open` nothing can be opened at all.
        let none = scratch.guest.call("fd_fdstat_set_rights", &[DIR, 0, 0]);
        assert_eq!(none, Errno::Success);
        assert_eq!(scratch.open("file", 0, 0), Err(Errno::Notcapable));
    });
}

#[test]
fn flags_act() {
    with_each_lookup(|scratch| {
        scratch.write_host("file", "contents");
        let append = scratch.open_with("file", 0, 0, FD_READ | FD_WRITE, APPEND);
        assert_eq!(scratch.write(append.unwrap(), b" and more"), Errno::Success);
        assert_eq!(scratch.read_host("file"), "contents and more");
        let truncated = scratch.open("file", TRUNC, FD_READ);
        assert!(truncated.is_ok());
        assert_eq!(scratch.read_host("file"), "");
    });
}

#[test]
fn what_is_neither_file_nor_directory_is_refused_without_waiting() {
    with_each_lookup(|scratch| {
        let fifo = std::process::Command::new("mkfifo")
            .arg(scratch.host("fifo"))
            .status();
        assert!(fifo.unwrap().success());
        assert_eq!(scratch.open("fifo", 0, FD_READ), Err(Errno::Acces));
        assert_eq!(scratch.open("fifo", 0, FD_WRITE), Err(Errno::Nxio));
    });
}

#[test]
fn a_read_only_directory_stays_as_it_is() {
    with_each_read_only(|scratch| {
        for (path, oflags, rights) in [
            ("file", 0, FD_WRITE),
            ("file", TRUNC, FD_READ),
            ("new", CREAT, FD_READ),
            ("dir/new", CREAT | EXCL, FD_READ),
        ] {
            let result = scratch.open(path, oflags, rights);
            assert_eq!(result, Err(Errno::Rofs), "`{path}`");
        }
        assert_eq!(scratch.open("file", CREAT, FD_READ), Ok(FIRST));
        assert_eq!(scratch.read(FIRST), Ok(b"contents".to_vec()));
        let exclusive = scratch.open("file", CREAT | EXCL, FD_READ);
        assert_eq!(exclusive, Err(Errno::Exist));
        // What is opened below is as little writable.
        let dir = scratch.open("dir", DIRECTORY, ALL & !FD_WRITE).unwrap();
        let [path, len] = scratch.path(b"new");
        let args = [dir, 0, path, len, CREAT, 0, 0, 0, i64::from(OUT)];
        scratch.guest.refuse("path_open", &args, Errno::Rofs);
        assert!(!scratch.host("dir/new").exists());
    });
}

#[test]
fn descriptors_run_out() {
    let mut scratch = Scratch::of(Version::Preview1, Access::ReadWrite, PathLookup::Kernel, 6);
    for fd in FIRST..6 {
        assert_eq!(scratch.open("file", CREAT, 0), Ok(fd));
    }
    assert_eq!(scratch.open("new", CREAT, 0), Err(Errno::Mfile));
    // Nothing was made for nobody.
    assert!(!scratch.host("new").exists());
    scratch.close(0);
    assert_eq!(scratch.open("new", CREAT, 0), Ok(0));
}

#[test]
fn the_result_has_to_fit() {
    with_each_lookup(|scratch| {
        let [path, len] = scratch.path(b"new");
        let args = |out| [DIR, 0, path, len, CREAT, 0, 0, 0, out];
        for out in outside(4) {
            scratch.guest.refuse("path_open", &args(out), Errno::Fault);
        }
        assert!(!scratch.host("new").exists());
        let last = scratch.guest.call("path_open", &args(i64::from(END - 4)));
        assert_eq!(last, Errno::Success);
        scratch.guest.only_wrote(&[END - 4..END]);
    });
}
