//! `fd_*` on standard streams: pipes, files, `/dev/null`; and what a guest without directories gets.

use crate::guest::{END, Guest, outside};
use ahead_wasi::types::{Errno, Fdflags, Filetype, Rights, Version};
use ahead_wasi::{Stdio, WasiConfig};
use std::fs::File;
use std::io::{PipeReader, PipeWriter, Read, Seek, SeekFrom, Write};

/// A guest whose input and output are pipes, and their other ends.
fn piped(version: Version) -> (Guest, PipeWriter, PipeReader) {
    let (input, feed) = std::io::pipe().unwrap();
    let (drain, output) = std::io::pipe().unwrap();
    let guest = Guest::of(
        version,
        WasiConfig {
            stdin: Stdio::Fd(input.into()),
            stdout: Stdio::Fd(output.into()),
            ..WasiConfig::default()
        },
    );
    (guest, feed, drain)
}

/// A guest that reads and writes one file, and the file.
fn with_file(contents: &[u8]) -> (Guest, File) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(contents).unwrap();
    file.rewind().unwrap();
    let share = |file: &File| Stdio::Fd(file.try_clone().unwrap().into());
    let guest = Guest::new(WasiConfig {
        stdin: share(&file),
        stdout: share(&file),
        ..WasiConfig::default()
    });
    (guest, file)
}

/// Lays a list of buffers, address and length each, at 1000.
fn list(guest: &mut Guest, buffers: &[(u32, u32)]) -> [i64; 2] {
    let words: Vec<u32> = buffers
        .iter()
        .flat_map(|&(address, bytes)| [address, bytes])
        .collect();
    guest.put_words(1000, &words);
    [1000, buffers.len() as i64]
}

#[test]
fn fd_write_gathers() {
    for version in Version::ALL {
        let (mut guest, _feed, mut drain) = piped(version);
        guest.put(100, b"hello");
        let [iovs, len] = list(&mut guest, &[(100, 2), (0, 0), (102, 3), (100, 1)]);
        assert_eq!(guest.call("fd_write", &[1, iovs, len, 500]), Errno::Success);
        assert_eq!(guest.word(500), 6);
        guest.only_wrote(&[500..504]);
        let mut out = [0; 6];
        drain.read_exact(&mut out).unwrap();
        assert_eq!(&out, b"helloh");
    }
}

#[test]
fn fd_write_checks_before_it_writes() {
    let (mut guest, _feed, drain) = piped(Version::Preview1);
    let [iovs, len] = list(&mut guest, &[(100, 2), (END - 1, 2)]);
    guest.refuse("fd_write", &[1, iovs, len, 500], Errno::Fault);
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    for address in outside(4) {
        guest.refuse("fd_write", &[1, iovs, len, address], Errno::Fault);
    }
    for address in outside(8) {
        guest.refuse("fd_write", &[1, address, 1, 500], Errno::Fault);
    }
    // 2^29 records of 8 bytes: their length wraps to 0 in 32 bits.
    guest.refuse("fd_write", &[1, iovs, 1 << 29, 500], Errno::Fault);
    guest.refuse(
        "fd_write",
        &[1, iovs, i64::from(u32::MAX), 500],
        Errno::Fault,
    );
    drop(guest);
    let mut drain = drain;
    let mut out = Vec::new();
    drain.read_to_end(&mut out).unwrap();
    assert_eq!(out, b"", "something was written");
}

#[test]
fn fd_write_uses_1024_buffers_of_a_list() {
    let (mut guest, _feed, mut drain) = piped(Version::Preview1);
    // One buffer more than is used, and that one out of bounds: nobody looks at it.
    let mut words = [0, 1].repeat(1024);
    words.extend([u32::MAX, 1]);
    guest.put_words(1000, &words);
    assert_eq!(
        guest.call("fd_write", &[1, 1000, 1025, 500]),
        Errno::Success
    );
    assert_eq!(guest.word(500), 1024);
    drain.read_exact(&mut [0; 1024]).unwrap();
}

