//! `args_get`, `args_sizes_get`.

use crate::guest::{END, Guest, outside};
use ahead_wasi::WasiConfig;
use ahead_wasi::types::{Errno, Version};

fn with_args(version: Version) -> Guest {
    Guest::of(
        version,
        WasiConfig {
            args: vec![b"prog".to_vec(), b"".to_vec(), b"\xff\xfe x".to_vec()],
            ..WasiConfig::default()
        },
    )
}

/// `"prog\0" "\0" "\xff\xfe x\0"`.
const BYTES: u32 = 11;

#[test]
fn args_sizes_get_counts_nuls() {
    for version in Version::ALL {
        let mut guest = with_args(version);
        assert_eq!(guest.call("args_sizes_get", &[100, 200]), Errno::Success);
        assert_eq!((guest.word(100), guest.word(200)), (3, BYTES));
        guest.only_wrote(&[100..104, 200..204]);
    }
}

#[test]
fn args_sizes_get_writes_both_or_nothing() {
    let mut guest = with_args(Version::Preview1);
    assert_eq!(
        guest.call("args_sizes_get", &[i64::from(END - 4), 0]),
        Errno::Success
    );
    guest.written();
    for address in outside(4) {
        guest.refuse("args_sizes_get", &[address, 0], Errno::Fault);
        guest.refuse("args_sizes_get", &[0, address], Errno::Fault);
    }
}

#[test]
fn args_get_writes_addresses_and_strings() {
    for version in Version::ALL {
        let mut guest = with_args(version);
        assert_eq!(guest.call("args_get", &[100, 200]), Errno::Success);
        assert_eq!(
            [guest.word(100), guest.word(104), guest.word(108)],
            [200, 205, 206]
        );
        assert_eq!(guest.bytes(200, BYTES), b"prog\0\0\xff\xfe x\0");
        guest.only_wrote(&[100..112, 200..200 + BYTES]);
    }
}

#[test]
fn args_get_up_to_the_last_byte() {
    let mut guest = with_args(Version::Preview1);
    assert_eq!(
        guest.call("args_get", &[0, i64::from(END - BYTES)]),
        Errno::Success
    );
    assert_eq!(
        guest.call("args_get", &[i64::from(END - 12), 0]),
        Errno::Success
    );
    guest.written();
    for address in outside(BYTES) {
        guest.refuse("args_get", &[0, address], Errno::Fault);
    }
    for address in outside(12) {
        guest.refuse("args_get", &[address, 100], Errno::Fault);
    }
}

#[test]
fn args_get_over_itself_is_harmless() {
    let mut guest = with_args(Version::Preview1);
    assert_eq!(guest.call("args_get", &[100, 104]), Errno::Success);
    guest.only_wrote(&[100..115]);
}

#[test]
fn no_args_are_no_bytes() {
    let mut guest = Guest::new(WasiConfig::default());
    assert_eq!(guest.call("args_sizes_get", &[0, 4]), Errno::Success);
    assert_eq!((guest.word(0), guest.word(4)), (0, 0));
    guest.written();
    assert_eq!(
        guest.call("args_get", &[i64::from(END), i64::from(END)]),
        Errno::Success
    );
    assert_eq!(guest.written(), []);
}
