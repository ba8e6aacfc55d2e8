//! `args_get`: `fault`.

use crate::guest::{END, Guest};
use ahead_wasi::WasiConfig;
use ahead_wasi::types::{Errno, Version};

/// `"prog\0" "\0" "\xff\xfe x\0"`.
const BYTES: u32 = 11;

fn guest(version: Version) -> Guest {
    Guest::of(
        version,
        WasiConfig {
            args: vec![b"prog".to_vec(), b"".to_vec(), b"\xff\xfe x".to_vec()],
            ..WasiConfig::default()
        },
    )
}

#[test]
fn addresses_and_strings_are_written() {
    for version in Version::ALL {
        let mut guest = guest(version);
        assert_eq!(guest.call("args_get", &[100, 200]), Errno::Success);
        let pointers = [guest.word(100), guest.word(104), guest.word(108)];
        assert_eq!(pointers, [200, 205, 206]);
        assert_eq!(guest.bytes(200, BYTES), b"prog\0\0\xff\xfe x\0");
        guest.only_wrote(&[100..112, 200..200 + BYTES]);
    }
}

#[test]
fn nothing_is_written_beyond_the_end() {
    guest(Version::Preview1).edges("args_get", &[100, 200], &[(0, 12), (1, BYTES)]);
}

#[test]
fn over_itself_it_is_harmless() {
    let mut guest = guest(Version::Preview1);
    assert_eq!(guest.call("args_get", &[100, 104]), Errno::Success);
    guest.only_wrote(&[100..115]);
}

#[test]
fn no_arguments_are_no_bytes() {
    let mut guest = Guest::new(WasiConfig::default());
    let end = i64::from(END);
    assert_eq!(guest.call("args_get", &[end, end]), Errno::Success);
    assert_eq!(guest.written(), []);
}
