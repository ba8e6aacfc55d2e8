//! Guests with pipes and files for standard streams, and lists of buffers in their memory.

use crate::guest::{END, Guest, outside};
use ahead_wasi::types::{Errno, Version};
use ahead_wasi::{Stdio, WasiConfig};
use std::fs::File;
use std::io::{PipeReader, PipeWriter, Seek, Write};

/// Where [`list`] puts its records.
pub const LIST: u32 = 1000;

/// A guest whose input and output are pipes, and their other ends.
pub fn piped(version: Version) -> (Guest, PipeWriter, PipeReader) {
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
pub fn with_file(version: Version, contents: &[u8]) -> (Guest, File) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(contents).unwrap();
    file.rewind().unwrap();
    let share = |file: &File| Stdio::Fd(file.try_clone().unwrap().into());
    let guest = Guest::of(
        version,
        WasiConfig {
            stdin: share(&file),
            stdout: share(&file),
            ..WasiConfig::default()
        },
    );
    (guest, file)
}

/// Lays a list of buffers, address and length each, and gives the two arguments that pass it.
pub fn list(guest: &mut Guest, buffers: &[(u32, u32)]) -> [i64; 2] {
    let words: Vec<u32> = buffers
        .iter()
        .flat_map(|&(address, bytes)| [address, bytes])
        .collect();
    guest.put_words(LIST, &words);
    [i64::from(LIST), buffers.len() as i64]
}

/// Tries the edges of a list of buffers that is passed in the arguments from `at` on: of the list, of what is in it,
/// and lengths that wrap around.
pub fn list_edges(guest: &mut Guest, name: &str, args: &[i64], at: usize) {
    let with = |list: [i64; 2]| {
        let mut args = args.to_vec();
        args[at..at + 2].copy_from_slice(&list);
        args
    };
    for buffer in [(END - 1, 2), (END, 1), (u32::MAX, 2), (1, u32::MAX)] {
        // One that is good before it does not help.
        let buffers = list(guest, &[(100, 1), buffer]);
        guest.refuse(name, &with(buffers), Errno::Fault);
    }
    let [address, _] = list(guest, &[(END - 1, 1)]);
    // 2^29 records of 8 bytes: their length wraps to 0 in 32 bits.
    for count in [1 << 29, 1 << 31, i64::from(u32::MAX)] {
        guest.refuse(name, &with([address, count]), Errno::Fault);
    }
    for address in outside(8) {
        guest.refuse(name, &with([address, 1]), Errno::Fault);
    }
    guest.put_words(END - 8, &[END - 1, 1]);
    let last = with([i64::from(END) - 8, 1]);
    assert_eq!(guest.call(name, &last), Errno::Success, "{name}{last:?}");
    guest.written();
}
