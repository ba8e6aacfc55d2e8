//! `sock_accept`: `again`, `badf`, `fault`, `inval`, `mfile`, `notcapable`, `notsock`. Not in `wasi_unstable`.

use crate::guest::Guest;
use crate::scratch::{BAD, Scratch};
use crate::sockets::*;
use ahead_wasi::types::{Errno, Fdflags, Rights};
use ahead_wasi::{Blocking, WasiConfig};
use std::net::TcpStream;
use std::time::Duration;

const NONBLOCK: i64 = Fdflags::NONBLOCK.bits() as i64;

#[test]
fn connections_get_the_lowest_free_numbers() {
    let (mut guest, address) = server(Blocking::Allowed);
    for (fd, flags) in [(CONNECTION, 0), (CONNECTION + 1, NONBLOCK)] {
        let _client = TcpStream::connect(address).unwrap();
        let args = [LISTENER, flags, 2000];
        assert_eq!(guest.call("sock_accept", &args), Errno::Success);
        guest.only_wrote(&[2000..2004]);
        assert_eq!(i64::from(guest.word(2000)), fd);
        // A stream socket with the flags it was asked to have.
        assert_eq!(guest.call("fd_fdstat_get", &[fd, 2000]), Errno::Success);
        assert_eq!(guest.bytes(2000, 1), [6]);
        assert_eq!(guest.bytes(2002, 1), [flags as u8]);
        guest.written();
    }
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
    let set = guest.call("fd_fdstat_set_flags", &[LISTENER, NONBLOCK]);
    assert_eq!(set, Errno::Success);
    guest.refuse("sock_accept", &[LISTENER, 0, 2000], Errno::Again);
}

#[test]
fn arguments_are_checked() {
    let (mut guest, address) = server(Blocking::Forbidden);
    let _client = TcpStream::connect(address).unwrap();
    for flags in [1, 2, 8, 16, 0x20, -1] {
        guest.refuse("sock_accept", &[LISTENER, flags, 2000], Errno::Inval);
    }
    for address in crate::guest::outside(4) {
        guest.refuse("sock_accept", &[LISTENER, 0, address], Errno::Fault);
    }
    // Nobody was turned away by all that.
    let last = i64::from(crate::guest::END - 4);
    let accepted = guest.call("sock_accept", &[LISTENER, 0, last]);
    assert_eq!(accepted, Errno::Success);
}

#[test]
fn what_does_not_listen() {
    let (mut guest, _client) = connected(Blocking::Allowed);
    guest.refuse("sock_accept", &[CONNECTION, 0, 2000], Errno::Inval);
    guest.give_up(LISTENER, Rights::SOCK_ACCEPT);
    guest.refuse("sock_accept", &[LISTENER, 0, 2000], Errno::Notcapable);
    let mut guest = Guest::new(WasiConfig::default());
    for fd in 0..3 {
        guest.refuse("sock_accept", &[fd, 0, 2000], Errno::Notsock);
    }
    for fd in BAD {
        guest.refuse("sock_accept", &[fd, 0, 2000], Errno::Badf);
    }
    let mut scratch = Scratch::writable();
    let file = scratch.file("contents");
    for fd in [file, crate::scratch::DIR] {
        let args = [fd, 0, 2000];
        scratch.guest.refuse("sock_accept", &args, Errno::Notsock);
    }
}

#[test]
fn descriptors_run_out() {
    let (mut guest, address) = bounded_server(Blocking::Forbidden, 4);
    let _client = TcpStream::connect(address).unwrap();
    guest.refuse("sock_accept", &[LISTENER, 0, 2000], Errno::Mfile);
    assert_eq!(guest.call("fd_close", &[0]), Errno::Success);
    let accepted = guest.call("sock_accept", &[LISTENER, 0, 2000]);
    assert_eq!((accepted, guest.word(2000)), (Errno::Success, 0));
}

#[test]
fn who_waits_is_seen_by_poll() {
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
