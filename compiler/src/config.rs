//! What a caller may choose, and how it may watch.

use crate::optimise::Passes;
use crate::proposals::Proposals;
use ahead_artifact::Bounds;
use ahead_targets::{CpuFeatures, Isa};
use std::fmt;

/// Everything that decides what an artefact looks like, beside the module itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    pub target: Isa,
    /// Features that the code may use; recorded in the artefact.
    pub cpu: CpuFeatures,
    pub opt: OptLevel,
    /// Our own passes over the code, beside Cranelift's; none runs with [`OptLevel::None`].
    pub passes: Passes,
    pub bounds: Bounds,
    pub relaxed_simd: RelaxedSimd,
    /// Give NaNs that come out of arithmetic the canonical bits, which the specification leaves to the machine.
    pub canonical_nans: bool,
    /// Proposals that a module may use.
    pub proposals: Proposals,
    /// Run Cranelift's verifier on each function before and after our own passes. For tests: it finds bugs
    /// of ours, never faults of a module.
    pub verify_clif: bool,
    /// Keep names of functions, for backtraces and symbols.
    pub names: bool,
}

impl Config {
    /// The defaults for a target.
    pub fn for_target(target: Isa) -> Self {
        Config {
            target,
            cpu: CpuFeatures::default_for(target),
            opt: OptLevel::Speed,
            passes: Passes::ALL,
            bounds: Bounds::Guard,
            relaxed_simd: RelaxedSimd::default(),
            canonical_nans: false,
            proposals: Proposals::BUILT,
            verify_clif: cfg!(debug_assertions),
            names: true,
        }
    }
}

impl Default for Config {
    /// For the machine this runs on; for x86-64 where code is not generated for that machine.
    fn default() -> Self {
        Config::for_target(Isa::host().unwrap_or(Isa::X86_64))
    }
}

/// How much work goes into the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum OptLevel {
    /// Compile fast.
    None,
    /// Run fast.
    #[default]
    Speed,
    /// Run fast, in less space.
    Size,
}

impl OptLevel {
    pub const ALL: [OptLevel; 3] = [OptLevel::None, OptLevel::Speed, OptLevel::Size];

    pub const fn name(self) -> &'static str {
        match self {
            OptLevel::None => "none",
            OptLevel::Speed => "speed",
            OptLevel::Size => "size",
        }
    }
}

impl fmt::Display for OptLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What relaxed vector operators give where the specification leaves it to the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum RelaxedSimd {
    /// What the target's CPU does.
    #[default]
    Fast,
    /// The same on every CPU of every target: what the operator of the fixed set gives that each relaxes.
    Deterministic,
}

impl RelaxedSimd {
    pub const fn name(self) -> &'static str {
        match self {
            RelaxedSimd::Fast => "fast",
            RelaxedSimd::Deterministic => "deterministic",
        }
    }
}

impl fmt::Display for RelaxedSimd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A phase of compilation. Nothing else is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    Module,
    Function,
    Optimise,
    Codegen,
    Link,
    Emit,
}

impl Phase {
    pub const ALL: [Phase; 6] = [
        Phase::Module,
        Phase::Function,
        Phase::Optimise,
        Phase::Codegen,
        Phase::Link,
        Phase::Emit,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Phase::Module => "module",
            Phase::Function => "function",
            Phase::Optimise => "optimise",
            Phase::Codegen => "codegen",
            Phase::Link => "link",
            Phase::Emit => "emit",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Hears of a compilation as it goes. Called from several threads at once.
pub trait Progress: Sync {
    /// `phase` begins. `function`, `optimise` and `codegen` run function by function, interleaved: only the
    /// first of them is announced. `emit` runs whenever an output is asked for, and is not.
    fn phase(&self, phase: Phase) {
        let _ = phase;
    }

    /// `done` of `total` functions have been compiled.
    fn functions(&self, done: usize, total: usize) {
        let _ = (done, total);
    }
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {}
