//! Reading and writing bytes that other threads may write at the same time: those of shared memories.
//!
//! To Rust a plain access that races is undefined, and so is a reference to bytes that change behind it. So
//! nothing here makes a reference to them: every byte goes through a relaxed atomic access, alone or as part of
//! an aligned word. Which mixture of old and new bytes comes out of a race is up to the guest, as the
//! specification has it. Compiled code is no Rust and may race as it likes.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

const WORD: usize = size_of::<u64>();

/// Parts of a range: single bytes up to an aligned address, then words, then bytes again.
fn parts(address: *mut u8, bytes: usize) -> (usize, usize) {
    let head = address.align_offset(WORD).min(bytes);
    (head, (bytes - head) / WORD)
}

/// # Safety
/// `at` must be valid for reads and writes, and written by others only atomically or by compiled code.
unsafe fn byte<'a>(at: *mut u8) -> &'a AtomicU8 {
    // SAFETY: as the caller says; a byte is aligned anywhere.
    unsafe { AtomicU8::from_ptr(at) }
}

/// # Safety
/// As for [`byte`], for 8 bytes at an aligned address.
unsafe fn word<'a>(at: *mut u8) -> &'a AtomicU64 {
    // SAFETY: as the caller says.
    unsafe { AtomicU64::from_ptr(at.cast()) }
}

/// Fills `into` from `from`.
///
/// # Safety
/// As many bytes at `from` must be valid for reads and writes while this runs.
pub(crate) unsafe fn read(from: *mut u8, into: &mut [u8]) {
    let (head, words) = parts(from, into.len());
    let (start, rest) = into.split_at_mut(head);
    let (middle, end) = rest.split_at_mut(words * WORD);
    for (offset, byte_into) in start.iter_mut().enumerate() {
        // SAFETY: inside the range.
        *byte_into = unsafe { byte(from.add(offset)) }.load(Relaxed);
    }
    for (index, word_into) in middle.chunks_exact_mut(WORD).enumerate() {
        // SAFETY: inside the range, and aligned behind the first part.
        let value = unsafe { word(from.add(head + index * WORD)) }.load(Relaxed);
        word_into.copy_from_slice(&value.to_ne_bytes());
    }
    for (offset, byte_into) in end.iter_mut().enumerate() {
        // SAFETY: inside the range.
        *byte_into = unsafe { byte(from.add(head + words * WORD + offset)) }.load(Relaxed);
    }
}

/// Writes `from` to `to`.
///
/// # Safety
/// As many bytes at `to` must be valid for reads and writes while this runs.
pub(crate) unsafe fn write(to: *mut u8, from: &[u8]) {
    let (head, words) = parts(to, from.len());
    let (start, rest) = from.split_at(head);
    let (middle, end) = rest.split_at(words * WORD);
    for (offset, &value) in start.iter().enumerate() {
        // SAFETY: inside the range.
        unsafe { byte(to.add(offset)) }.store(value, Relaxed);
    }
    for (index, value) in middle.chunks_exact(WORD).enumerate() {
        let value = u64::from_ne_bytes(value.try_into().expect("chunks of a word"));
        // SAFETY: inside the range, and aligned behind the first part.
        unsafe { word(to.add(head + index * WORD)) }.store(value, Relaxed);
    }
    for (offset, &value) in end.iter().enumerate() {
        // SAFETY: inside the range.
        unsafe { byte(to.add(head + words * WORD + offset)) }.store(value, Relaxed);
    }
}

/// Bytes that are on their way at a time.
const CHUNK_BYTES: usize = 4096;

/// Copies `bytes` bytes; the ranges may overlap.
///
/// # Safety
/// Both ranges must be valid for reads and writes while this runs.
pub(crate) unsafe fn copy(to: *mut u8, from: *mut u8, bytes: usize) {
    let mut buffer = [0; CHUNK_BYTES];
    let chunks = bytes.div_ceil(CHUNK_BYTES);
    // Away from where it goes, so that nothing is written before it was read.
    let backwards = (from as usize) < to as usize;
    for step in 0..chunks {
        let chunk = if backwards { chunks - 1 - step } else { step };
        let start = chunk * CHUNK_BYTES;
        let part = &mut buffer[..CHUNK_BYTES.min(bytes - start)];
        // SAFETY: inside the ranges.
        unsafe {
            read(from.add(start), part);
            write(to.add(start), part);
        }
    }
}

/// Sets `bytes` bytes to `value`.
///
/// # Safety
/// They must be valid for reads and writes while this runs.
pub(crate) unsafe fn fill(to: *mut u8, value: u8, bytes: usize) {
    let buffer = [value; CHUNK_BYTES];
    for start in (0..bytes).step_by(CHUNK_BYTES) {
        // SAFETY: inside the range.
        unsafe { write(to.add(start), &buffer[..CHUNK_BYTES.min(bytes - start)]) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every alignment and every length around a word, and ranges that overlap in either direction.
    #[test]
    fn bytes_arrive_whatever_their_alignment() {
        let original: Vec<u8> = (0..64).collect();
        for (from, to, bytes) in (0..10)
            .flat_map(|from| (0..10).map(move |to| (from, to)))
            .flat_map(|(from, to)| [0, 1, 7, 8, 9, 15, 16, 40].map(|bytes| (from, to, bytes)))
        {
            let mut expected = original.clone();
            expected.copy_within(from..from + bytes, to);
            let mut memory = original.clone();
            let base = memory.as_mut_ptr();
            // SAFETY: both ranges are inside the vector, which nobody else uses.
            unsafe { copy(base.add(to), base.add(from), bytes) };
            assert_eq!(memory, expected, "{bytes} bytes from {from} to {to}");
        }
    }

    #[test]
    fn long_copies_overlap_and_long_fills_end() {
        let mut memory: Vec<u8> = (0..20_000u32).map(|at| (at % 251) as u8).collect();
        for (from, to) in [(0, 5_000), (5_000, 0), (3, 4), (4, 3)] {
            let mut expected = memory.clone();
            expected.copy_within(from..from + 15_000, to);
            let base = memory.as_mut_ptr();
            // SAFETY: both ranges are inside the vector, which nobody else uses.
            unsafe { copy(base.add(to), base.add(from), 15_000) };
            assert!(memory == expected, "from {from} to {to}");
        }
        let base = memory.as_mut_ptr();
        // SAFETY: as above.
        unsafe { fill(base.add(1), 7, 9_999) };
        assert!(memory[1..10_000].iter().all(|&byte| byte == 7));
        assert_ne!((memory[0], memory[10_000]), (7, 7));
    }
}
