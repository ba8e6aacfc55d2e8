//! A number for a file's contents, by which debuggers and profilers find files again.
//!
//! It is not a cryptographic hash: it tells files apart, it proves nothing about them.

use ahead_artifact::wire::Writer;
use object::elf::{ELF_NOTE_GNU, NT_GNU_BUILD_ID};

/// Bytes of a build id.
pub const BUILD_ID_BYTES: usize = 16;

/// Bytes of the note that carries it.
pub const NOTE_BYTES: usize = 16 + BUILD_ID_BYTES;

/// The note that carries a build id.
pub fn note(id: [u8; BUILD_ID_BYTES]) -> [u8; NOTE_BYTES] {
    let mut out = Writer::default();
    out.u32(ELF_NOTE_GNU.len() as u32 + 1);
    out.u32(BUILD_ID_BYTES as u32);
    out.u32(NT_GNU_BUILD_ID);
    out.raw(ELF_NOTE_GNU);
    out.u8(0);
    out.raw(&id);
    let note = out.finish().try_into();
    note.expect("three words, a name of four bytes, the id")
}

/// A multiplier and a shift for each lane, unlike each other, so that what cancels out in one does not in
/// the other. Multipliers are odd, with bits in no pattern: the fractional parts of the golden ratio and of
/// the square root of 2.
const LANES: [(u64, u32); 2] = [(0x9e37_79b9_7f4a_7c15, 32), (0x6a09_e667_f3bc_c909, 27)];

/// The build id of `bytes`: two lanes over words of 8 bytes.
pub fn build_id(bytes: &[u8]) -> [u8; BUILD_ID_BYTES] {
    let mut lanes = LANES.map(|(multiplier, _)| multiplier);
    let mut add = |word: u64| {
        for (lane, (multiplier, shift)) in lanes.iter_mut().zip(LANES) {
            // Low bits of a product depend on low bits of its factors only: let the high ones reach them.
            let product = (*lane ^ word).wrapping_mul(multiplier);
            *lane = product ^ product >> shift;
        }
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        add(u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    add(u64::from_le_bytes(last));
    add(bytes.len() as u64);
    let mut id = [0; BUILD_ID_BYTES];
    for (out, lane) in id.as_chunks_mut::<8>().0.iter_mut().zip(lanes) {
        *out = lane.to_le_bytes();
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_byte_counts() {
        let mut seen = HashSet::new();
        for length in 0..40 {
            assert!(seen.insert(build_id(&vec![0; length])));
            for position in 0..length {
                for bit in 0..8 {
                    let mut bytes = vec![0; length];
                    bytes[position] = 1 << bit;
                    assert!(seen.insert(build_id(&bytes)), "{length} {position} {bit}");
                }
            }
        }
        assert_eq!(build_id(b"same"), build_id(b"same"));
    }
}
