//! `random_get`: `fault`.

use crate::guest::{END, Guest, outside};
use ahead_wasi::WasiConfig;
use ahead_wasi::types::Errno;

#[test]
fn random_get_fills_exactly_what_it_is_asked_for() {
    let mut guest = Guest::new(WasiConfig::default());
    assert_eq!(guest.call("random_get", &[100, 64]), Errno::Success);
    let first = guest.bytes(100, 64);
    guest.only_wrote(&[100..164]);
    assert_eq!(guest.call("random_get", &[100, 64]), Errno::Success);
    assert_ne!(guest.bytes(100, 64), first);
    guest.only_wrote(&[100..164]);
}

#[test]
fn random_get_fills_the_whole_memory() {
    let mut guest = Guest::new(WasiConfig::default());
    assert_eq!(
        guest.call("random_get", &[0, i64::from(END)]),
        Errno::Success
    );
    // The kernel may give large requests in parts; the last part has to come too.
    let tail = guest.bytes(END - 32, 32);
    assert!(tail.iter().any(|&byte| byte != tail[0]));
}

#[test]
fn random_get_up_to_the_last_byte() {
    let mut guest = Guest::new(WasiConfig::default());
    assert_eq!(
        guest.call("random_get", &[i64::from(END - 8), 8]),
        Errno::Success
    );
    guest.only_wrote(&[END - 8..END]);
    for address in outside(8) {
        guest.refuse("random_get", &[address, 8], Errno::Fault);
    }
    guest.refuse("random_get", &[1, i64::from(u32::MAX)], Errno::Fault);
    guest.refuse("random_get", &[1, i64::from(END)], Errno::Fault);
}

#[test]
fn random_get_of_nothing_writes_nothing() {
    let mut guest = Guest::new(WasiConfig::default());
    for address in [0, i64::from(END)] {
        assert_eq!(guest.call("random_get", &[address, 0]), Errno::Success);
    }
    assert_eq!(guest.written(), []);
    guest.refuse("random_get", &[i64::from(END) + 1, 0], Errno::Fault);
}
