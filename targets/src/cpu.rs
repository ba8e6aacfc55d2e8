//! CPU features: chosen by a level's name, widened by `+feature`, recorded in the artefact as bits,
//! compared with the machine when it is opened.

use crate::Isa;
use std::fmt;

/// A CPU feature that code generation may use. Bit numbers are part of the ABI: append only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feature {
    /// The name as Linux and the compilers spell it.
    pub name: &'static str,
    /// The setting of Cranelift that it switches on.
    pub setting: &'static str,
}

/// A named set of features.
#[derive(Clone, Copy, Debug)]
pub struct Level {
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// Names of its features.
    pub features: &'static [&'static str],
}

/// A set of features of one instruction set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CpuFeatures {
    isa: Isa,
    bits: u64,
}

/// A `--cpu` that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CpuError {
    UnknownLevel {
        isa: Isa,
        name: String,
    },
    UnknownFeature {
        isa: Isa,
        name: String,
    },
    /// `native` for an instruction set that is not this machine's.
    NotNative {
        isa: Isa,
    },
}

impl fmt::Display for CpuError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CpuError::UnknownLevel { isa, name } => {
                let known: Vec<_> = isa.levels().iter().map(|level| level.name).collect();
                write!(
                    f,
                    "unknown CPU `{name}` for {isa}\n\nhint: one of {}, native",
                    known.join(", ")
                )
            }
            CpuError::UnknownFeature { isa, name } => {
                let known: Vec<_> = isa.features().iter().map(|feature| feature.name).collect();
                write!(
                    f,
                    "unknown CPU feature `{name}` for {isa}\n\nhint: one of {}",
                    known.join(", ")
                )
            }
            CpuError::NotNative { isa } => {
                write!(
                    f,
                    "`native` needs a machine of the target's own kind, and this is not {isa}"
                )
            }
        }
    }
}

impl std::error::Error for CpuError {}

impl CpuFeatures {
    pub const fn none(isa: Isa) -> Self {
        CpuFeatures { isa, bits: 0 }
    }

    /// Features as recorded in an artefact.
    pub const fn from_bits(isa: Isa, bits: u64) -> Self {
        CpuFeatures { isa, bits }
    }

    pub fn default_for(isa: Isa) -> Self {
        Self::parse(isa, isa.default_level()).expect("the default level is one of the levels")
    }

    /// Reads `level`, `native`, `level+feature-feature...` or, from the default level, `+feature...`.
    pub fn parse(isa: Isa, text: &str) -> Result<Self, CpuError> {
        let split = text.find('+').unwrap_or(text.len());
        let (base, mut rest) = text.split_at(split);
        let mut features = match base {
            "" => return Self::default_for(isa).with(rest),
            "native" if Isa::host() == Some(isa) => Self::of_this_machine(),
            "native" => return Err(CpuError::NotNative { isa }),
            name => {
                let level = isa
                    .levels()
                    .iter()
                    .find(|l| l.name == name || l.aliases.contains(&name));
                let level = level.ok_or_else(|| CpuError::UnknownLevel {
                    isa,
                    name: name.into(),
                })?;
                let mut features = Self::none(isa);
                for feature in level.features {
                    features.insert(feature)?;
                }
                features
            }
        };
        rest = rest.trim_start_matches('+');
        if !rest.is_empty() {
            features = features.with(rest)?;
        }
        Ok(features)
    }

    fn with(mut self, list: &str) -> Result<Self, CpuError> {
        for name in list.split('+').filter(|name| !name.is_empty()) {
            self.insert(name)?;
        }
        Ok(self)
    }

    fn insert(&mut self, name: &str) -> Result<(), CpuError> {
        let bit = self
            .isa
            .features()
            .iter()
            .position(|feature| feature.name == name);
        let bit = bit.ok_or_else(|| CpuError::UnknownFeature {
            isa: self.isa,
            name: name.into(),
        })?;
        self.bits |= 1 << bit;
        Ok(())
    }

    pub fn isa(self) -> Isa {
        self.isa
    }

    pub fn bits(self) -> u64 {
        self.bits
    }

    pub fn contains(self, name: &str) -> bool {
        self.iter().any(|feature| feature.name == name)
    }

    pub fn iter(self) -> impl Iterator<Item = Feature> {
        let bits = self.bits;
        self.isa
            .features()
            .iter()
            .enumerate()
            .filter(move |(bit, _)| bits & (1 << bit) != 0)
            .map(|(_, f)| *f)
    }

    /// Names of the features that `self` has and `available` has not; a bit that no feature is known for
    /// is named by its number.
    pub fn missing_from(self, available: CpuFeatures) -> Vec<String> {
        let missing = self.bits & !available.bits;
        (0..64)
            .filter(|bit| missing & (1 << bit) != 0)
            .map(|bit| match self.isa.features().get(bit) {
                Some(feature) => feature.name.to_owned(),
                None => format!("unknown feature {bit}"),
            })
            .collect()
    }

    /// What the machine this runs on has, of the instruction set this was built for.
    pub fn of_this_machine() -> Self {
        #[cfg(target_arch = "x86_64")]
        return CpuFeatures {
            isa: Isa::X86_64,
            bits: crate::x86_64::detect(),
        };
        #[cfg(target_arch = "aarch64")]
        return CpuFeatures {
            isa: Isa::Aarch64,
            bits: crate::aarch64::detect(),
        };
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        compile_error!("Ahead runs on x86-64 and aarch64");
    }
}

impl fmt::Display for CpuFeatures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(|feature| feature.name).collect();
        f.write_str(
            if names.is_empty() {
                "none".into()
            } else {
                names.join(" ")
            }
            .as_str(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_additions() {
        let v2 = CpuFeatures::parse(Isa::X86_64, "x86-64-v2").unwrap();
        assert_eq!(v2, CpuFeatures::parse(Isa::X86_64, "v2").unwrap());
        assert!(v2.contains("sse4.1") && !v2.contains("avx"));
        let wider = CpuFeatures::parse(Isa::X86_64, "+bmi2").unwrap();
        assert_eq!(wider.missing_from(v2), ["bmi2"]);
        assert_eq!(CpuFeatures::parse(Isa::X86_64, "v2+bmi2").unwrap(), wider);
        assert!(CpuFeatures::parse(Isa::X86_64, "v9").is_err());
        assert!(CpuFeatures::parse(Isa::X86_64, "v2+nope").is_err());
        assert_eq!(CpuFeatures::default_for(Isa::Aarch64).bits(), 0);
        assert!(
            CpuFeatures::parse(Isa::Aarch64, "+lse")
                .unwrap()
                .contains("lse")
        );
    }

    #[test]
    fn each_level_holds_the_one_below() {
        for isa in Isa::ALL {
            let levels: Vec<_> = isa
                .levels()
                .iter()
                .map(|level| CpuFeatures::parse(isa, level.name).unwrap())
                .collect();
            for pair in levels.windows(2) {
                assert!(
                    pair[0].missing_from(pair[1]).is_empty(),
                    "{isa}: {} in {}",
                    pair[0],
                    pair[1]
                );
            }
        }
    }
}