#[test]
fn fd_write_without_a_reader_is_a_broken_pipe() {
    let (mut guest, _feed, drain) = piped(Version::Preview1);
    drop(drain);
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.refuse("fd_write", &[1, iovs, len, 500], Errno::Pipe);
}

#[test]
fn fd_write_may_write_its_own_list_and_result() {
    let (mut guest, _feed, mut drain) = piped(Version::Preview1);
    let [iovs, len] = list(&mut guest, &[(1000, 8)]);
    assert_eq!(
        guest.call("fd_write", &[1, iovs, len, 1000]),
        Errno::Success
    );
    let mut out = [0; 8];
    drain.read_exact(&mut out).unwrap();
    assert_eq!(out, [0xe8, 3, 0, 0, 8, 0, 0, 0]);
    assert_eq!(guest.word(1000), 8);
}

#[test]
fn fd_read_scatters() {
    for version in Version::ALL {
        let (mut guest, mut feed, _drain) = piped(version);
        feed.write_all(b"abcdef").unwrap();
        // In the order of the list, not of the addresses.
        let [iovs, len] = list(&mut guest, &[(300, 2), (0, 0), (200, 3), (400, 8)]);
        assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
        assert_eq!(guest.word(500), 6);
        assert_eq!(guest.bytes(300, 2), b"ab");
        assert_eq!(guest.bytes(200, 3), b"cde");
        assert_eq!(guest.bytes(400, 1), b"f");
        guest.only_wrote(&[300..302, 200..203, 400..401, 500..504]);
    }
}

#[test]
fn fd_read_into_overlapping_buffers_is_short() {
    let (mut guest, mut feed, _drain) = piped(Version::Preview1);
    feed.write_all(b"abcdef").unwrap();
    let [iovs, len] = list(&mut guest, &[(300, 4), (302, 4)]);
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
    assert_eq!(guest.word(500), 4);
    assert_eq!(guest.bytes(300, 4), b"abcd");
    guest.only_wrote(&[300..304, 500..504]);
    // Over the list itself, and over the result.
    let [iovs, len] = list(&mut guest, &[(1000, 2)]);
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 1000]), Errno::Success);
    assert_eq!(guest.word(1000), 2);
    guest.only_wrote(&[1000..1004]);
}

#[test]
fn fd_read_checks_before_it_reads() {
    let (mut guest, mut feed, _drain) = piped(Version::Preview1);
    feed.write_all(b"ab").unwrap();
    let [iovs, len] = list(&mut guest, &[(100, 1), (END - 1, 2)]);
    guest.refuse("fd_read", &[0, iovs, len, 500], Errno::Fault);
    let [iovs, len] = list(&mut guest, &[(END - 2, 2)]);
    for address in outside(4) {
        guest.refuse("fd_read", &[0, iovs, len, address], Errno::Fault);
    }
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
    assert_eq!(guest.bytes(END - 2, 2), b"ab");
    drop(feed);
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
    assert_eq!(guest.word(500), 0, "the end of the input");
}

#[test]
fn streams_flow_one_way() {
    let (mut guest, ..) = piped(Version::Preview1);
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.refuse("fd_read", &[1, iovs, len, 500], Errno::Badf);
    guest.refuse("fd_write", &[0, iovs, len, 500], Errno::Badf);
}

#[test]
fn null_streams_are_empty_and_endless() {
    let mut guest = Guest::new(WasiConfig::default());
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
    assert_eq!(guest.word(500), 0);
    for fd in [1, 2] {
        assert_eq!(
            guest.call("fd_write", &[fd, iovs, len, 500]),
            Errno::Success
        );
        assert_eq!(guest.word(500), 2);
    }
}

