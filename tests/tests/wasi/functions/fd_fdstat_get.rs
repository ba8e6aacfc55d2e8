//! `fd_fdstat_get`: `badf`, `fault`.

use crate::guest::Guest;
use crate::scratch::*;
use crate::streams::piped;
use ahead_wasi::types::{Errno, Fdflags, Filetype, Rights, Version};
use ahead_wasi::{Stdio, WasiConfig};

/// File type, flags, rights of its own and to inherit.
fn stat(guest: &mut Guest, fd: i64) -> (u8, u16, u64, u64) {
    assert_eq!(guest.call("fd_fdstat_get", &[fd, 2000]), Errno::Success);
    guest.only_wrote(&[2000..2024]);
    let flags = u16::from_le_bytes(guest.bytes(2002, 2).try_into().unwrap());
    let filetype = guest.bytes(2000, 1)[0];
    (filetype, flags, guest.long(2008), guest.long(2016))
}

#[test]
fn a_stream_flows_one_way() {
    for version in Version::ALL {
        let (mut guest, ..) = piped(version);
        let has = |rights: u64, right: Rights| rights & right.bits() != 0;
        let (filetype, flags, base, inheriting) = stat(&mut guest, 0);
        assert_eq!((filetype, flags, inheriting), (0, 0, 0));
        assert!(has(base, Rights::FD_READ) && !has(base, Rights::FD_WRITE));
        let (.., base, _) = stat(&mut guest, 1);
        assert!(has(base, Rights::FD_WRITE) && !has(base, Rights::FD_READ));
        // `/dev/null` is what a terminal is to `isatty`, save that both say what they are.
        let (filetype, _, base, _) = stat(&mut guest, 2);
        assert_eq!(filetype, Filetype::CharacterDevice.code());
        assert!(!has(base, Rights::FD_SEEK) && !has(base, Rights::FD_TELL));
    }
}

#[test]
fn files_and_directories_say_what_they_are() {
    let mut scratch = Scratch::writable();
    scratch.write_host("file", "");
    let flags = Fdflags::APPEND.union(Fdflags::SYNC).bits();
    let fd = scratch.open_with("file", 0, 0, ALL, i64::from(flags));
    let fd = fd.unwrap();
    let told = stat(&mut scratch.guest, fd);
    assert_eq!((told.0, told.1), (Filetype::RegularFile.code(), flags));
    assert_eq!(told.2 & Rights::PATH_OPEN.bits(), 0);
    let (filetype, flags, base, inheriting) = stat(&mut scratch.guest, DIR);
    assert_eq!((filetype, flags), (Filetype::Directory.code(), 0));
    assert_ne!(base & Rights::PATH_OPEN.bits(), 0);
    assert_eq!(base & Rights::FD_SEEK.bits(), 0);
    // What is opened in it may be read and written.
    assert_ne!(inheriting & Rights::FD_READ.bits(), 0);
}

#[test]
fn a_stream_that_the_host_does_not_give_is_none() {
    let mut guest = Guest::new(WasiConfig {
        stderr: Stdio::Closed,
        ..WasiConfig::default()
    });
    guest.refuse("fd_fdstat_get", &[2, 2000], Errno::Badf);
    stat(&mut guest, 1);
}

#[test]
fn the_result_has_to_fit() {
    let mut scratch = Scratch::writable();
    for fd in [0, DIR] {
        scratch
            .guest
            .edges("fd_fdstat_get", &[fd, 2000], &[(1, 24)]);
    }
    for fd in BAD {
        let args = [fd, 2000];
        scratch.guest.refuse("fd_fdstat_get", &args, Errno::Badf);
    }
}
