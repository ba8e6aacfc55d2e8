//! `path_open`: `acces`, `dquot`, `exist`, `inval`, `isdir`, `mfile`, `nxio`, `rofs`, `txtbsy`, `notcapable` for rights
//! that are not inherited, and what every path can give.

use crate::guest::{END, Guest, outside};
use crate::paths::{Taken, populate};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights, Version};
use ahead_wasi::{Access, PathLookup, Preopen, WasiConfig};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

const FOLLOW: i64 = 1;
const APPEND: i64 = 1;

const fn taken(args: &[i64]) -> Taken<'_> {
    Taken {
        name: "path_open",
        args,
        fd: 0,
        path: 2,
        right: Rights::PATH_OPEN,
    }
}

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

/// Truncating takes the directory's right, or what would be enough to do it afterwards.
#[test]
fn truncating_takes_one_right_or_the_other() {
    with_each_lookup(|scratch| {
        scratch.write_host("file", "contents");
        scratch.guest.give_up(DIR, Rights::PATH_FILESTAT_SET_SIZE);
        let set_size = Rights::FD_FILESTAT_SET_SIZE.bits() as i64;
        for rights in [0, FD_WRITE, set_size, ALL & !FD_WRITE] {
            let refused = scratch.open("file", TRUNC, rights);
            assert_eq!(refused, Err(Errno::Notcapable), "{rights:#x}");
        }
        assert_eq!(scratch.read_host("file"), "contents");
        assert!(scratch.open("file", TRUNC, FD_WRITE | set_size).is_ok());
        assert_eq!(scratch.read_host("file"), "");
        // Not by a right that would not be inherited.
        scratch.write_host("file", "contents");
        scratch.guest.give_up(DIR, Rights::FD_FILESTAT_SET_SIZE);
        let refused = scratch.open("file", TRUNC, FD_WRITE | set_size);
        assert_eq!(refused, Err(Errno::Notcapable));
        assert_eq!(scratch.read_host("file"), "contents");
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

/// What programs expect of `/dev` is there if they are given it; what stands for something on the host is not.
#[test]
fn harmless_devices_are_like_files() {
    for path_lookup in [PathLookup::Kernel, PathLookup::Walk] {
        let dev = Preopen::open("/dev".as_ref(), b"/dev".to_vec(), Access::ReadWrite).unwrap();
        let config = WasiConfig {
            preopens: vec![dev],
            path_lookup,
            written_bytes_max: Some(0),
            ..WasiConfig::default()
        };
        let mut scratch = Scratch::with(Version::Preview1, Access::ReadWrite, config);
        let open = |scratch: &mut Scratch, name: &str, oflags: i64, rights: i64| {
            let [path, len] = scratch.path(name.as_bytes());
            let out = i64::from(OUT);
            let args = [DIR + 1, FOLLOW, path, len, oflags, rights, 0, 0, out];
            let opened = scratch.guest.call("path_open", &args);
            (opened, i64::from(scratch.guest.word(OUT)))
        };
        // As a shell opens it to throw something away. It takes no room.
        let (opened, null) = open(&mut scratch, "null", CREAT | TRUNC, ALL);
        assert_eq!(opened, Errno::Success);
        assert_eq!(scratch.write(null, b"anything"), Errno::Success);
        scratch.guest.written();
        assert_eq!(scratch.read(null), Ok(vec![]));
        let stat = [null, i64::from(OUT)];
        assert_eq!(scratch.guest.call("fd_fdstat_get", &stat), Errno::Success);
        assert_eq!(scratch.guest.bytes(OUT, 1), [2]);
        scratch.guest.written();
        let (opened, zero) = open(&mut scratch, "zero", 0, FD_READ);
        assert_eq!(opened, Errno::Success);
        scratch.guest.written();
        assert_eq!(scratch.read(zero), Ok(vec![0; 64]));
        for name in ["tty", "kmsg", "ptmx", "fuse", "net/tun"] {
            let (refused, _) = open(&mut scratch, name, 0, FD_READ);
            assert!(
                matches!(refused, Errno::Acces | Errno::Noent | Errno::Nxio),
                "{name}: {refused:?}"
            );
        }
    }
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

#[test]
fn paths_are_checked() {
    for dirflags in [0, FOLLOW] {
        for oflags in [0, CREAT, CREAT | EXCL, TRUNC, DIRECTORY] {
            let args = [DIR, dirflags, 0, 0, oflags, FD_READ, 0, 0, i64::from(OUT)];
            with_each_lookup(|scratch| taken(&args).is_checked(scratch));
        }
    }
}

#[test]
fn arguments_are_checked() {
    let mut scratch = Scratch::writable();
    scratch.write_host("file", "contents");
    let [path, len] = scratch.path(b"file");
    let out = i64::from(OUT);
    let good = [DIR, 0, path, len, 0, FD_READ, 0, 0, out];
    for (at, wrong) in [
        (1, 2),
        (1, -1),
        (4, 0b1_0000),
        (4, 0x1_0000),
        (5, 1 << 30),
        (5, i64::MIN),
        (6, 1 << 30),
        (7, 0b10_0000),
        (7, 0x1_0000),
    ] {
        let mut args = good;
        args[at] = wrong;
        scratch.guest.refuse("path_open", &args, Errno::Inval);
    }
    scratch.guest.edges("path_open", &good, &[(8, 4)]);
    // The path may lie where the descriptor goes to.
    let over = [DIR, 0, path, len, 0, FD_READ, 0, 0, path];
    assert_eq!(scratch.guest.call("path_open", &over), Errno::Success);
    scratch.guest.only_wrote(&[path as u32..path as u32 + 4]);
}

#[test]
fn names_are_bytes() {
    with_each_lookup(|scratch| {
        let name = b"\xff\xfe \x80\n";
        let host = scratch.host("").join(OsStr::from_bytes(name));
        let args = [DIR, 0, 0, 0, CREAT | EXCL, FD_WRITE, 0, 0, i64::from(OUT)];
        assert_eq!(taken(&args).call(scratch, name), Errno::Success);
        assert!(host.is_file());
        std::fs::write(&host, "contents").unwrap();
        let args = [DIR, 0, 0, 0, 0, FD_READ, 0, 0, i64::from(OUT)];
        assert_eq!(taken(&args).call(scratch, name), Errno::Success);
        let fd = i64::from(scratch.guest.word(OUT));
        scratch.guest.written();
        assert_eq!(scratch.read(fd), Ok(b"contents".to_vec()));
    });
}

/// A directory of the host may have a name that is no text, too.
#[test]
fn a_preopened_directory_may_have_any_name() {
    let base = tempfile::tempdir().unwrap();
    let given = base.path().join(OsStr::from_bytes(b"\xff"));
    std::fs::create_dir(&given).unwrap();
    let preopen = Preopen::open(&given, b"\xff".to_vec(), Access::ReadWrite).unwrap();
    let mut guest = Guest::new(WasiConfig {
        preopens: vec![preopen],
        path_lookup: PathLookup::KernelOrWalk,
        ..WasiConfig::default()
    });
    guest.put(100, b"new");
    let args = [DIR, 0, 100, 3, CREAT, 0, 0, 0, 500];
    assert_eq!(guest.call("path_open", &args), Errno::Success);
    assert!(given.join("new").is_file());
}

/// The links of `/proc` lead wherever a process has something open, past every directory.
#[test]
fn magic_links_lead_nowhere() {
    // The walk takes their text for what it is: absolute.
    for (path_lookup, refused) in [
        (PathLookup::Kernel, Errno::Loop),
        (PathLookup::Walk, Errno::Notcapable),
    ] {
        let proc = Preopen::open("/proc".as_ref(), b"/proc".to_vec(), Access::ReadWrite);
        let mut guest = Guest::new(WasiConfig {
            preopens: vec![proc.unwrap()],
            path_lookup,
            ..WasiConfig::default()
        });
        for (path, errno) in [
            (&b"self/cwd/etc"[..], refused),
            (b"self/cwd/.", refused),
            (b"self/root", refused),
            (b"self/status", Errno::Success),
        ] {
            guest.put(100, path);
            let args = [DIR, FOLLOW, 100, path.len() as i64, 0, FD_READ, 0, 0, 500];
            let result = guest.call("path_open", &args);
            assert_eq!(result, errno, "`{}`, {path_lookup:?}", path.escape_ascii());
        }
    }
}

/// A program that runs is not written to.
#[test]
fn a_running_program_is_busy() {
    with_each_lookup(|scratch| {
        let program = scratch.host("program");
        std::fs::copy("/bin/cat", &program).unwrap();
        let mut child = std::process::Command::new(&program)
            .stdin(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let busy = scratch.open("program", 0, FD_WRITE);
        drop(child.stdin.take());
        child.wait().unwrap();
        assert_eq!(busy, Err(Errno::Txtbsy));
        assert!(scratch.open("program", 0, FD_WRITE).is_ok());
    });
}

/// A guest of which so many files may be made.
fn bounded(files_max: u64, path_lookup: PathLookup) -> Scratch {
    let config = WasiConfig {
        files_max: Some(files_max),
        path_lookup,
        ..WasiConfig::default()
    };
    Scratch::with(Version::Preview1, Access::ReadWrite, config)
}

#[test]
fn a_quota_is_not_exceeded() {
    for lookup in [PathLookup::Kernel, PathLookup::Walk] {
        let mut scratch = bounded(2, lookup);
        scratch.write_host("there", "contents");
        // What exists is not made, and what fails costs nothing.
        assert_eq!(scratch.open("there", CREAT, FD_READ), Ok(FIRST));
        assert_eq!(scratch.open("missing/x", CREAT, 0), Err(Errno::Noent));
        assert_eq!(scratch.open("there", CREAT | EXCL, 0), Err(Errno::Exist));
        assert_eq!(scratch.open("one", CREAT, 0), Ok(FIRST + 1));
        assert_eq!(scratch.open("one", CREAT, 0), Ok(FIRST + 2));
        assert_eq!(scratch.open("two", CREAT | EXCL, 0), Ok(FIRST + 3));
        for oflags in [CREAT, CREAT | EXCL, CREAT | TRUNC] {
            assert_eq!(scratch.open("three", oflags, 0), Err(Errno::Dquot));
            assert_eq!(scratch.open("missing/x", oflags, 0), Err(Errno::Noent));
        }
        assert_eq!(scratch.open("there", CREAT | EXCL, 0), Err(Errno::Exist));
        assert!(scratch.open("there", CREAT | TRUNC, FD_WRITE).is_ok());
        assert_eq!(scratch.read_host("there"), "");
        assert!(!scratch.host("three").exists());
        // Removing gives nothing back.
        assert_eq!(
            scratch.call_path("path_unlink_file", b"one"),
            Errno::Success
        );
        assert_eq!(scratch.open("one", CREAT, 0), Err(Errno::Dquot));
    }
}

/// Whether there is a quota or not, everything else is the same.
#[test]
fn a_quota_changes_no_other_answer() {
    for lookup in [PathLookup::Kernel, PathLookup::Walk] {
        let mut free = Scratch::new(Access::ReadWrite, lookup);
        let mut bound = bounded(1000, lookup);
        for scratch in [&mut free, &mut bound] {
            populate(scratch);
        }
        let paths = [
            "file",
            "new",
            "file/",
            "dir",
            "dir/",
            "new/",
            "link",
            "dir_link",
            "dir_link/",
            "dangling",
            "loop",
            "out",
            "up",
            ".",
            "..",
            "",
            "/",
            "dir/..",
            "missing/new",
            "dir_link/new",
            "file/new",
            "out/new",
        ];
        for path in paths {
            for dirflags in [0, FOLLOW] {
                for oflags in [CREAT, CREAT | EXCL, CREAT | TRUNC, CREAT | DIRECTORY] {
                    for rights in [FD_READ, FD_READ | FD_WRITE] {
                        let [one, other] = [&mut free, &mut bound].map(|scratch| {
                            let opened = scratch.open_with(path, dirflags, oflags, rights, 0);
                            if let Ok(fd) = opened {
                                scratch.close(fd);
                            }
                            opened
                        });
                        assert_eq!(one, other, "`{path}` {dirflags} {oflags:#b} {rights:#b}");
                    }
                }
            }
        }
    }
}
