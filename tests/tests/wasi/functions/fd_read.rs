//! `fd_read`: `again`, `badf`, `fault`.

use crate::guest::Guest;
use crate::scratch::*;
use crate::streams::{list, list_edges, piped, with_file};
use ahead_wasi::types::{Errno, Version};
use ahead_wasi::{Blocking, Stdio, WasiConfig};
use std::io::Write;
use std::time::Duration;

#[test]
fn buffers_are_filled_in_the_order_of_the_list() {
    for version in Version::ALL {
        let (mut guest, mut feed, _drain) = piped(version);
        feed.write_all(b"abcdef").unwrap();
        let [iovs, len] = list(&mut guest, &[(300, 2), (0, 0), (200, 3), (400, 8)]);
        assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
        assert_eq!(guest.word(500), 6);
        assert_eq!(guest.bytes(300, 2), b"ab");
        assert_eq!(guest.bytes(200, 3), b"cde");
        assert_eq!(guest.bytes(400, 1), b"f");
        guest.only_wrote(&[300..302, 200..203, 400..401, 500..504]);
        drop(feed);
        assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
        assert_eq!(guest.word(500), 0, "the end of the input");
    }
}

#[test]
fn a_file_s_position_moves_on() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("0123456789");
    assert_eq!(scratch.read(fd), Ok(b"0123456789".to_vec()));
    assert_eq!(scratch.read(fd), Ok(vec![]));
    let seek = [fd, -3, 2, i64::from(OUT)];
    assert_eq!(scratch.guest.call("fd_seek", &seek), Errno::Success);
    assert_eq!(scratch.read(fd), Ok(b"789".to_vec()));
}

#[test]
fn overlapping_buffers_give_a_short_read() {
    let (mut guest, mut feed, _drain) = piped(Version::Preview1);
    feed.write_all(b"abcdef").unwrap();
    let [iovs, len] = list(&mut guest, &[(300, 4), (302, 4)]);
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
    assert_eq!(guest.word(500), 4);
    assert_eq!(guest.bytes(300, 4), b"abcd");
    guest.only_wrote(&[300..304, 500..504]);
    // Over the list itself, and over the result.
    let [iovs, len] = list(&mut guest, &[(1000, 2)]);
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 1000]), Errno::Success);
    assert_eq!(guest.word(1000), 2);
    guest.only_wrote(&[1000..1004]);
}

#[test]
fn of_a_long_list_1024_buffers_are_used() {
    let (mut guest, _file) = with_file(Version::Preview1, &[b'x'; 2000]);
    // One buffer more than is used, and that one out of bounds: nobody looks at it.
    let mut words: Vec<u32> = (0..1024).flat_map(|index| [20_000 + index, 1]).collect();
    words.extend([u32::MAX, 1]);
    guest.put_words(1000, &words);
    assert_eq!(guest.call("fd_read", &[0, 1000, 1025, 500]), Errno::Success);
    assert_eq!(guest.word(500), 1024);
    guest.only_wrote(&[500..504, 20_000..21_024]);
}

#[test]
fn arguments_have_to_be_inside() {
    let (mut guest, _file) = with_file(Version::Preview1, &[b'x'; 2000]);
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.edges("fd_read", &[0, iovs, len, 500], &[(3, 4)]);
    list_edges(&mut guest, "fd_read", &[0, iovs, len, 500], 1);
    // What was refused has read nothing.
    let (mut guest, mut feed, _drain) = piped(Version::Preview1);
    feed.write_all(b"ab").unwrap();
    list(&mut guest, &[(100, 1)]);
    guest.refuse("fd_read", &[0, 1000, 1, -1], Errno::Fault);
    assert_eq!(guest.call("fd_read", &[0, 1000, 1, 500]), Errno::Success);
    assert_eq!(guest.bytes(100, 1), b"a");
}

#[test]
fn null_is_empty() {
    let mut guest = Guest::new(WasiConfig::default());
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
    assert_eq!(guest.word(500), 0);
}

#[test]
fn what_cannot_be_read() {
    let mut scratch = Scratch::writable();
    scratch.write_host("file", "contents");
    let writer = scratch.open("file", 0, ALL & !FD_READ).unwrap();
    let guest = &mut scratch.guest;
    let [iovs, len] = list(guest, &[(100, 2)]);
    for fd in [writer, DIR, 1, 2].into_iter().chain(BAD) {
        guest.refuse("fd_read", &[fd, iovs, len, 500], Errno::Badf);
    }
}

#[test]
fn nothing_there_is_not_waited_for() {
    for blocking in [
        Blocking::Forbidden,
        Blocking::Bounded(Duration::from_millis(5)),
    ] {
        let (input, mut feed) = std::io::pipe().unwrap();
        let mut guest = Guest::new(WasiConfig {
            stdin: Stdio::Fd(input.into()),
            blocking,
            ..WasiConfig::default()
        });
        let [iovs, len] = list(&mut guest, &[(100, 2)]);
        guest.refuse("fd_read", &[0, iovs, len, 500], Errno::Again);
        feed.write_all(b"abc").unwrap();
        assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
        assert_eq!(guest.bytes(100, 2), b"ab");
    }
}