/// Each function with arguments that are good for a descriptor that can do everything.
fn calls(fd: i64) -> Vec<(&'static str, Vec<i64>)> {
    vec![
        ("fd_advise", vec![fd, 0, 1, 0]),
        ("fd_allocate", vec![fd, 0, 1]),
        ("fd_datasync", vec![fd]),
        ("fd_fdstat_get", vec![fd, 2000]),
        ("fd_fdstat_set_flags", vec![fd, 0]),
        ("fd_fdstat_set_rights", vec![fd, 0, 0]),
        ("fd_filestat_get", vec![fd, 2000]),
        ("fd_filestat_set_size", vec![fd, 1]),
        ("fd_filestat_set_times", vec![fd, 1, 1, 0b0101]),
        ("fd_pread", vec![fd, 1000, 1, 0, 2000]),
        ("fd_prestat_get", vec![fd, 2000]),
        ("fd_prestat_dir_name", vec![fd, 2000, 8]),
        ("fd_pwrite", vec![fd, 1000, 1, 0, 2000]),
        ("fd_read", vec![fd, 1000, 1, 2000]),
        ("fd_readdir", vec![fd, 2000, 64, 0, 3000]),
        ("fd_renumber", vec![fd, 0]),
        ("fd_renumber", vec![0, fd]),
        ("fd_seek", vec![fd, 0, 0, 2000]),
        ("fd_sync", vec![fd]),
        ("fd_tell", vec![fd, 2000]),
        ("fd_write", vec![fd, 1000, 1, 2000]),
        ("fd_close", vec![fd]),
    ]
}

#[test]
fn a_bad_descriptor_is_refused_by_all() {
    let (mut guest, ..) = piped(Version::Preview1);
    list(&mut guest, &[(100, 2)]);
    assert_eq!(guest.call("fd_close", &[2]), Errno::Success);
    for fd in [2, 3, 1024, 1 << 31, i64::from(u32::MAX)] {
        for (name, args) in calls(fd) {
            guest.refuse(name, &args, Errno::Badf);
        }
    }
}

#[test]
fn a_stream_the_host_does_not_give_is_closed() {
    let mut guest = Guest::new(WasiConfig {
        stderr: Stdio::Closed,
        ..WasiConfig::default()
    });
    guest.refuse("fd_fdstat_get", &[2, 0], Errno::Badf);
    assert_eq!(guest.call("fd_fdstat_get", &[1, 0]), Errno::Success);
}

#[test]
fn a_stream_is_no_directory() {
    let (mut guest, ..) = piped(Version::Preview1);
    guest.refuse("fd_readdir", &[0, 2000, 64, 0, 3000], Errno::Notdir);
    guest.refuse("fd_prestat_dir_name", &[0, 2000, 8], Errno::Notdir);
    guest.refuse("fd_prestat_get", &[0, 2000], Errno::Badf);
    for address in outside(64) {
        guest.refuse("fd_readdir", &[0, address, 64, 0, 3000], Errno::Fault);
    }
    for address in outside(4) {
        guest.refuse("fd_readdir", &[0, 2000, 64, 0, address], Errno::Fault);
    }
}

#[test]
fn a_pipe_has_no_position() {
    let (mut guest, ..) = piped(Version::Preview1);
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    for (name, args) in [
        ("fd_seek", vec![0, 0, 0, 2000]),
        ("fd_tell", vec![1, 2000]),
        ("fd_pread", vec![0, iovs, len, 0, 2000]),
        ("fd_pwrite", vec![1, iovs, len, 0, 2000]),
        ("fd_advise", vec![0, 0, 1, 0]),
        ("fd_allocate", vec![1, 0, 1]),
    ] {
        guest.refuse(name, &args, Errno::Spipe);
    }
}

