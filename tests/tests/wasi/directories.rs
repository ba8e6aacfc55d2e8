//! Directories as descriptors: what was preopened, and what is in it.

use crate::guest::{END, Guest, outside};
use crate::scratch::*;
use ahead_wasi::types::Errno;
use ahead_wasi::{Access, PathLookup, Preopen, WasiConfig};
use std::collections::BTreeSet;

const NAME: &[u8] = b"/given";

#[test]
fn what_was_preopened_is_told() {
    with_each_lookup(|scratch| {
        let guest = &mut scratch.guest;
        let out = i64::from(OUT);
        assert_eq!(guest.call("fd_prestat_get", &[DIR, out]), Errno::Success);
        guest.only_wrote(&[OUT..OUT + 8]);
        assert_eq!(guest.long(OUT), (NAME.len() as u64) << 32);
        for address in outside(8) {
            guest.refuse("fd_prestat_get", &[DIR, address], Errno::Fault);
        }
        let len = NAME.len() as i64;
        let name = guest.call("fd_prestat_dir_name", &[DIR, i64::from(END) - len, len]);
        assert_eq!(name, Errno::Success);
        guest.only_wrote(&[END - len as u32..END]);
        assert_eq!(guest.bytes(END - len as u32, len as u32), NAME);
        let long = guest.call("fd_prestat_dir_name", &[DIR, out, len + 1]);
        assert_eq!(long, Errno::Success);
        guest.only_wrote(&[OUT..OUT + len as u32]);
        let short = [DIR, out, len - 1];
        guest.refuse("fd_prestat_dir_name", &short, Errno::Nametoolong);
        for address in outside(len as u32) {
            guest.refuse("fd_prestat_dir_name", &[DIR, address, len], Errno::Fault);
        }
        // Not preopened, or not a directory, or not there.
        scratch.mkdir_host("dir");
        let opened = scratch.open("dir", 0, FD_READ).unwrap();
        let guest = &mut scratch.guest;
        guest.refuse("fd_prestat_get", &[opened, out], Errno::Badf);
        guest.refuse("fd_prestat_dir_name", &[opened, out, 64], Errno::Badf);
        guest.refuse("fd_prestat_get", &[0, out], Errno::Badf);
        guest.refuse("fd_prestat_get", &[9, out], Errno::Badf);
    });
}

/// An entry of a directory as the guest sees it.
#[derive(Debug)]
struct Entry {
    name: String,
    next: u64,
    inode: u64,
    filetype: u8,
}

/// The whole entries from `cookie` on that fit `bytes` bytes, and whether the directory ended.
fn entries(scratch: &mut Scratch, fd: i64, bytes: u32, cookie: u64) -> (Vec<Entry>, bool) {
    let args = [
        fd,
        i64::from(OUT),
        i64::from(bytes),
        cookie as i64,
        i64::from(DATA),
    ];
    assert_eq!(scratch.guest.call("fd_readdir", &args), Errno::Success);
    scratch
        .guest
        .only_wrote(&[OUT..OUT + bytes, DATA..DATA + 4]);
    let used = scratch.guest.word(DATA);
    let mut entries = Vec::new();
    let mut at = OUT;
    while at + 24 <= OUT + used {
        let name_bytes = scratch.guest.word(at + 16);
        if at + 24 + name_bytes > OUT + used {
            break;
        }
        entries.push(Entry {
            name: String::from_utf8(scratch.guest.bytes(at + 24, name_bytes)).unwrap(),
            next: scratch.guest.long(at),
            inode: scratch.guest.long(at + 8),
            filetype: scratch.guest.bytes(at + 20, 1)[0],
        });
        at += 24 + name_bytes;
    }
    (entries, used < bytes)
}

#[test]
fn entries_are_laid_out_as_specified() {
    with_each_lookup(|scratch| {
        scratch.write_host("file", "");
        scratch.mkdir_host("dir");
        scratch.link_host("link", "/");
        let (entries, ended) = entries(scratch, DIR, 1000, 0);
        assert!(ended);
        let mut found: Vec<_> = entries
            .iter()
            .map(|entry| (entry.name.as_str(), entry.filetype))
            .collect();
        found.sort_unstable();
        assert_eq!(
            found,
            [(".", 3), ("..", 3), ("dir", 3), ("file", 4), ("link", 7)]
        );
        // What lies above is not told, not even its number.
        let inode = |name| {
            entries
                .iter()
                .find(|entry| entry.name == name)
                .unwrap()
                .inode
        };
        assert_eq!(inode(".."), inode("."));
    });
}

#[test]
fn cookies_hold_while_the_directory_changes() {
    with_each_lookup(|scratch| {
        for index in 0..60 {
            scratch.write_host(&format!("file{index}"), "");
        }
        let mut seen = BTreeSet::new();
        let mut cookie = 0;
        loop {
            let (page, ended) = entries(scratch, DIR, 200, cookie);
            for entry in page {
                assert!(seen.insert(entry.name.clone()), "{entry:?} twice");
                cookie = entry.next;
                if entry.filetype == 4 {
                    std::fs::remove_file(scratch.host(&entry.name)).unwrap();
                }
            }
            if ended {
                break;
            }
        }
        assert_eq!(seen.len(), 62);
    });
}

