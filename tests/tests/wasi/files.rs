//! Section `fd` with files that the guest opened.

use crate::scratch::*;
use ahead_wasi::types::Errno;
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, SystemTime};

/// A descriptor of a file with these contents, with all rights.
fn file(scratch: &mut Scratch, contents: &str) -> i64 {
    scratch.write_host("file", contents);
    scratch.open("file", 0, ALL).unwrap()
}

fn seek(scratch: &mut Scratch, fd: i64, offset: i64, whence: i64) -> Result<u64, Errno> {
    let args = [fd, offset, whence, i64::from(OUT)];
    match scratch.guest.call("fd_seek", &args) {
        Errno::Success => {
            scratch.guest.only_wrote(&[OUT..OUT + 8]);
            Ok(scratch.guest.long(OUT))
        }
        errno => Err(errno),
    }
}

#[test]
fn positions_move() {
    with_each_lookup(|scratch| {
        let fd = file(scratch, "0123456789");
        assert_eq!(scratch.read(fd), Ok(b"0123456789".to_vec()));
        assert_eq!(scratch.read(fd), Ok(vec![]));
        assert_eq!(seek(scratch, fd, -3, 2), Ok(7));
        assert_eq!(scratch.read(fd), Ok(b"789".to_vec()));
        assert_eq!(seek(scratch, fd, 4, 0), Ok(4));
        assert_eq!(seek(scratch, fd, 2, 1), Ok(6));
        assert_eq!(seek(scratch, fd, -7, 1), Err(Errno::Inval));
        assert_eq!(seek(scratch, fd, -1, 0), Err(Errno::Inval));
        assert_eq!(seek(scratch, fd, i64::MAX, 1), Err(Errno::Inval));
        assert_eq!(seek(scratch, fd, 0, 3), Err(Errno::Inval));
        let tell = scratch.guest.call("fd_tell", &[fd, i64::from(OUT)]);
        assert_eq!((tell, scratch.guest.long(OUT)), (Errno::Success, 6));
        assert_eq!(scratch.write(fd, b"ab"), Errno::Success);
        assert_eq!(scratch.read_host("file"), "012345ab89");
    });
}

#[test]
fn calls_with_a_position_leave_it() {
    with_each_lookup(|scratch| {
        let fd = file(scratch, "0123456789");
        let (data, out) = (i64::from(DATA), i64::from(OUT));
        scratch.guest.put(DATA + 64, b"xyz");
        scratch.guest.put_words(DATA, &[DATA + 64, 1, DATA + 65, 2]);
        let written = scratch.guest.call("fd_pwrite", &[fd, data, 2, 12, out]);
        assert_eq!((written, scratch.guest.word(OUT)), (Errno::Success, 3));
        assert_eq!(scratch.read_host("file"), "0123456789\0\0xyz");
        scratch.guest.put_words(DATA, &[DATA + 64, 2, DATA + 70, 2]);
        let read = scratch.guest.call("fd_pread", &[fd, data, 2, 8, out]);
        assert_eq!((read, scratch.guest.word(OUT)), (Errno::Success, 4));
        scratch
            .guest
            .only_wrote(&[OUT..OUT + 4, DATA + 64..DATA + 66, DATA + 70..DATA + 72]);
        assert_eq!(scratch.guest.bytes(DATA + 64, 2), b"89");
        let end = scratch.guest.call("fd_pread", &[fd, data, 2, 1 << 40, out]);
        assert_eq!((end, scratch.guest.word(OUT)), (Errno::Success, 0));
        for name in ["fd_pread", "fd_pwrite"] {
            let far = [fd, data, 2, i64::MIN, out];
            assert_eq!(scratch.guest.call(name, &far), Errno::Inval, "{name}");
        }
        assert_eq!(seek(scratch, fd, 0, 1), Ok(0));
    });
}

#[test]
fn appending_comes_and_goes() {
    with_each_lookup(|scratch| {
        let fd = file(scratch, "start");
        let set =
            |scratch: &mut Scratch, flags| scratch.guest.call("fd_fdstat_set_flags", &[fd, flags]);
        assert_eq!(set(scratch, 1), Errno::Success);
        assert_eq!(scratch.write(fd, b" end"), Errno::Success);
        assert_eq!(scratch.read_host("file"), "start end");
        assert_eq!(set(scratch, 0), Errno::Success);
        assert_eq!(seek(scratch, fd, 0, 0), Ok(0));
        assert_eq!(scratch.write(fd, b"S"), Errno::Success);
        assert_eq!(scratch.read_host("file"), "Start end");
        assert_eq!(set(scratch, 0b101), Errno::Success);
        // How a file is written through is fixed when it is opened.
        assert_eq!(set(scratch, 0b10), Errno::Inval);
        let synchronous = scratch.open_with("file", 0, 0, ALL, 0b1_0010).unwrap();
        let stat = [synchronous, i64::from(OUT)];
        assert_eq!(scratch.guest.call("fd_fdstat_get", &stat), Errno::Success);
        assert_eq!(scratch.guest.bytes(OUT, 4), [4, 0, 0b1_0010, 0]);
    });
}

