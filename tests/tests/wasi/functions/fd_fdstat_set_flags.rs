//! `fd_fdstat_set_flags`: `badf`, `inval`, `notcapable`, `notsup`.

use crate::guest::Guest;
use crate::scratch::*;
use crate::streams::{list, piped, with_file};
use ahead_wasi::types::{Errno, Fdflags, Rights, Version};
use ahead_wasi::{Stdio, WasiConfig};
use std::io::{Read, Seek, Write};

const NONBLOCK: i64 = Fdflags::NONBLOCK.bits() as i64;
const APPEND: i64 = Fdflags::APPEND.bits() as i64;

fn set(guest: &mut Guest, fd: i64, flags: i64) {
    let set = guest.call("fd_fdstat_set_flags", &[fd, flags]);
    assert_eq!(set, Errno::Success);
    assert_eq!(guest.written(), []);
}

#[test]
fn nonblock_makes_reads_return_at_once() {
    for version in Version::ALL {
        let (mut guest, mut feed, _drain) = piped(version);
        set(&mut guest, 0, NONBLOCK);
        let [iovs, len] = list(&mut guest, &[(100, 2)]);
        guest.refuse("fd_read", &[0, iovs, len, 500], Errno::Again);
        feed.write_all(b"x").unwrap();
        assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
        assert_eq!(guest.call("fd_fdstat_get", &[0, 2000]), Errno::Success);
        assert_eq!(guest.bytes(2002, 1), [NONBLOCK as u8]);
    }
}

#[test]
fn append_writes_behind_the_end() {
    let (mut guest, mut file) = with_file(Version::Preview1, b"0123");
    set(&mut guest, 1, APPEND);
    guest.put(100, b"ab");
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    assert_eq!(guest.call("fd_write", &[1, iovs, len, 500]), Errno::Success);
    let mut contents = String::new();
    file.rewind().unwrap();
    file.read_to_string(&mut contents).unwrap();
    assert_eq!(contents, "0123ab");
}

#[test]
fn a_file_s_flags_come_and_go() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("start");
    set(&mut scratch.guest, fd, APPEND);
    assert_eq!(scratch.write(fd, b" end"), Errno::Success);
    assert_eq!(scratch.read_host("file"), "start end");
    scratch.guest.written();
    set(&mut scratch.guest, fd, 0);
    let seek = [fd, 0, 0, i64::from(OUT)];
    assert_eq!(scratch.guest.call("fd_seek", &seek), Errno::Success);
    assert_eq!(scratch.write(fd, b"S"), Errno::Success);
    assert_eq!(scratch.read_host("file"), "Start end");
    scratch.guest.written();
    set(&mut scratch.guest, fd, APPEND | NONBLOCK);
}

#[test]
fn what_is_fixed_when_a_file_is_opened_stays() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("start");
    let (mut guest, ..) = piped(Version::Preview1);
    for flags in [Fdflags::DSYNC, Fdflags::RSYNC, Fdflags::SYNC] {
        let flags = i64::from(flags.bits());
        guest.refuse("fd_fdstat_set_flags", &[0, flags], Errno::Inval);
        let args = [fd, flags];
        let file_guest = &mut scratch.guest;
        file_guest.refuse("fd_fdstat_set_flags", &args, Errno::Inval);
    }
}

#[test]
fn flags_without_a_meaning_are_invalid() {
    let (mut guest, ..) = piped(Version::Preview1);
    for flags in [0x20, 0x8000, 0x1_0000, i64::from(u32::MAX)] {
        guest.refuse("fd_fdstat_set_flags", &[0, flags], Errno::Inval);
    }
    for fd in BAD {
        guest.refuse("fd_fdstat_set_flags", &[fd, 0], Errno::Badf);
    }
    guest.give_up(0, Rights::FD_FDSTAT_SET_FLAGS);
    guest.refuse("fd_fdstat_set_flags", &[0, 0], Errno::Notcapable);
}

/// Others may hold the same open file, and rely on how it is.
#[test]
fn what_the_host_set_cannot_be_taken_back() {
    let path = tempfile::NamedTempFile::new().unwrap();
    let appending = std::fs::File::options().append(true).open(path.path());
    let mut guest = Guest::new(WasiConfig {
        stdout: Stdio::Fd(appending.unwrap().into()),
        ..WasiConfig::default()
    });
    guest.refuse("fd_fdstat_set_flags", &[1, 0], Errno::Notsup);
    set(&mut guest, 1, APPEND | NONBLOCK);
}
