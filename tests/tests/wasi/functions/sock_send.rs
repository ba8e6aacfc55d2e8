//! `sock_send`: `again`, `badf`, `fault`, `inval`, `notconn`, `notsock`, `pipe`.

use crate::guest::{END, Guest};
use crate::scratch::{BAD, DIR, Scratch};
use crate::sockets::*;
use crate::streams::list_edges;
use ahead_wasi::types::{Errno, Rights};
use ahead_wasi::{Blocking, WasiConfig};
use std::io::Read;
use std::time::Duration;

fn send(fd: i64) -> [i64; 5] {
    [fd, 1000, 2, 0, 2000]
}

#[test]
fn buffers_are_gathered() {
    let (mut guest, mut client) = connected(Blocking::Allowed);
    guest.put(4000, b"abcd");
    // They may overlap.
    guest.put_words(1000, &[4000, 3, 4001, 3]);
    assert_eq!(guest.call("sock_send", &send(CONNECTION)), Errno::Success);
    guest.only_wrote(&[2000..2004]);
    assert_eq!(guest.word(2000), 6);
    // As with any descriptor.
    let write = [CONNECTION, 1000, 1, 2000];
    assert_eq!(guest.call("fd_write", &write), Errno::Success);
    drop(guest);
    let mut received = Vec::new();
    client.read_to_end(&mut received).unwrap();
    assert_eq!(received, b"abcbcdabc");
}

#[test]
fn nobody_there_is_an_error_and_no_signal() {
    let (mut guest, client) = connected(Blocking::Allowed);
    let shut = guest.call("sock_shutdown", &[CONNECTION, 2]);
    assert_eq!(shut, Errno::Success);
    guest.refuse("sock_send", &send(CONNECTION), Errno::Pipe);
    guest.refuse("fd_write", &[CONNECTION, 1000, 1, 2000], Errno::Pipe);
    drop(client);
}

#[test]
fn room_is_not_waited_for() {
    for blocking in [
        Blocking::Forbidden,
        Blocking::Bounded(Duration::from_millis(5)),
    ] {
        let (mut guest, _client) = connected(blocking);
        guest.put_words(1000, &[0, END / 2, END / 2, END / 2]);
        let mut sent = 0;
        let errno = loop {
            match guest.call("sock_send", &send(CONNECTION)) {
                Errno::Success => sent += u64::from(guest.word(2000)),
                errno => break errno,
            }
            // What the result overwrote is the list's neighbour, not the list.
            assert!(sent < 1 << 30, "somebody swallows it all");
        };
        assert_eq!(errno, Errno::Again);
        assert!(sent > 0);
    }
}

#[test]
fn arguments_are_checked() {
    let (mut guest, _client) = connected(Blocking::Forbidden);
    for flags in [1, 2, 1 << 31, -1] {
        let args = [CONNECTION, 1000, 2, flags, 2000];
        guest.refuse("sock_send", &args, Errno::Inval);
    }
    guest.edges("sock_send", &send(CONNECTION), &[(4, 4)]);
    list_edges(&mut guest, "sock_send", &send(CONNECTION), 1);
}

#[test]
fn what_is_no_connection() {
    let (mut guest, _client) = connected(Blocking::Allowed);
    guest.refuse("sock_send", &send(LISTENER), Errno::Notconn);
    guest.give_up(CONNECTION, Rights::FD_WRITE);
    // As with a stream that flows the other way.
    guest.refuse("sock_send", &send(CONNECTION), Errno::Badf);
    let mut guest = Guest::new(WasiConfig::default());
    guest.put_words(1000, &[4000, 2, 4010, 30]);
    for fd in 0..3 {
        guest.refuse("sock_send", &send(fd), Errno::Notsock);
    }
    for fd in BAD {
        guest.refuse("sock_send", &send(fd), Errno::Badf);
    }
    let mut scratch = Scratch::writable();
    let file = scratch.file("contents");
    scratch.guest.put_words(1000, &[4000, 2, 4010, 30]);
    for fd in [file, DIR] {
        let args = send(fd);
        scratch.guest.refuse("sock_send", &args, Errno::Notsock);
    }
}
