//! What is measured: names, explanations and units.

use serde::{Deserialize, Serialize};

/// What is measured of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// Of the process that compiles.
    CompileWall,
    CompileCpu,
    CompilePeak,
    ArtefactSize,
    /// Of a process that runs the program once, from its start to its end.
    OnceWall,
    OnceCpu,
    OncePeak,
    OncePageFaults,
    /// As [`Quantity::OnceWall`], with the engine's code not in the file cache.
    ColdWall,
    /// From code in a file to the end of the first iteration.
    First,
    /// An iteration when all is warm.
    Steady,
    /// CPU time of an iteration, all threads, from the first on.
    SteadyCpu,
    /// Of single calls when all is warm.
    CallMedian,
    CallSlow,
    Instantiate,
    InstanceMemory,
    HostCall,
}

/// How an amount is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Nanoseconds,
    Bytes,
    Count,
}

impl Quantity {
    pub const ALL: [Quantity; 17] = [
        Quantity::CompileWall,
        Quantity::CompileCpu,
        Quantity::CompilePeak,
        Quantity::ArtefactSize,
        Quantity::OnceWall,
        Quantity::OnceCpu,
        Quantity::OncePeak,
        Quantity::OncePageFaults,
        Quantity::ColdWall,
        Quantity::First,
        Quantity::Steady,
        Quantity::SteadyCpu,
        Quantity::CallMedian,
        Quantity::CallSlow,
        Quantity::Instantiate,
        Quantity::InstanceMemory,
        Quantity::HostCall,
    ];

    /// As a heading.
    pub fn title(self) -> &'static str {
        match self {
            Quantity::CompileWall => "compile",
            Quantity::CompileCpu => "compile CPU",
            Quantity::CompilePeak => "compile memory",
            Quantity::ArtefactSize => "artefact",
            Quantity::OnceWall => "start to end",
            Quantity::OnceCpu => "CPU",
            Quantity::OncePeak => "memory",
            Quantity::OncePageFaults => "page faults",
            Quantity::ColdWall => "cold file cache",
            Quantity::First => "first",
            Quantity::Steady => "steady",
            Quantity::SteadyCpu => "CPU each",
            Quantity::CallMedian => "p50",
            Quantity::CallSlow => "p99",
            Quantity::Instantiate => "instantiate",
            Quantity::InstanceMemory => "instance memory",
            Quantity::HostCall => "host call",
        }
    }

    /// What it is, in a sentence.
    pub fn explained(self) -> &'static str {
        match self {
            Quantity::CompileWall => "wall time of a process that compiles the module",
            Quantity::CompileCpu => "CPU time of a process that compiles the module, all threads",
            Quantity::CompilePeak => "the most that the compiling process had resident",
            Quantity::ArtefactSize => "size of what compiling wrote",
            Quantity::OnceWall => {
                "wall time of a new process that runs the program once, compiled before where the engine can"
            }
            Quantity::OnceCpu => {
                "CPU time of a new process that runs the program once, all threads"
            }
            Quantity::OncePeak => {
                "the most that a new process had resident that runs the program once"
            }
            Quantity::OncePageFaults => "page faults of such a process, all of them",
            Quantity::ColdWall => {
                "start to end where the code was taken out of the file cache before, and the engine was not"
            }
            Quantity::First => "loading (or compiling) and the first iteration, inside a process",
            Quantity::Steady => "an iteration when all is warm: the later half of all",
            Quantity::SteadyCpu => {
                "CPU time per iteration over all of them, compiler threads with it"
            }
            Quantity::CallMedian => "half of the single calls take no longer, of the later half",
            Quantity::CallSlow => "99 of 100 take no longer",
            Quantity::Instantiate => "making one more instance of a module that is loaded",
            Quantity::InstanceMemory => {
                "resident for one more instance, pages that several have in common counted in parts; of a filter, behind \
                 one time through the mix"
            }
            Quantity::HostCall => {
                "one call from guest to host and back; of a filter, asking for a header's value"
            }
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Quantity::CompilePeak
            | Quantity::ArtefactSize
            | Quantity::OncePeak
            | Quantity::InstanceMemory => Unit::Bytes,
            Quantity::OncePageFaults => Unit::Count,
            _ => Unit::Nanoseconds,
        }
    }

    /// An amount as people read it.
    pub fn write(self, amount: f64) -> String {
        match self.unit() {
            Unit::Count => format!("{amount:.0}"),
            Unit::Bytes if amount >= 1e6 => format!("{:.1} MB", amount / 1e6),
            Unit::Bytes => format!("{:.1} kB", amount / 1e3),
            Unit::Nanoseconds => Quantity::write_time(amount),
        }
    }

    fn write_time(amount: f64) -> String {
        match amount {
            _ if amount >= 1e9 => format!("{:.2} s", amount / 1e9),
            _ if amount >= 1e6 => format!("{:.2} ms", amount / 1e6),
            _ if amount >= 1e3 => format!("{:.2} us", amount / 1e3),
            _ => format!("{amount:.1} ns"),
        }
    }
}
