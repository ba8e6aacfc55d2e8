//! `path_*`: what a guest without directories gets.

use crate::guest::{END, Guest, outside};
use ahead_wasi::WasiConfig;
use ahead_wasi::types::{Errno, Version};

/// Where the tests put a path, and its length.
const PATH: [i64; 2] = [1000, 4];

/// Each function with good arguments: before the first descriptor, and between it and the second if there is
/// one, and behind.
fn calls(fd: i64) -> Vec<(&'static str, Vec<i64>)> {
    let [path, len] = PATH;
    vec![
        ("path_create_directory", vec![fd, path, len]),
        ("path_filestat_get", vec![fd, 1, path, len, 2000]),
        (
            "path_filestat_set_times",
            vec![fd, 1, path, len, 1, 1, 0b0101],
        ),
        ("path_link", vec![fd, 1, path, len, 0, path, len]),
        (
            "path_open",
            vec![
                fd,
                1,
                path,
                len,
                0b1111,
                0x3fff_ffff,
                0x3fff_ffff,
                0b1_1111,
                2000,
            ],
        ),
        ("path_readlink", vec![fd, path, len, 2000, 64, 3000]),
        ("path_remove_directory", vec![fd, path, len]),
        ("path_rename", vec![fd, path, len, 0, path, len]),
        ("path_symlink", vec![path, len, fd, path, len]),
        ("path_unlink_file", vec![fd, path, len]),
    ]
}

fn guest(version: Version) -> Guest {
    let mut guest = Guest::of(version, WasiConfig::default());
    guest.put(PATH[0] as u32, b"file");
    guest
}

#[test]
fn a_path_needs_a_directory() {
    for version in Version::ALL {
        let mut guest = guest(version);
        for fd in 0..3 {
            for (name, args) in calls(fd) {
                guest.refuse(name, &args, Errno::Notdir);
            }
        }
        for fd in [3, 1024, i64::from(u32::MAX)] {
            for (name, args) in calls(fd) {
                guest.refuse(name, &args, Errno::Badf);
            }
        }
    }
}

#[test]
fn both_descriptors_are_looked_up() {
    let mut guest = guest(Version::Preview1);
    let [path, len] = PATH;
    guest.refuse("path_link", &[0, 0, path, len, 7, path, len], Errno::Badf);
    guest.refuse("path_rename", &[0, path, len, 7, path, len], Errno::Badf);
}

/// Which arguments of a call are the address of a path, its length behind it.
fn path_arguments(name: &str) -> &'static [usize] {
    match name {
        "path_filestat_get" | "path_filestat_set_times" | "path_open" => &[2],
        "path_link" => &[2, 5],
        "path_rename" => &[1, 4],
        "path_symlink" => &[0, 3],
        _ => &[1],
    }
}

#[test]
fn paths_are_checked() {
    let mut guest = guest(Version::Preview1);
    guest.put(5000, b"a\0b");
    guest.put(END - 4, b"last");
    for (name, args) in calls(0) {
        for &at in path_arguments(name) {
            let with = |address: i64, bytes: i64| {
                let mut args = args.clone();
                args[at] = address;
                args[at + 1] = bytes;
                args
            };
            guest.refuse(name, &with(i64::from(END - 4), 4), Errno::Notdir);
            for address in outside(4) {
                guest.refuse(name, &with(address, 4), Errno::Fault);
            }
            guest.refuse(name, &with(1, i64::from(u32::MAX)), Errno::Fault);
            guest.refuse(name, &with(0, 4095), Errno::Notdir);
            guest.refuse(name, &with(0, 4096), Errno::Nametoolong);
            guest.refuse(name, &with(5000, 3), Errno::Inval);
        }
    }
}

#[test]
fn flags_without_a_meaning_are_invalid() {
    let mut guest = guest(Version::Preview1);
    for (name, at, wrong) in [
        ("path_filestat_get", 1, 2),
        ("path_filestat_set_times", 1, 2),
        ("path_filestat_set_times", 6, 0b1_0000),
        ("path_filestat_set_times", 6, 0b0011),
        ("path_link", 1, 2),
        ("path_open", 1, 2),
        ("path_open", 4, 0b1_0000),
        ("path_open", 5, 1 << 30),
        ("path_open", 6, 1 << 30),
        ("path_open", 7, 0b10_0000),
    ] {
        let mut args = calls(0).into_iter().find(|call| call.0 == name).unwrap().1;
        args[at] = wrong;
        guest.refuse(name, &args, Errno::Inval);
    }
}

#[test]
fn results_have_to_fit() {
    let mut guest = guest(Version::Preview1);
    for (name, at, bytes) in [
        ("path_filestat_get", 4, 64),
        ("path_open", 8, 4),
        ("path_readlink", 5, 4),
        ("path_readlink", 3, 64),
    ] {
        let mut args = calls(0).into_iter().find(|call| call.0 == name).unwrap().1;
        args[at] = i64::from(END - bytes);
        guest.refuse(name, &args, Errno::Notdir);
        for address in outside(bytes) {
            args[at] = address;
            guest.refuse(name, &args, Errno::Fault);
        }
    }
}
