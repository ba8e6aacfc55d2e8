//! `fd_prestat_dir_name`: `badf`, `fault`, `nametoolong`, `notdir`.

use crate::guest::{END, Guest};
use crate::scratch::*;
use ahead_wasi::types::{Errno, Version};
use ahead_wasi::{Access, PathLookup, Preopen, WasiConfig};

const LEN: i64 = NAME.len() as i64;

#[test]
fn the_name_is_told_without_a_nul() {
    for version in Version::ALL {
        let config = WasiConfig {
            path_lookup: PathLookup::KernelOrWalk,
            ..WasiConfig::default()
        };
        let mut scratch = Scratch::with(version, Access::ReadWrite, config);
        let guest = &mut scratch.guest;
        for room in [LEN, LEN + 1, 4096] {
            let told = guest.call("fd_prestat_dir_name", &[DIR, i64::from(OUT), room]);
            assert_eq!(told, Errno::Success);
            guest.only_wrote(&[OUT..OUT + LEN as u32]);
            assert_eq!(guest.bytes(OUT, LEN as u32), NAME);
        }
    }
}

#[test]
fn the_room_has_to_be_inside_and_enough() {
    let mut scratch = Scratch::writable();
    let guest = &mut scratch.guest;
    let args = [DIR, i64::from(OUT), LEN];
    guest.edges("fd_prestat_dir_name", &args, &[(1, LEN as u32)]);
    guest.refuse_all(
        "fd_prestat_dir_name",
        &[
            (&[DIR, i64::from(OUT), LEN - 1], Errno::Nametoolong),
            (&[DIR, i64::from(OUT), 0], Errno::Nametoolong),
            (&[DIR, 1, i64::from(u32::MAX)], Errno::Fault),
            // All of the room, not only what the name takes.
            (&[DIR, i64::from(END) - LEN, LEN + 1], Errno::Fault),
        ],
    );
}

#[test]
fn only_what_was_preopened_has_a_name() {
    let mut scratch = Scratch::writable();
    scratch.mkdir_host("dir");
    let dir = scratch.open("dir", DIRECTORY, FD_READ).unwrap();
    let file = scratch.file("contents");
    let guest = &mut scratch.guest;
    let mut refuse = |fd, errno| {
        let args = [fd, i64::from(OUT), 64];
        guest.refuse("fd_prestat_dir_name", &args, errno);
    };
    refuse(dir, Errno::Badf);
    for fd in [file, 0, 1, 2] {
        refuse(fd, Errno::Notdir);
    }
    for fd in BAD {
        refuse(fd, Errno::Badf);
    }
}

#[test]
fn names_are_bytes_and_in_order() {
    let base = tempfile::tempdir().unwrap();
    let names: [&[u8]; 3] = [b"/", b"\xff", b"a/b"];
    let preopens =
        names.map(|name| Preopen::open(base.path(), name.to_vec(), Access::ReadOnly).unwrap());
    let mut guest = Guest::new(WasiConfig {
        preopens: preopens.into(),
        path_lookup: PathLookup::KernelOrWalk,
        ..WasiConfig::default()
    });
    let mut name_of = |fd: i64, len: usize| {
        let told = guest.call("fd_prestat_dir_name", &[fd, i64::from(OUT), len as i64]);
        assert_eq!(told, Errno::Success);
        guest.bytes(OUT, len as u32)
    };
    for (fd, name) in (DIR..).zip(names) {
        assert_eq!(name_of(fd, name.len()), name);
    }
    // A preopened directory can be moved and replaced like any descriptor.
    assert_eq!(guest.call("fd_renumber", &[DIR + 1, DIR]), Errno::Success);
    let told = guest.call("fd_prestat_dir_name", &[DIR, i64::from(OUT), 1]);
    assert_eq!((told, guest.bytes(OUT, 1)), (Errno::Success, vec![0xff]));
}