#[test]
fn fd_seek_moves_by_each_version_s_numbers() {
    for (version, [set, cur, end]) in [
        (Version::Preview1, [0, 1, 2]),
        (Version::Preview0, [2, 0, 1]),
    ] {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789").unwrap();
        file.rewind().unwrap();
        let mut guest = Guest::of(
            version,
            WasiConfig {
                stdin: Stdio::Fd(file.into()),
                ..WasiConfig::default()
            },
        );
        for (offset, whence, position) in [
            (4, set, 4),
            (3, cur, 7),
            (-2, cur, 5),
            (-1, end, 9),
            (5, end, 15),
        ] {
            assert_eq!(
                guest.call("fd_seek", &[0, offset, whence, 2000]),
                Errno::Success
            );
            assert_eq!(guest.long(2000), position);
            guest.only_wrote(&[2000..2008]);
            assert_eq!(guest.call("fd_tell", &[0, 2000]), Errno::Success);
            assert_eq!(guest.long(2000), position);
        }
        guest.refuse("fd_seek", &[0, -1, set, 2000], Errno::Inval);
        guest.refuse("fd_seek", &[0, -16, cur, 2000], Errno::Inval);
        guest.refuse("fd_seek", &[0, 0, 3, 2000], Errno::Inval);
        for address in outside(8) {
            guest.refuse("fd_seek", &[0, 0, set, address], Errno::Fault);
            guest.refuse("fd_tell", &[0, address], Errno::Fault);
        }
        // The refused calls have not moved it.
        assert_eq!(guest.call("fd_tell", &[0, 2000]), Errno::Success);
        assert_eq!(guest.long(2000), 15);
    }
}

#[test]
fn fd_pread_and_fd_pwrite_leave_the_position() {
    let (mut guest, mut file) = with_file(b"0123456789");
    let [iovs, len] = list(&mut guest, &[(100, 2), (200, 2)]);
    assert_eq!(
        guest.call("fd_pread", &[0, iovs, len, 5, 500]),
        Errno::Success
    );
    assert_eq!(guest.word(500), 4);
    assert_eq!(
        (guest.bytes(100, 2), guest.bytes(200, 2)),
        (b"56".to_vec(), b"78".to_vec())
    );
    guest.only_wrote(&[100..102, 200..202, 500..504]);
    assert_eq!(
        guest.call("fd_pwrite", &[1, iovs, len, 0, 500]),
        Errno::Success
    );
    assert_eq!(file.stream_position().unwrap(), 0);
    let mut contents = String::new();
    file.read_to_string(&mut contents).unwrap();
    assert_eq!(contents, "5678456789");
    for offset in [-1, i64::MIN] {
        guest.written();
        guest.refuse("fd_pread", &[0, iovs, len, offset, 500], Errno::Inval);
        guest.refuse("fd_pwrite", &[1, iovs, len, offset, 500], Errno::Inval);
    }
}

#[test]
fn fd_fdstat_get_tells_type_flags_and_rights() {
    let (mut guest, ..) = piped(Version::Preview1);
    assert_eq!(guest.call("fd_fdstat_get", &[0, 2000]), Errno::Success);
    let stat = guest.bytes(2000, 24);
    assert_eq!(
        (stat[0], stat[2], stat[3]),
        (Filetype::Unknown.code(), 0, 0)
    );
    let rights = guest.long(2008);
    assert_ne!(rights & Rights::FD_READ.bits(), 0);
    assert_eq!(
        rights & (Rights::FD_WRITE.bits() | Rights::FD_SEEK.bits()),
        0
    );
    assert_eq!(guest.long(2016), 0);
    guest.only_wrote(&[2000..2024]);
    for address in outside(24) {
        guest.refuse("fd_fdstat_get", &[0, address], Errno::Fault);
    }
    assert_eq!(
        guest.call("fd_fdstat_get", &[0, i64::from(END - 24)]),
        Errno::Success
    );

    // `/dev/null` is what a terminal is to `isatty`, save that both say what they are.
    assert_eq!(guest.call("fd_fdstat_get", &[2, 2000]), Errno::Success);
    assert_eq!(guest.bytes(2000, 1), [Filetype::CharacterDevice.code()]);
    assert_eq!(guest.long(2008) & Rights::FD_SEEK.bits(), 0);
}

