//! aarch64: facts.

#[cfg(feature = "codegen")]
pub mod codegen;

#[cfg(all(feature = "host", target_arch = "aarch64"))]
pub mod host;

use crate::cpu::{Feature, Level};

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
