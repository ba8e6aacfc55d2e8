//! `fd_tell`: `badf`, `fault`, `isdir`, `notcapable`, `spipe`.

use crate::scratch::*;
use crate::streams::{piped, with_file};
use ahead_wasi::types::{Errno, Rights, Version};
use std::io::{Seek, SeekFrom};

#[test]
fn the_position_is_told() {
    for version in Version::ALL {
        let (mut guest, mut file) = with_file(version, b"0123456789");
        for position in [0, 7, 1 << 40] {
            file.seek(SeekFrom::Start(position)).unwrap();
            assert_eq!(guest.call("fd_tell", &[0, 2000]), Errno::Success);
            guest.only_wrote(&[2000..2008]);
            assert_eq!(guest.long(2000), position);
        }
        guest.edges("fd_tell", &[0, 2000], &[(1, 8)]);
    }
}

#[test]
fn what_has_no_position() {
    let (mut guest, ..) = piped(Version::Preview1);
    for fd in 0..2 {
        guest.refuse("fd_tell", &[fd, 2000], Errno::Spipe);
    }
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let guest = &mut scratch.guest;
    guest.refuse("fd_tell", &[DIR, 2000], Errno::Isdir);
    for fd in BAD {
        guest.refuse("fd_tell", &[fd, 2000], Errno::Badf);
    }
    guest.give_up(fd, Rights::FD_TELL);
    guest.refuse("fd_tell", &[fd, 2000], Errno::Notcapable);
}