#[test]
fn fd_fdstat_set_flags_makes_reads_return_at_once() {
    let (mut guest, mut feed, _drain) = piped(Version::Preview1);
    let nonblock = i64::from(Fdflags::NONBLOCK.bits());
    assert_eq!(
        guest.call("fd_fdstat_set_flags", &[0, nonblock]),
        Errno::Success
    );
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    guest.refuse("fd_read", &[0, iovs, len, 500], Errno::Again);
    feed.write_all(b"x").unwrap();
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
    assert_eq!(guest.call("fd_fdstat_get", &[0, 2000]), Errno::Success);
    assert_eq!(guest.bytes(2002, 1), [Fdflags::NONBLOCK.bits() as u8]);
    guest.written();
    guest.refuse(
        "fd_fdstat_set_flags",
        &[0, i64::from(Fdflags::SYNC.bits())],
        Errno::Inval,
    );
    guest.refuse("fd_fdstat_set_flags", &[0, 0x20], Errno::Inval);
    guest.refuse("fd_fdstat_set_flags", &[0, 0x1_0000], Errno::Inval);
}

#[test]
fn fd_fdstat_set_flags_appends() {
    let (mut guest, mut file) = with_file(b"0123");
    let append = i64::from(Fdflags::APPEND.bits());
    assert_eq!(
        guest.call("fd_fdstat_set_flags", &[1, append]),
        Errno::Success
    );
    guest.put(100, b"ab");
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    assert_eq!(guest.call("fd_write", &[1, iovs, len, 500]), Errno::Success);
    let mut contents = String::new();
    file.seek(SeekFrom::Start(0)).unwrap();
    file.read_to_string(&mut contents).unwrap();
    assert_eq!(contents, "0123ab");
}

#[test]
fn fd_fdstat_set_rights_only_takes_away() {
    let (mut guest, mut feed, _drain) = piped(Version::Preview1);
    feed.write_all(b"x").unwrap();
    let [iovs, len] = list(&mut guest, &[(100, 2)]);
    let read = Rights::FD_READ.bits() as i64;
    let write = Rights::FD_WRITE.bits() as i64;
    guest.refuse(
        "fd_fdstat_set_rights",
        &[0, read | write, 0],
        Errno::Notcapable,
    );
    guest.refuse("fd_fdstat_set_rights", &[0, read, read], Errno::Notcapable);
    guest.refuse("fd_fdstat_set_rights", &[0, 1 << 30, 0], Errno::Inval);
    assert_eq!(
        guest.call("fd_fdstat_set_rights", &[0, read, 0]),
        Errno::Success
    );
    assert_eq!(guest.call("fd_read", &[0, iovs, len, 500]), Errno::Success);
    guest.written();
    guest.refuse("fd_filestat_get", &[0, 2000], Errno::Notcapable);
    guest.refuse("fd_fdstat_set_flags", &[0, 0], Errno::Notcapable);
    assert_eq!(
        guest.call("fd_fdstat_set_rights", &[0, 0, 0]),
        Errno::Success
    );
    guest.refuse("fd_read", &[0, iovs, len, 500], Errno::Badf);
    guest.refuse("fd_fdstat_set_rights", &[0, read, 0], Errno::Notcapable);
}

