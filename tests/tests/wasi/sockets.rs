//! Guests with a socket that listens.

use crate::guest::Guest;
use ahead_wasi::types::Errno;
use ahead_wasi::{Blocking, WasiConfig};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// The listener's descriptor, and the first connection's.
pub const LISTENER: i64 = 3;
pub const CONNECTION: i64 = 4;

/// A guest with a listener, and the listener's address.
pub fn server(blocking: Blocking) -> (Guest, SocketAddr) {
    bounded_server(blocking, 1024)
}

/// The same, with so many descriptors at most.
pub fn bounded_server(blocking: Blocking, descriptors_max: u32) -> (Guest, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let guest = Guest::new(WasiConfig {
        listeners: vec![listener.into()],
        blocking,
        descriptors_max,
        ..WasiConfig::default()
    });
    (guest, address)
}

/// A guest that has accepted a connection, and the other end of that. Two buffers of 2 and 30 bytes are listed at 1000.
pub fn connected(blocking: Blocking) -> (Guest, TcpStream) {
    let (mut guest, address) = server(blocking);
    let client = TcpStream::connect(address).unwrap();
    let accepted = guest.call("sock_accept", &[LISTENER, 0, 2000]);
    assert_eq!(accepted, Errno::Success);
    guest.only_wrote(&[2000..2004]);
    assert_eq!(i64::from(guest.word(2000)), CONNECTION);
    guest.put_words(1000, &[4000, 2, 4010, 30]);
    (guest, client)
}
