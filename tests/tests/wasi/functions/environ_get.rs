//! `environ_get`: `fault`.

use crate::guest::{END, Guest};
use ahead_wasi::WasiConfig;
use ahead_wasi::types::{Errno, Version};

/// `"HOME=/\0" "\xff=a=b\0"`.
const BYTES: u32 = 13;

fn guest(version: Version) -> Guest {
    Guest::of(
        version,
        WasiConfig {
            env: vec![
                (b"HOME".to_vec(), b"/".to_vec()),
                (b"\xff".to_vec(), b"a=b".to_vec()),
            ],
            ..WasiConfig::default()
        },
    )
}

#[test]
fn addresses_and_variables_are_written() {
    for version in Version::ALL {
        let mut guest = guest(version);
        assert_eq!(guest.call("environ_get", &[100, 200]), Errno::Success);
        assert_eq!([guest.word(100), guest.word(104)], [200, 207]);
        assert_eq!(guest.bytes(200, BYTES), b"HOME=/\0\xff=a=b\0");
        guest.only_wrote(&[100..108, 200..200 + BYTES]);
    }
}

#[test]
fn nothing_is_written_beyond_the_end() {
    guest(Version::Preview1).edges("environ_get", &[100, 200], &[(0, 8), (1, BYTES)]);
}

#[test]
fn over_itself_it_is_harmless() {
    let mut guest = guest(Version::Preview1);
    assert_eq!(guest.call("environ_get", &[100, 98]), Errno::Success);
    guest.only_wrote(&[98..111]);
}

/// Nothing of the host's environment comes through.
#[test]
fn no_variables_are_no_bytes() {
    let mut guest = Guest::new(WasiConfig::default());
    let end = i64::from(END);
    assert_eq!(guest.call("environ_get", &[end, end]), Errno::Success);
    assert_eq!(guest.written(), []);
}
