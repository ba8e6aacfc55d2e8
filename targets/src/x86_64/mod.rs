//! x86-64: facts.

#[cfg(feature = "codegen")]
pub mod codegen;

#[cfg(all(feature = "host", target_arch = "x86_64"))]
pub mod host;

use crate::cpu::{Feature, Level};

/// The registers that a function gives back as it found them, but for the frame pointer: rbx, r12 to r15, by DWARF's
/// numbers. Their places here are those in artefacts.
pub const PRESERVED: &[u16] = &[3, 12, 13, 14, 15];

const fn feature(name: &'static str, setting: &'static str) -> Feature {
    Feature { name, setting }
}

/// In the order of their bits in an artefact: append only.
pub const FEATURES: &[Feature] = &[
    feature("sse3", "has_sse3"),
    feature("ssse3", "has_ssse3"),
    feature("cmpxchg16b", "has_cmpxchg16b"),
    feature("sse4.1", "has_sse41"),
    feature("sse4.2", "has_sse42"),
    feature("popcnt", "has_popcnt"),
    feature("avx", "has_avx"),
    feature("avx2", "has_avx2"),
    feature("bmi1", "has_bmi1"),
    feature("bmi2", "has_bmi2"),
    feature("fma", "has_fma"),
    feature("lzcnt", "has_lzcnt"),
    feature("avx512f", "has_avx512f"),
    feature("avx512dq", "has_avx512dq"),
    feature("avx512vl", "has_avx512vl"),
    feature("avx512vbmi", "has_avx512vbmi"),
    feature("avx512bitalg", "has_avx512bitalg"),
];

const V2: &[&str] = &["sse3", "ssse3", "cmpxchg16b", "sse4.1", "sse4.2", "popcnt"];
const V3: &[&str] = &[
    "sse3",
    "ssse3",
    "cmpxchg16b",
    "sse4.1",
    "sse4.2",
    "popcnt",
    "avx",
    "avx2",
    "bmi1",
    "bmi2",
    "fma",
    "lzcnt",
];
const V4: &[&str] = &[
    "sse3",
    "ssse3",
    "cmpxchg16b",
    "sse4.1",
    "sse4.2",
    "popcnt",
    "avx",
    "avx2",
    "bmi1",
    "bmi2",
    "fma",
    "lzcnt",
    "avx512f",
    "avx512dq",
    "avx512vl",
];

/// The levels of the x86-64 psABI, lowest first. Below v2 nothing is supported: rounding would need calls.
pub const LEVELS: &[Level] = &[
    Level {
        name: "x86-64-v2",
        aliases: &["v2"],
        features: V2,
    },
    Level {
        name: "x86-64-v3",
        aliases: &["v3"],
        features: V3,
    },
    Level {
        name: "x86-64-v4",
        aliases: &["v4"],
        features: V4,
    },
];

/// What this machine has, as bits of [`FEATURES`]; features whose registers the kernel does not save
/// count as missing.
#[cfg(target_arch = "x86_64")]
pub fn detect() -> u64 {
    use std::arch::is_x86_feature_detected as has;
    let found = [
        has!("sse3"),
        has!("ssse3"),
        has!("cmpxchg16b"),
        has!("sse4.1"),
        has!("sse4.2"),
        has!("popcnt"),
        has!("avx"),
        has!("avx2"),
        has!("bmi1"),
        has!("bmi2"),
        has!("fma"),
        has!("lzcnt"),
        has!("avx512f"),
        has!("avx512dq"),
        has!("avx512vl"),
        has!("avx512vbmi"),
        has!("avx512bitalg"),
    ];
    const { assert!(FEATURES.len() == 17) };
    found
        .iter()
        .enumerate()
        .fold(0, |bits, (bit, &found)| bits | u64::from(found) << bit)
}
