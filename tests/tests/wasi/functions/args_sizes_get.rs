//! `args_sizes_get`: `fault`.

use crate::guest::Guest;
use ahead_wasi::WasiConfig;
use ahead_wasi::types::{Errno, Version};

fn guest(version: Version, args: &[&[u8]]) -> Guest {
    Guest::of(
        version,
        WasiConfig {
            args: args.iter().map(|arg| arg.to_vec()).collect(),
            ..WasiConfig::default()
        },
    )
}

#[test]
fn nuls_are_counted() {
    for version in Version::ALL {
        for (args, bytes) in [
            (&[b"prog", &b""[..], b"\xff\xfe x"][..], 11),
            (&[b""], 1),
            (&[], 0),
        ] {
            let mut guest = guest(version, args);
            assert_eq!(guest.call("args_sizes_get", &[100, 200]), Errno::Success);
            let told = (guest.word(100), guest.word(200));
            assert_eq!(told, (args.len() as u32, bytes));
            guest.only_wrote(&[100..104, 200..204]);
        }
    }
}

#[test]
fn both_are_written_or_neither() {
    let mut guest = guest(Version::Preview1, &[b"prog"]);
    guest.edges("args_sizes_get", &[0, 8], &[(0, 4), (1, 4)]);
}

#[test]
fn both_may_go_to_one_place() {
    let mut guest = guest(Version::Preview1, &[b"prog"]);
    assert_eq!(guest.call("args_sizes_get", &[100, 102]), Errno::Success);
    guest.only_wrote(&[100..106]);
}
