//! A number for a file's contents, by which debuggers and profilers find files again.
//!
//! It is not a cryptographic hash: it tells files apart, it proves nothing about them.

/// Bytes of a build id.
pub const BUILD_ID_BYTES: usize = 16;

// Odd, with bits in no pattern: the fractional parts of the golden ratio and of the square root of 2.
const MULTIPLIERS: [u64; 2] = [0x9e37_79b9_7f4a_7c15, 0x6a09_e667_f3bc_c909];

/// The build id of `bytes`: two independent lanes over words of 8 bytes.
pub fn build_id(bytes: &[u8]) -> [u8; BUILD_ID_BYTES] {
    let mut lanes = [bytes.len() as u64, !(bytes.len() as u64)];
    let mut add = |word: u64| {
        for (lane, multiplier) in lanes.iter_mut().zip(MULTIPLIERS) {
            *lane = (lane.rotate_left(23) ^ word).wrapping_mul(multiplier);
        }
    };
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        add(u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    add(u64::from_le_bytes(last));
    // A product's low bits depend on few bits of its factors: let the high ones reach them.
    let mut id = [0; BUILD_ID_BYTES];
    for (out, lane) in id.as_chunks_mut::<8>().0.iter_mut().zip(lanes) {
        let mixed = (lane ^ lane >> 32).wrapping_mul(MULTIPLIERS[0]);
        *out = (mixed ^ mixed >> 29).to_le_bytes();
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