#[test]
fn fd_filestat_get_is_laid_out_by_version() {
    for (version, bytes, size_at) in [(Version::Preview1, 64, 32), (Version::Preview0, 56, 24)] {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456").unwrap();
        let mut guest = Guest::of(
            version,
            WasiConfig {
                stdin: Stdio::Fd(file.into()),
                ..WasiConfig::default()
            },
        );
        assert_eq!(guest.call("fd_filestat_get", &[0, 2000]), Errno::Success);
        assert_eq!(guest.bytes(2016, 1), [Filetype::RegularFile.code()]);
        assert_eq!(guest.long(2000 + size_at), 7);
        let modified = guest.long(2000 + size_at + 16);
        assert!(modified > 1_600_000_000_000_000_000, "{modified}");
        guest.only_wrote(&[2000..2000 + bytes]);
        for address in outside(bytes) {
            guest.refuse("fd_filestat_get", &[0, address], Errno::Fault);
        }
        assert_eq!(
            guest.call("fd_filestat_get", &[0, i64::from(END - bytes)]),
            Errno::Success
        );
    }
}

#[test]
fn a_file_s_size_and_times_can_be_set() {
    let (mut guest, file) = with_file(b"0123456789");
    assert_eq!(guest.call("fd_filestat_set_size", &[1, 4]), Errno::Success);
    assert_eq!(file.metadata().unwrap().len(), 4);
    guest.refuse("fd_filestat_set_size", &[1, -1], Errno::Inval);
    guest.refuse("fd_filestat_set_size", &[0, 4], Errno::Notcapable);

    assert_eq!(
        guest.call("fd_filestat_set_times", &[1, 0, 7_000_000_001, 0b0100]),
        Errno::Success
    );
    let modified = file.metadata().unwrap().modified().unwrap();
    assert_eq!(
        modified
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_nanos(),
        7_000_000_001
    );
    guest.refuse("fd_filestat_set_times", &[1, 0, 0, 0b1100], Errno::Inval);
    guest.refuse("fd_filestat_set_times", &[1, 0, 0, 0b1_0000], Errno::Inval);

    assert_eq!(guest.call("fd_allocate", &[1, 0, 100]), Errno::Success);
    assert_eq!(file.metadata().unwrap().len(), 100);
    guest.refuse("fd_allocate", &[1, 0, 0], Errno::Inval);
    guest.refuse("fd_allocate", &[1, i64::MAX, 1], Errno::Fbig);
    guest.refuse("fd_allocate", &[1, -1, -1], Errno::Fbig);
    assert_eq!(guest.call("fd_advise", &[1, 0, 0, 3]), Errno::Success);
    guest.refuse("fd_advise", &[1, 0, 0, 6], Errno::Inval);
    assert_eq!(guest.call("fd_sync", &[1]), Errno::Success);
    assert_eq!(guest.call("fd_datasync", &[1]), Errno::Success);
    guest.refuse("fd_sync", &[0], Errno::Notcapable);
}

#[test]
fn fd_close_closes_once() {
    let (mut guest, _feed, mut drain) = piped(Version::Preview1);
    assert_eq!(guest.call("fd_close", &[1]), Errno::Success);
    let mut out = Vec::new();
    drain.read_to_end(&mut out).unwrap();
    guest.refuse("fd_close", &[1], Errno::Badf);
}

#[test]
fn fd_renumber_moves_and_closes() {
    let (mut guest, _feed, mut drain) = piped(Version::Preview1);
    // Output goes to the place of input: the input pipe is closed, descriptor 1 is free.
    assert_eq!(guest.call("fd_renumber", &[1, 0]), Errno::Success);
    guest.put(100, b"z");
    let [iovs, len] = list(&mut guest, &[(100, 1)]);
    assert_eq!(guest.call("fd_write", &[0, iovs, len, 500]), Errno::Success);
    let mut out = [0];
    drain.read_exact(&mut out).unwrap();
    assert_eq!(&out, b"z");
    guest.written();
    guest.refuse("fd_write", &[1, iovs, len, 500], Errno::Badf);
    guest.refuse("fd_renumber", &[0, 1], Errno::Badf);
    assert_eq!(guest.call("fd_renumber", &[0, 0]), Errno::Success);
    assert_eq!(guest.call("fd_fdstat_get", &[0, 2000]), Errno::Success);
}