#[test]
fn sizes_are_set() {
    with_each_lookup(|scratch| {
        let fd = file(scratch, "contents");
        let guest = &mut scratch.guest;
        assert_eq!(guest.call("fd_filestat_set_size", &[fd, 3]), Errno::Success);
        assert_eq!(guest.call("fd_allocate", &[fd, 4, 6]), Errno::Success);
        guest.refuse("fd_filestat_set_size", &[fd, -1], Errno::Inval);
        guest.refuse("fd_allocate", &[fd, 0, 0], Errno::Inval);
        guest.refuse("fd_allocate", &[fd, i64::MAX, 1], Errno::Fbig);
        guest.refuse("fd_allocate", &[fd, -1, -1], Errno::Fbig);
        assert_eq!(guest.call("fd_advise", &[fd, 0, 0, 3]), Errno::Success);
        guest.refuse("fd_advise", &[fd, 0, 0, 6], Errno::Inval);
        assert_eq!(guest.call("fd_sync", &[fd]), Errno::Success);
        assert_eq!(guest.call("fd_datasync", &[fd]), Errno::Success);
        assert_eq!(scratch.read_host("file"), "con\0\0\0\0\0\0\0");
        let reader = scratch.open("file", 0, ALL & !FD_WRITE).unwrap();
        let guest = &mut scratch.guest;
        guest.refuse("fd_filestat_set_size", &[reader, 0], Errno::Notcapable);
        guest.refuse("fd_allocate", &[reader, 0, 1], Errno::Notcapable);
    });
}

#[test]
fn times_at_the_extremes_are_the_nearest() {
    with_each_lookup(|scratch| {
        let fd = file(scratch, "contents");
        let host = std::fs::File::options()
            .write(true)
            .open(scratch.host("file"))
            .unwrap();
        let modified = |scratch: &mut Scratch| {
            let args = [fd, i64::from(OUT)];
            assert_eq!(scratch.guest.call("fd_filestat_get", &args), Errno::Success);
            scratch.guest.only_wrote(&[OUT..OUT + 64]);
            scratch.guest.long(OUT + 48)
        };
        let year = Duration::from_secs(365 * 86400);
        host.set_modified(SystemTime::UNIX_EPOCH - 10 * year)
            .unwrap();
        assert_eq!(modified(scratch), 0);
        let seconds = host.metadata().unwrap().mtime();
        assert!(seconds < 0, "{seconds}");
        host.set_modified(SystemTime::UNIX_EPOCH + 400 * year)
            .unwrap();
        let told = modified(scratch);
        assert_eq!(
            told / 1_000_000_000,
            host.metadata().unwrap().mtime() as u64
        );
        let set = [fd, 7, 1_000_000_001, 5];
        let set = scratch.guest.call("fd_filestat_set_times", &set);
        assert_eq!(set, Errno::Success);
        assert_eq!(modified(scratch), 1_000_000_001);
        let now = scratch
            .guest
            .call("fd_filestat_set_times", &[fd, 0, 0, 0b1010]);
        assert_eq!(now, Errno::Success);
        assert!(modified(scratch) > 1_600_000_000_000_000_000);
    });
}

#[test]
fn a_removed_file_lives_on() {
    with_each_lookup(|scratch| {
        let fd = file(scratch, "contents");
        assert_eq!(
            scratch.call_path("path_unlink_file", b"file"),
            Errno::Success
        );
        assert_eq!(scratch.read(fd), Ok(b"contents".to_vec()));
        assert_eq!(scratch.open("file", 0, FD_READ), Err(Errno::Noent));
    });
}

#[test]
fn moved_descriptors_keep_what_they_are() {
    with_each_lookup(|scratch| {
        let fd = file(scratch, "contents");
        assert_eq!(scratch.open("file", 0, FD_READ), Ok(fd + 1));
        let guest = &mut scratch.guest;
        guest.refuse("fd_renumber", &[fd, fd + 2], Errno::Badf);
        assert_eq!(guest.call("fd_renumber", &[fd, 0]), Errno::Success);
        guest.refuse("fd_close", &[fd], Errno::Badf);
        assert_eq!(scratch.write(0, b"C"), Errno::Success);
        assert_eq!(scratch.read_host("file"), "Contents");
        scratch.close(0);
    });
}

/// A file is always ready, both ways.
#[test]
fn files_are_polled() {
    with_each_lookup(|scratch| {
        let fd = file(scratch, "contents");
        let mut subscriptions = [0; 96];
        for (record, kind) in subscriptions.chunks_exact_mut(48).zip([1, 2]) {
            record[0] = kind;
            record[8] = kind;
            record[16] = fd as u8;
        }
        scratch.guest.put(DATA, &subscriptions);
        let args = [i64::from(DATA), i64::from(OUT), 2, i64::from(OUT) + 64];
        assert_eq!(scratch.guest.call("poll_oneoff", &args), Errno::Success);
        assert_eq!(scratch.guest.word(OUT + 64), 2);
        for (event, kind) in [(OUT, 1), (OUT + 32, 2)] {
            assert_eq!(scratch.guest.long(event), kind);
            assert_eq!(scratch.guest.bytes(event + 8, 3), [0, 0, kind as u8]);
        }
    });
}
