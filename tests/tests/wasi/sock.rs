//! `sock_*`: what a guest without sockets gets.

use crate::guest::{END, Guest, outside};
use ahead_wasi::WasiConfig;
use ahead_wasi::types::Errno;

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
