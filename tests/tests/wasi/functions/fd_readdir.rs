//! `fd_readdir`: `badf`, `fault`, `inval`, `notcapable`, `notdir`.

use crate::scratch::*;
use ahead_wasi::types::{Errno, Rights};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

/// An entry of a directory as the guest sees it.
#[derive(Debug)]
struct Entry {
    name: Vec<u8>,
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
            name: scratch.guest.bytes(at + 24, name_bytes),
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
        let odd = scratch.host("").join(OsStr::from_bytes(b"\xff\n"));
        std::fs::write(odd, "").unwrap();
        let (entries, ended) = entries(scratch, DIR, 1000, 0);
        assert!(ended);
        let mut found: Vec<_> = entries
            .iter()
            .map(|entry| (&entry.name[..], entry.filetype))
            .collect();
        found.sort_unstable();
        let expected: [(&[u8], u8); 6] = [
            (b".", 3),
            (b"..", 3),
            (b"dir", 3),
            (b"file", 4),
            (b"link", 7),
            (b"\xff\n", 4),
        ];
        assert_eq!(found, expected);
        // What lies above is not told, not even its number.
        let inode = |name: &[u8]| {
            let entry = entries.iter().find(|entry| entry.name == name);
            entry.unwrap().inode
        };
        assert_eq!(inode(b".."), inode(b"."));
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
                    let name = OsStr::from_bytes(&entry.name);
                    std::fs::remove_file(scratch.host("").join(name)).unwrap();
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
fn arguments_have_to_be_inside() {
    let mut scratch = Scratch::writable();
    let guest = &mut scratch.guest;
    let args = [DIR, i64::from(OUT), 100, 0, i64::from(DATA)];
    guest.edges("fd_readdir", &args, &[(1, 100), (4, 4)]);
    let huge = [DIR, 1, i64::from(u32::MAX), 0, i64::from(DATA)];
    guest.refuse("fd_readdir", &huge, Errno::Fault);
    let nothing = guest.call("fd_readdir", &[DIR, i64::from(OUT), 0, 0, i64::from(DATA)]);
    assert_eq!((nothing, guest.word(DATA)), (Errno::Success, 0));
    // The buffer and its length may be one: the length wins.
    let out = i64::from(OUT);
    let read = guest.call("fd_readdir", &[DIR, out, 4096, 0, out]);
    assert_eq!(read, Errno::Success);
    assert_eq!(guest.word(OUT), 24 + 1 + 24 + 2);
}

#[test]
fn what_cannot_be_listed() {
    let mut scratch = Scratch::writable();
    let file = scratch.file("");
    let guest = &mut scratch.guest;
    let mut refuse = |fd: i64, cookie: i64, errno| {
        let args = [fd, i64::from(OUT), 100, cookie, i64::from(DATA)];
        guest.refuse("fd_readdir", &args, errno);
    };
    for fd in [file, 0, 1] {
        refuse(fd, 0, Errno::Notdir);
    }
    for fd in BAD {
        refuse(fd, 0, Errno::Badf);
    }
    for cookie in [-1, i64::MIN] {
        refuse(DIR, cookie, Errno::Inval);
    }
    scratch.guest.give_up(DIR, Rights::FD_READDIR);
    let args = [DIR, i64::from(OUT), 100, 0, i64::from(DATA)];
    scratch.guest.refuse("fd_readdir", &args, Errno::Notcapable);
}
