//! The instruction sets Ahead compiles for and runs on, one folder each.
//!
//! `<isa>/mod.rs` holds facts (names, ELF numbers, CPU features and levels), `<isa>/codegen.rs` what the
//! compiler needs (Cranelift flags, relocations, stubs; feature `codegen`), `<isa>/host.rs` what the runtime
//! needs of the machine it runs on (entering and leaving guest code; feature `host`; `host.rs` has what these have in
//! common). A port is a new folder, a line in [`Isa`], and golden outputs.

pub mod aarch64;
#[cfg(feature = "codegen")]
pub mod codegen;
pub mod cpu;
/// Entering and leaving guest code on the machine this program was built for.
#[cfg(all(feature = "host", any(target_arch = "aarch64", target_arch = "x86_64")))]
pub mod host;
pub mod x86_64;

pub use cpu::{CpuError, CpuFeatures, Feature, Level};

use std::fmt;

/// An instruction set, with Linux's C ABI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isa {
    X86_64,
    Aarch64,
}

impl Isa {
    pub const ALL: [Isa; 2] = [Isa::X86_64, Isa::Aarch64];

    /// The instruction set this program was built for.
    pub const fn host() -> Option<Isa> {
        if cfg!(target_arch = "x86_64") {
            Some(Isa::X86_64)
        } else if cfg!(target_arch = "aarch64") {
            Some(Isa::Aarch64)
        } else {
            None
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Isa::X86_64 => "x86_64",
            Isa::Aarch64 => "aarch64",
        }
    }

    /// The full triple, as toolchains write it.
    pub const fn triple(self) -> &'static str {
        match self {
            Isa::X86_64 => "x86_64-unknown-linux-gnu",
            Isa::Aarch64 => "aarch64-unknown-linux-gnu",
        }
    }

    /// Reads a short name or a triple whose first part names the instruction set and whose rest, if there
    /// is one, is a 64-bit Linux.
    pub fn parse(text: &str) -> Option<Isa> {
        let (arch, rest) = text
            .split_once('-')
            .map_or((text, None), |(arch, rest)| (arch, Some(rest)));
        if rest.is_some_and(|rest| !rest.split('-').any(|part| part == "linux")) {
            return None;
        }
        match arch {
            "x86_64" | "amd64" | "x86" => Some(Isa::X86_64),
            "aarch64" | "arm64" => Some(Isa::Aarch64),
            _ => None,
        }
    }

    /// ELF's `e_machine`.
    pub const fn machine(self) -> u16 {
        match self {
            Isa::X86_64 => 62,
            Isa::Aarch64 => 183,
        }
    }

    pub fn from_machine(machine: u16) -> Option<Isa> {
        Isa::ALL.into_iter().find(|isa| isa.machine() == machine)
    }

    /// The CPU features of this instruction set, in the order of their bits.
    pub const fn features(self) -> &'static [Feature] {
        match self {
            Isa::X86_64 => x86_64::FEATURES,
            Isa::Aarch64 => aarch64::FEATURES,
        }
    }

    /// The registers that a function gives back as it found them, by DWARF's numbers. Frame pointers are told apart.
    pub const fn preserved(self) -> &'static [u16] {
        match self {
            Isa::X86_64 => x86_64::PRESERVED,
            Isa::Aarch64 => aarch64::PRESERVED,
        }
    }

    /// The named CPU levels, lowest first.
    pub const fn levels(self) -> &'static [Level] {
        match self {
            Isa::X86_64 => x86_64::LEVELS,
            Isa::Aarch64 => aarch64::LEVELS,
        }
    }

    /// What is compiled for when nothing is said.
    pub const fn default_level(self) -> &'static str {
        match self {
            Isa::X86_64 => "x86-64-v2",
            Isa::Aarch64 => "armv8.0",
        }
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read() {
        assert_eq!(Isa::parse("x86_64"), Some(Isa::X86_64));
        assert_eq!(Isa::parse("aarch64-unknown-linux-musl"), Some(Isa::Aarch64));
        assert_eq!(Isa::parse("arm64"), Some(Isa::Aarch64));
        assert_eq!(Isa::parse("x86_64-pc-windows-msvc"), None);
        assert_eq!(Isa::parse("riscv64"), None);
        for isa in Isa::ALL {
            assert_eq!(Isa::parse(isa.triple()), Some(isa));
            assert_eq!(Isa::from_machine(isa.machine()), Some(isa));
        }
    }
}
