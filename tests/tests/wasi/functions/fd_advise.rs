//! `fd_advise`: `badf`, `inval`, `isdir`, `notcapable`, `spipe`.

use crate::scratch::*;
use crate::streams::{piped, with_file};
use ahead_wasi::types::{Advice, Errno, Rights, Version};

#[test]
fn all_advice_is_taken() {
    for version in Version::ALL {
        let (mut guest, _file) = with_file(version, b"0123456789");
        for advice in Advice::ALL {
            // From the start to the end, and a part.
            for [offset, len] in [[0, 0], [2, 3], [1 << 40, 1]] {
                let args = [0, offset, len, i64::from(advice.code())];
                assert_eq!(guest.call("fd_advise", &args), Errno::Success, "{advice:?}");
            }
        }
        assert_eq!(guest.written(), []);
    }
}

#[test]
fn what_cannot_be_advised() {
    let mut scratch = Scratch::writable();
    let fd = scratch.file("contents");
    let guest = &mut scratch.guest;
    for advice in [6, 7, 256, i64::from(u32::MAX)] {
        guest.refuse("fd_advise", &[fd, 0, 0, advice], Errno::Inval);
    }
    // What overflows is no place in a file.
    guest.refuse("fd_advise", &[fd, 0, -1, 0], Errno::Inval);
    guest.refuse("fd_advise", &[DIR, 0, 1, 0], Errno::Isdir);
    for fd in BAD {
        guest.refuse("fd_advise", &[fd, 0, 1, 0], Errno::Badf);
    }
    guest.give_up(fd, Rights::FD_ADVISE);
    guest.refuse("fd_advise", &[fd, 0, 1, 0], Errno::Notcapable);
    let (mut guest, ..) = piped(Version::Preview1);
    guest.refuse("fd_advise", &[0, 0, 1, 0], Errno::Spipe);
}
