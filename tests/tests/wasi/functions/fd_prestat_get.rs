//! `fd_prestat_get`: `badf`, `fault`.

use crate::scratch::*;
use ahead_wasi::types::{Errno, Version};
use ahead_wasi::{Access, WasiConfig};

#[test]
fn the_length_of_the_name_is_told() {
    for version in Version::ALL {
        let config = WasiConfig {
            path_lookup: ahead_wasi::PathLookup::KernelOrWalk,
            ..WasiConfig::default()
        };
        let mut scratch = Scratch::with(version, Access::ReadOnly, config);
        let guest = &mut scratch.guest;
        let told = guest.call("fd_prestat_get", &[DIR, i64::from(OUT)]);
        assert_eq!(told, Errno::Success);
        guest.only_wrote(&[OUT..OUT + 8]);
        assert_eq!(guest.long(OUT), (NAME.len() as u64) << 32);
        guest.edges("fd_prestat_get", &[DIR, i64::from(OUT)], &[(1, 8)]);
    }
}

/// A guest asks from 3 on until it gets this.
#[test]
fn only_what_was_preopened_counts() {
    let mut scratch = Scratch::writable();
    scratch.mkdir_host("dir");
    let dir = scratch.open("dir", DIRECTORY, FD_READ).unwrap();
    let file = scratch.file("contents");
    let out = i64::from(OUT);
    let guest = &mut scratch.guest;
    for fd in [0, 1, 2, dir, file].into_iter().chain(BAD) {
        guest.refuse("fd_prestat_get", &[fd, out], Errno::Badf);
    }
}
