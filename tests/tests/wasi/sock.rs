//! `sock_*`: what a guest without sockets gets, and one that was given a listener.

use crate::guest::{END, Guest, outside};
use ahead_wasi::types::Errno;
use ahead_wasi::{Blocking, WasiConfig};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// Each function with good arguments.
fn calls(fd: i64) -> [(&'static str, Vec<i64>); 4] {
    [
        ("sock_accept", vec![fd, 4, 2000]),
        ("sock_recv", vec![fd, 1000, 1, 3, 2000, 3000]),
        ("sock_send", vec![fd, 1000, 1, 0, 2000]),
        ("sock_shutdown", vec![fd, 3]),
    ]
}

fn guest() -> Guest {
    let mut guest = Guest::new(WasiConfig::default());
    guest.put_words(1000, &[4000, 16]);
    guest
}

#[test]
fn streams_are_no_sockets() {
    let mut guest = guest();
    for fd in 0..3 {
        for (name, args) in calls(fd) {
            guest.refuse(name, &args, Errno::Notsock);
        }
    }
    for fd in [3, i64::from(u32::MAX)] {
        for (name, args) in calls(fd) {
            guest.refuse(name, &args, Errno::Badf);
        }
    }
}

#[test]
fn arguments_are_checked() {
    let mut guest = guest();
    guest.refuse("sock_accept", &[0, 0x20, 2000], Errno::Inval);
    guest.refuse("sock_recv", &[0, 1000, 1, 4, 2000, 3000], Errno::Inval);
    guest.refuse("sock_send", &[0, 1000, 1, 1, 2000], Errno::Inval);
    for how in [0, 4, 0x100] {
        guest.refuse("sock_shutdown", &[0, how], Errno::Inval);
    }
    for address in outside(8) {
        guest.refuse("sock_recv", &[0, address, 1, 0, 2000, 3000], Errno::Fault);
        guest.refuse("sock_send", &[0, address, 1, 0, 2000], Errno::Fault);
    }
    for address in outside(4) {
        guest.refuse("sock_accept", &[0, 0, address], Errno::Fault);
        guest.refuse("sock_recv", &[0, 1000, 1, 0, address, 3000], Errno::Fault);
        guest.refuse("sock_send", &[0, 1000, 1, 0, address], Errno::Fault);
    }
    for address in outside(2) {
        guest.refuse("sock_recv", &[0, 1000, 1, 0, 2000, address], Errno::Fault);
    }
    guest.put_words(1000, &[END - 15, 16]);
    guest.refuse("sock_recv", &[0, 1000, 1, 0, 2000, 3000], Errno::Fault);
}

/// The listener's descriptor, and the first connection's.
const LISTENER: i64 = 3;
const CONNECTION: i64 = 4;

/// A guest with a listener, and the listener's address.
fn server(blocking: Blocking) -> (Guest, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let guest = Guest::new(WasiConfig {
        listeners: vec![listener.into()],
        blocking,
        ..WasiConfig::default()
    });
    (guest, address)
}

/// A guest that has accepted a connection, and the other end of that.
fn connected() -> (Guest, TcpStream) {
    let (mut guest, address) = server(Blocking::Allowed);
    let client = TcpStream::connect(address).unwrap();
    let accepted = guest.call("sock_accept", &[LISTENER, 0, 2000]);
    assert_eq!(accepted, Errno::Success);
    guest.only_wrote(&[2000..2004]);
    assert_eq!(i64::from(guest.word(2000)), CONNECTION);
    guest.put_words(1000, &[4000, 2, 4010, 30]);
    (guest, client)
}

#[test]
fn nobody_there_is_not_waited_for() {
    for blocking in [
        Blocking::Forbidden,
        Blocking::Bounded(Duration::from_millis(5)),
    ] {
        let (mut guest, _) = server(blocking);
        guest.refuse("sock_accept", &[LISTENER, 0, 2000], Errno::Again);
    }
    let (mut guest, _) = server(Blocking::Allowed);
    let flags = guest.call("fd_fdstat_set_flags", &[LISTENER, 4]);
    assert_eq!(flags, Errno::Success);
    guest.refuse("sock_accept", &[LISTENER, 0, 2000], Errno::Again);
}

#[test]
fn a_connection_is_received_from() {
    let (mut guest, mut client) = connected();
    client.write_all(b"hello").unwrap();
    let peek = [CONNECTION, 1000, 2, 1, 2000, 3000];
    assert_eq!(guest.call("sock_recv", &peek), Errno::Success);
    let receive = [CONNECTION, 1000, 2, 0, 2000, 3000];
    assert_eq!(guest.call("sock_recv", &receive), Errno::Success);
    guest.only_wrote(&[2000..2004, 3000..3002, 4000..4002, 4010..4013]);
    assert_eq!(guest.word(2000), 5);
    assert_eq!(guest.bytes(3000, 2), [0, 0]);
    assert_eq!(
        [guest.bytes(4000, 2), guest.bytes(4010, 3)].concat(),
        b"hello"
    );
    drop(client);
    assert_eq!(guest.call("sock_recv", &receive), Errno::Success);
    assert_eq!(guest.word(2000), 0);
}

#[test]
fn a_connection_is_sent_to() {
    let (mut guest, mut client) = connected();
    guest.put(4000, b"ab");
    let send = [CONNECTION, 1000, 1, 0, 2000];
    assert_eq!(guest.call("sock_send", &send), Errno::Success);
    guest.only_wrote(&[2000..2004]);
    // As with any descriptor.
    assert_eq!(
        guest.call("fd_write", &[CONNECTION, 1000, 1, 2000]),
        Errno::Success
    );
    assert_eq!(
        guest.call("sock_shutdown", &[CONNECTION, 2]),
        Errno::Success
    );
    let mut received = Vec::new();
    client.read_to_end(&mut received).unwrap();
    assert_eq!(received, b"abab");
    // Neither kills the process.
    assert_eq!(guest.call("sock_send", &send), Errno::Pipe);
    assert_eq!(
        guest.call("fd_write", &[CONNECTION, 1000, 1, 2000]),
        Errno::Pipe
    );
    client.shutdown(Shutdown::Both).unwrap();
}

#[test]
fn each_socket_has_its_uses() {
    let (mut guest, _client) = connected();
    guest.refuse("sock_accept", &[CONNECTION, 0, 2000], Errno::Inval);
    guest.refuse("sock_accept", &[LISTENER, 1, 2000], Errno::Inval);
    guest.refuse(
        "sock_recv",
        &[LISTENER, 1000, 1, 0, 2000, 3000],
        Errno::Notconn,
    );
    guest.refuse("sock_send", &[LISTENER, 1000, 1, 0, 2000], Errno::Notconn);
    guest.refuse("sock_shutdown", &[LISTENER, 3], Errno::Notconn);
    guest.refuse("fd_seek", &[CONNECTION, 0, 0, 2000], Errno::Spipe);
    guest.refuse(
        "path_open",
        &[CONNECTION, 0, 1000, 1, 0, 0, 0, 0, 2000],
        Errno::Notdir,
    );
    guest.refuse("fd_prestat_get", &[LISTENER, 2000], Errno::Badf);
    let stat = guest.call("fd_fdstat_get", &[CONNECTION, 2000]);
    assert_eq!((stat, guest.bytes(2000, 1)[0]), (Errno::Success, 6));
    // Non-blocking by its own flag.
    guest.written();
    assert_eq!(
        guest.call("fd_fdstat_set_flags", &[CONNECTION, 4]),
        Errno::Success
    );
    guest.refuse(
        "sock_recv",
        &[CONNECTION, 1000, 1, 0, 2000, 3000],
        Errno::Again,
    );
}

#[test]
fn a_listener_is_polled() {
    let (mut guest, address) = server(Blocking::Forbidden);
    let mut subscription = [0; 48];
    (subscription[8], subscription[16]) = (1, LISTENER as u8);
    guest.put(1000, &subscription);
    let poll = [1000, 2000, 1, 3000];
    guest.refuse("poll_oneoff", &poll, Errno::Again);
    let _client = TcpStream::connect(address).unwrap();
    assert_eq!(guest.call("poll_oneoff", &poll), Errno::Success);
    assert_eq!(guest.bytes(2008, 2), [0, 0]);
}
