//! `environ_get`, `environ_sizes_get`.

use crate::guest::{END, Guest, outside};
use ahead_wasi::WasiConfig;
use ahead_wasi::types::{Errno, Version};

fn with_env(version: Version) -> Guest {
    Guest::of(
        version,
        WasiConfig {
            env: vec![
                (b"A".to_vec(), b"1=2".to_vec()),
                (b"\xc3".to_vec(), b"".to_vec()),
            ],
            ..WasiConfig::default()
        },
    )
}

/// `"A=1=2\0" "\xc3=\0"`.
const BYTES: u32 = 9;

#[test]
fn environ_sizes_get_counts_nuls() {
    for version in Version::ALL {
        let mut guest = with_env(version);
        assert_eq!(guest.call("environ_sizes_get", &[100, 200]), Errno::Success);
        assert_eq!((guest.word(100), guest.word(200)), (2, BYTES));
        guest.only_wrote(&[100..104, 200..204]);
        for address in outside(4) {
            guest.refuse("environ_sizes_get", &[address, 0], Errno::Fault);
            guest.refuse("environ_sizes_get", &[0, address], Errno::Fault);
        }
    }
}

#[test]
fn environ_get_writes_addresses_and_strings() {
    for version in Version::ALL {
        let mut guest = with_env(version);
        assert_eq!(guest.call("environ_get", &[100, 200]), Errno::Success);
        assert_eq!([guest.word(100), guest.word(104)], [200, 206]);
        assert_eq!(guest.bytes(200, BYTES), b"A=1=2\0\xc3=\0");
        guest.only_wrote(&[100..108, 200..200 + BYTES]);
    }
}

#[test]
fn environ_get_up_to_the_last_byte() {
    let mut guest = with_env(Version::Preview1);
    assert_eq!(
        guest.call("environ_get", &[0, i64::from(END - BYTES)]),
        Errno::Success
    );
    assert_eq!(
        guest.call("environ_get", &[i64::from(END - 8), 0]),
        Errno::Success
    );
    guest.written();
    for address in outside(BYTES) {
        guest.refuse("environ_get", &[0, address], Errno::Fault);
    }
    for address in outside(8) {
        guest.refuse("environ_get", &[address, 100], Errno::Fault);
    }
}
