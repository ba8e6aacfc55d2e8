//! `fd_write`: `again`, `badf`, `dquot`, `fault`, `pipe`; what the host says of a disk that is full.

use crate::guest::{END, Guest};
use crate::scratch::*;
use crate::streams::{list, list_edges, piped};
use ahead_wasi::types::{Errno, Version};
use ahead_wasi::{Access, Blocking, Stdio, WasiConfig};
use std::io::Read;
use std::time::Duration;

#[test]
fn buffers_are_gathered() {
    for version in Version::ALL {
        let (mut guest, _feed, mut drain) = piped(version);
        guest.put(100, b"hello");
        // They may overlap.
        let [iovs, len] = list(&mut guest, &[(100, 2), (0, 0), (102, 3), (100, 1)]);
        assert_eq!(guest.call("fd_write", &[1, iovs, len, 500]), Errno::Success);
        assert_eq!(guest.word(500), 6);
        guest.only_wrote(&[500..504]);
        let mut out = [0; 6];
        drain.read_exact(&mut out).unwrap();
        assert_eq!(&out, b"helloh");
    }
}

#[test]
fn its_own_list_and_result_may_be_written() {
    let (mut guest, _feed, mut drain) = piped(Version::Preview1);
    let [iovs, len] = list(&mut guest, &[(1000, 8)]);
    let written = guest.call("fd_write", &[1, iovs, len, 1000]);
    assert_eq!((written, guest.word(1000)), (Errno::Success, 8));
    let mut out = [0; 8];
    drain.read_exact(&mut out).unwrap();
    assert_eq!(out, [0xe8, 3, 0, 0, 8, 0, 0, 0]);
}

#[test]
fn of_a_long_list_1024_buffers_are_used() {
    let (mut guest, _feed, mut drain) = piped(Version::Preview1);
    // One buffer more than is used, and that one out of bounds: nobody looks at it.
    let mut words = [0, 1].repeat(1024);
    words.extend([u32::MAX, 1]);
    guest.put_words(1000, &words);
    let written = guest.call("fd_write", &[1, 1000, 1025, 500]);
    assert_eq!((written, guest.word(500)), (Errno::Success, 1024));
    drain.read_exact(&mut [0; 1024]).unwrap();
}

#[test]
fn arguments_have_to_be_inside() {
    let mut guest = Guest::new(WasiConfig::default());
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.edges("fd_write", &[1, iovs, len, 500], &[(3, 4)]);
    list_edges(&mut guest, "fd_write", &[1, iovs, len, 500], 1);
    // What was refused has written nothing.
    let (mut guest, _feed, mut drain) = piped(Version::Preview1);
    let [iovs, len] = list(&mut guest, &[(100, 2), (END - 1, 2)]);
    guest.refuse("fd_write", &[1, iovs, len, 500], Errno::Fault);
    guest.refuse("fd_write", &[1, iovs, 1, -1], Errno::Fault);
    drop(guest);
    let mut out = Vec::new();
    drain.read_to_end(&mut out).unwrap();
    assert_eq!(out, b"");
}

#[test]
fn what_cannot_be_written() {
    let mut scratch = Scratch::writable();
    scratch.write_host("file", "contents");
    let reader = scratch.open("file", 0, ALL & !FD_WRITE).unwrap();
    let guest = &mut scratch.guest;
    let [iovs, len] = list(guest, &[(100, 2)]);
    for fd in [reader, DIR, 0].into_iter().chain(BAD) {
        guest.refuse("fd_write", &[fd, iovs, len, 500], Errno::Badf);
    }
    let (mut guest, _feed, drain) = piped(Version::Preview1);
    drop(drain);
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.refuse("fd_write", &[1, iovs, len, 500], Errno::Pipe);
}

#[test]
fn a_full_disk_is_told() {
    let full = std::fs::File::options().write(true).open("/dev/full");
    let mut guest = Guest::new(WasiConfig {
        stdout: Stdio::Fd(full.unwrap().into()),
        ..WasiConfig::default()
    });
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.refuse("fd_write", &[1, iovs, len, 500], Errno::Nospc);
}

#[test]
fn room_is_not_waited_for() {
    for blocking in [
        Blocking::Forbidden,
        Blocking::Bounded(Duration::from_millis(5)),
    ] {
        let (_drain, output) = std::io::pipe().unwrap();
        let mut guest = Guest::new(WasiConfig {
            stdout: Stdio::Fd(output.into()),
            blocking,
            ..WasiConfig::default()
        });
        let [iovs, len] = list(&mut guest, &[(10_000, 4096)]);
        let mut written = 0;
        let errno = loop {
            match guest.call("fd_write", &[1, iovs, len, 500]) {
                Errno::Success => written += guest.word(500),
                errno => break errno,
            }
        };
        assert_eq!(errno, Errno::Again);
        assert!(written >= 4096, "{written}");
    }
}

#[test]
fn a_quota_is_not_exceeded() {
    let mut scratch = Scratch::with(
        Version::Preview1,
        Access::ReadWrite,
        WasiConfig {
            written_bytes_max: Some(10),
            ..WasiConfig::default()
        },
    );
    let fd = scratch.file("contents");
    let guest = &mut scratch.guest;
    guest.put(100, b"0123456789");
    let [iovs, len] = list(guest, &[(100, 4), (104, 4)]);
    // Writing over what is there counts as well; the second time there is too little left.
    for bytes in [8, 2] {
        let written = guest.call("fd_write", &[fd, iovs, len, 500]);
        assert_eq!((written, guest.word(500)), (Errno::Success, bytes));
        guest.written();
    }
    guest.refuse("fd_write", &[fd, iovs, len, 500], Errno::Dquot);
    // Nothing takes no room, and what is no file takes none either.
    let nothing = guest.call("fd_write", &[1, iovs, len, 500]);
    assert_eq!((nothing, guest.word(500)), (Errno::Success, 8));
    assert_eq!(scratch.read_host("file"), "0123456701");
}
