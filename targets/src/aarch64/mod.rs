//! aarch64: facts.

#[cfg(feature = "codegen")]
pub mod codegen;

#[cfg(all(feature = "host", target_arch = "aarch64"))]
pub mod host;

use crate::cpu::{Feature, Level};

/// The registers that a function gives back as it found them, but for the frame pointer: x19 to x28 and d8 to d15, by
/// DWARF's numbers. Their places here are those in artefacts.
pub const PRESERVED: &[u16] = &[
    19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 72, 73, 74, 75, 76, 77, 78, 79,
];

/// In the order of their bits in an artefact: append only.
pub const FEATURES: &[Feature] = &[
    Feature {
        name: "lse",
        setting: "has_lse",
    },
    Feature {
        name: "fp16",
        setting: "has_fp16",
    },
    Feature {
        name: "dotprod",
        setting: "has_dotprod",
    },
    Feature {
        name: "i8mm",
        setting: "has_i8mm",
    },
];

/// Architecture versions, lowest first.
pub const LEVELS: &[Level] = &[
    Level {
        name: "armv8.0",
        aliases: &["armv8-a", "v8.0"],
        features: &[],
    },
    Level {
        name: "armv8.1",
        aliases: &["armv8.1-a", "v8.1"],
        features: &["lse"],
    },
    Level {
        name: "armv8.4",
        aliases: &["armv8.4-a", "v8.4"],
        features: &["lse", "fp16", "dotprod"],
    },
];

/// What this machine has, as bits of [`FEATURES`].
#[cfg(target_arch = "aarch64")]
pub fn detect() -> u64 {
    use std::arch::is_aarch64_feature_detected as has;
    let found = [has!("lse"), has!("fp16"), has!("dotprod"), has!("i8mm")];
    const { assert!(FEATURES.len() == 4) };
    found
        .iter()
        .enumerate()
        .fold(0, |bits, (bit, &found)| bits | u64::from(found) << bit)
}
