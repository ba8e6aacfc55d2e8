//! `sock_shutdown`: `badf`, `inval`, `notcapable`, `notconn`, `notsock`.

use crate::guest::Guest;
use crate::scratch::{BAD, DIR, Scratch};
use crate::sockets::*;
use ahead_wasi::types::{Errno, Rights};
use ahead_wasi::{Blocking, WasiConfig};
use std::io::{Read, Write};

#[test]
fn each_direction_can_be_closed() {
    let (mut guest, mut client) = connected(Blocking::Allowed);
    let shut = |guest: &mut Guest, how| {
        let shut = guest.call("sock_shutdown", &[CONNECTION, how]);
        assert_eq!(guest.written(), []);
        shut
    };
    assert_eq!(shut(&mut guest, 2), Errno::Success);
    assert_eq!(client.read(&mut [0; 8]).unwrap(), 0);
    // The other way is open still.
    client.write_all(b"x").unwrap();
    let receive = [CONNECTION, 1000, 1, 0, 2000, 3000];
    assert_eq!(guest.call("sock_recv", &receive), Errno::Success);
    assert_eq!(guest.word(2000), 1);
    guest.written();
    assert_eq!(shut(&mut guest, 1), Errno::Success);
    assert_eq!(guest.call("sock_recv", &receive), Errno::Success);
    assert_eq!(guest.word(2000), 0);
    let (mut guest, mut client) = connected(Blocking::Allowed);
    assert_eq!(shut(&mut guest, 3), Errno::Success);
    assert_eq!(client.read(&mut [0; 8]).unwrap(), 0);
}

#[test]
fn what_cannot_be_shut() {
    let (mut guest, _client) = connected(Blocking::Allowed);
    for how in [0, 4, 0x100, -1] {
        guest.refuse("sock_shutdown", &[CONNECTION, how], Errno::Inval);
    }
    guest.refuse("sock_shutdown", &[LISTENER, 3], Errno::Notconn);
    guest.give_up(CONNECTION, Rights::SOCK_SHUTDOWN);
    guest.refuse("sock_shutdown", &[CONNECTION, 3], Errno::Notcapable);
    let mut guest = Guest::new(WasiConfig::default());
    for fd in 0..3 {
        guest.refuse("sock_shutdown", &[fd, 3], Errno::Notsock);
    }
    for fd in BAD {
        guest.refuse("sock_shutdown", &[fd, 3], Errno::Badf);
    }
    let mut scratch = Scratch::writable();
    let file = scratch.file("contents");
    for fd in [file, DIR] {
        let args = [fd, 3];
        scratch.guest.refuse("sock_shutdown", &args, Errno::Notsock);
    }
}
