//! `environ_sizes_get`: `fault`.

use crate::guest::Guest;
use ahead_wasi::WasiConfig;
use ahead_wasi::types::{Errno, Version};

fn guest(version: Version, names: &[&[u8]]) -> Guest {
    Guest::of(
        version,
        WasiConfig {
            env: names
                .iter()
                .map(|name| (name.to_vec(), b"1".to_vec()))
                .collect(),
            ..WasiConfig::default()
        },
    )
}

#[test]
fn names_values_and_nuls_are_counted() {
    for version in Version::ALL {
        for (names, bytes) in [(&[b"HOME", &b"\xff"[..]][..], 11), (&[], 0)] {
            let mut guest = guest(version, names);
            assert_eq!(guest.call("environ_sizes_get", &[100, 200]), Errno::Success);
            let told = (guest.word(100), guest.word(200));
            assert_eq!(told, (names.len() as u32, bytes));
            guest.only_wrote(&[100..104, 200..204]);
        }
    }
}

#[test]
fn both_are_written_or_neither() {
    let mut guest = guest(Version::Preview1, &[b"HOME"]);
    guest.edges("environ_sizes_get", &[0, 8], &[(0, 4), (1, 4)]);
}

#[test]
fn both_may_go_to_one_place() {
    let mut guest = guest(Version::Preview1, &[b"HOME"]);
    assert_eq!(guest.call("environ_sizes_get", &[100, 98]), Errno::Success);
    guest.only_wrote(&[98..104]);
}