#[test]
fn reading_a_directory_fails_in_order() {
    with_each_lookup(|scratch| {
        let file = scratch.open("file", CREAT, ALL).unwrap();
        let guest = &mut scratch.guest;
        let (out, data) = (i64::from(OUT), i64::from(DATA));
        guest.refuse("fd_readdir", &[file, out, 100, 0, data], Errno::Notdir);
        guest.refuse("fd_readdir", &[9, out, 100, 0, data], Errno::Badf);
        guest.refuse("fd_readdir", &[DIR, out, 100, -1, data], Errno::Inval);
        for address in outside(100) {
            let args = [DIR, address, 100, 0, data];
            guest.refuse("fd_readdir", &args, Errno::Fault);
        }
        for address in outside(4) {
            let args = [DIR, out, 100, 0, address];
            guest.refuse("fd_readdir", &args, Errno::Fault);
        }
        let nothing = guest.call("fd_readdir", &[DIR, out, 0, 0, data]);
        assert_eq!((nothing, guest.word(DATA)), (Errno::Success, 0));
        // The buffer and its length may be one: the length wins.
        guest.put(OUT, &[0; 64]);
        let overlapping = guest.call("fd_readdir", &[DIR, out, 64, 0, out]);
        assert_eq!((overlapping, guest.word(OUT)), (Errno::Success, 64));
    });
}

#[test]
fn a_directory_is_no_file() {
    with_each_lookup(|scratch| {
        let dir = scratch.open(".", DIRECTORY, ALL & !FD_WRITE).unwrap();
        let (out, data) = (i64::from(OUT), i64::from(DATA));
        let guest = &mut scratch.guest;
        guest.put_words(DATA, &[DATA + 64, 8]);
        for fd in [DIR, dir] {
            guest.refuse("fd_read", &[fd, data, 1, out], Errno::Badf);
            guest.refuse("fd_write", &[fd, data, 1, out], Errno::Badf);
            guest.refuse("fd_pread", &[fd, data, 1, 0, out], Errno::Isdir);
            guest.refuse("fd_pwrite", &[fd, data, 1, 0, out], Errno::Isdir);
            guest.refuse("fd_seek", &[fd, 0, 0, out], Errno::Isdir);
            guest.refuse("fd_tell", &[fd, out], Errno::Isdir);
            guest.refuse("fd_allocate", &[fd, 0, 1], Errno::Isdir);
            guest.refuse("fd_advise", &[fd, 0, 1, 0], Errno::Isdir);
            guest.refuse("fd_filestat_set_size", &[fd, 0], Errno::Notcapable);
            assert_eq!(guest.call("fd_sync", &[fd]), Errno::Success);
            assert_eq!(guest.call("fd_datasync", &[fd]), Errno::Success);
            let times = guest.call("fd_filestat_set_times", &[fd, 1, 1, 5]);
            assert_eq!(times, Errno::Success);
            assert_eq!(guest.call("fd_filestat_get", &[fd, out]), Errno::Success);
            assert_eq!(guest.bytes(OUT + 16, 1), [3]);
            guest.written();
        }
        scratch.close(DIR);
        scratch.close(dir);
        assert_eq!(scratch.open("x", CREAT, 0), Err(Errno::Badf));
    });
}

#[test]
fn directories_stand_behind_the_streams_in_order() {
    let base = tempfile::tempdir().unwrap();
    let names: [&[u8]; 3] = [b"/", b"\xff", b"a/b"];
    let preopens =
        names.map(|name| Preopen::open(base.path(), name.to_vec(), Access::ReadOnly).unwrap());
    let mut guest = Guest::new(WasiConfig {
        preopens: preopens.into(),
        path_lookup: PathLookup::Kernel,
        ..WasiConfig::default()
    });
    for (fd, name) in (DIR..).zip(names) {
        let len = name.len() as i64;
        let told = guest.call("fd_prestat_dir_name", &[fd, i64::from(OUT), len]);
        assert_eq!(told, Errno::Success);
        assert_eq!(guest.bytes(OUT, len as u32), name);
    }
    guest.written();
    let beyond = [DIR + 3, i64::from(OUT)];
    guest.refuse("fd_prestat_get", &beyond, Errno::Badf);
    // A preopened directory can be moved and replaced like any descriptor.
    assert_eq!(guest.call("fd_renumber", &[DIR + 1, DIR]), Errno::Success);
    let told = guest.call("fd_prestat_dir_name", &[DIR, i64::from(OUT), 1]);
    assert_eq!(
        (told, guest.bytes(OUT, 1)),
        (Errno::Success, b"\xff".to_vec())
    );
}
