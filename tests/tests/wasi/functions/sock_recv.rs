//! `sock_recv`: `again`, `badf`, `fault`, `inval`, `notconn`, `notsock`.

use crate::guest::Guest;
use crate::scratch::{BAD, DIR, Scratch};
use crate::sockets::*;
use crate::streams::list_edges;
use ahead_wasi::types::{Errno, Rights};
use ahead_wasi::{Blocking, WasiConfig};
use std::io::Write;
use std::time::Duration;

/// Into both buffers, with these flags.
fn receive(flags: i64) -> [i64; 6] {
    [CONNECTION, 1000, 2, flags, 2000, 3000]
}

#[test]
fn buffers_are_filled_in_order() {
    let (mut guest, mut client) = connected(Blocking::Allowed);
    client.write_all(b"hello").unwrap();
    // Peeked at, it stays.
    for flags in [1, 0] {
        assert_eq!(guest.call("sock_recv", &receive(flags)), Errno::Success);
        guest.only_wrote(&[2000..2004, 3000..3002, 4000..4002, 4010..4013]);
        assert_eq!(guest.word(2000), 5);
        assert_eq!(guest.bytes(3000, 2), [0, 0]);
        let got = [guest.bytes(4000, 2), guest.bytes(4010, 3)].concat();
        assert_eq!(got, b"hello");
    }
    drop(client);
    assert_eq!(guest.call("sock_recv", &receive(0)), Errno::Success);
    assert_eq!(guest.word(2000), 0, "the end");
}

#[test]
fn all_that_fits_can_be_waited_for() {
    let (mut guest, mut client) = connected(Blocking::Allowed);
    let writer = std::thread::spawn(move || {
        for part in [&[b'a'; 20], &[b'b'; 20]] {
            client.write_all(part).unwrap();
        }
        client
    });
    assert_eq!(guest.call("sock_recv", &receive(2)), Errno::Success);
    assert_eq!(guest.word(2000), 32);
    writer.join().unwrap();
}

#[test]
fn nothing_there_is_not_waited_for() {
    for blocking in [
        Blocking::Forbidden,
        Blocking::Bounded(Duration::from_millis(5)),
    ] {
        let (mut guest, _client) = connected(blocking);
        guest.refuse("sock_recv", &receive(0), Errno::Again);
        guest.refuse("sock_recv", &receive(2), Errno::Again);
    }
    let (mut guest, _client) = connected(Blocking::Allowed);
    let set = guest.call("fd_fdstat_set_flags", &[CONNECTION, 4]);
    assert_eq!(set, Errno::Success);
    guest.refuse("sock_recv", &receive(0), Errno::Again);
}

#[test]
fn overlapping_buffers_give_a_short_read() {
    let (mut guest, mut client) = connected(Blocking::Allowed);
    client.write_all(b"abcdef").unwrap();
    guest.put_words(1000, &[4000, 4, 4002, 4]);
    assert_eq!(guest.call("sock_recv", &receive(0)), Errno::Success);
    assert_eq!(guest.word(2000), 4);
    guest.only_wrote(&[2000..2004, 3000..3002, 4000..4004]);
}

#[test]
fn arguments_are_checked() {
    let (mut guest, mut client) = connected(Blocking::Forbidden);
    for flags in [4, 8, 0x1_0000, -1] {
        guest.refuse("sock_recv", &receive(flags), Errno::Inval);
    }
    client.write_all(&[b'x'; 60_000]).unwrap();
    guest.edges("sock_recv", &receive(1), &[(4, 4), (5, 2)]);
    list_edges(&mut guest, "sock_recv", &receive(1), 1);
}

#[test]
fn what_is_no_connection() {
    let (mut guest, _client) = connected(Blocking::Allowed);
    let of = |fd: i64| [fd, 1000, 2, 0, 2000, 3000];
    guest.refuse("sock_recv", &of(LISTENER), Errno::Notconn);
    guest.give_up(CONNECTION, Rights::FD_READ);
    // As with a stream that flows the other way.
    guest.refuse("sock_recv", &of(CONNECTION), Errno::Badf);
    let mut guest = Guest::new(WasiConfig::default());
    guest.put_words(1000, &[4000, 2, 4010, 30]);
    for fd in 0..3 {
        guest.refuse("sock_recv", &of(fd), Errno::Notsock);
    }
    for fd in BAD {
        guest.refuse("sock_recv", &of(fd), Errno::Badf);
    }
    let mut scratch = Scratch::writable();
    let file = scratch.file("contents");
    scratch.guest.put_words(1000, &[4000, 2, 4010, 30]);
    for fd in [file, DIR] {
        scratch.guest.refuse("sock_recv", &of(fd), Errno::Notsock);
    }
}
