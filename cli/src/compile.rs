//! From the user's choices to a compiled module: the options that `compile`, `run` and `wast` share.

use crate::report::Usage;
use ahead_artifact::Bounds;
use ahead_compiler::{Artifact, Config, OptLevel, Progress, Proposal, Proposals, RelaxedSimd};
use ahead_targets::{CpuFeatures, Isa};
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::path::Path;

/// How to compile, whatever becomes of it.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Code generation")]
pub struct CodegenOptions {
    /// CPU to compile for: a level, `native`, and `+feature`s (`ahead targets` lists them)
    #[arg(long, value_name = "CPU")]
    pub cpu: Option<String>,

    /// How much work goes into the code
    #[arg(
        short = 'O',
        long = "optimize",
        value_name = "LEVEL",
        default_value = "speed"
    )]
    pub opt: OptChoice,

    /// What relaxed vector operators give where the specification leaves it to the machine
    #[arg(long, value_name = "MODE", default_value = "fast")]
    pub relaxed_simd: RelaxedSimdChoice,

    /// Give NaNs that come out of arithmetic the same bits everywhere
    #[arg(long)]
    pub canonical_nans: bool,

    /// Proposals to allow: names to add, `-name` to take away, `mvp` to start from none
    #[arg(
        long = "wasm",
        value_name = "PROPOSALS",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub proposals: Vec<String>,

    /// Threads to compile with; as many as there are CPUs if not given
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OptChoice {
    /// Compile fast
    None,
    /// Run fast
    Speed,
    /// Run fast, in less space
    Size,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RelaxedSimdChoice {
    /// What the CPU does that is compiled for
    Fast,
    /// The same on every CPU and target
    Deterministic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BoundsChoice {
    /// Guard pages: no cost an access, 4 GiB of address space a memory
    Guard,
    /// Checks in the code: no address space, some speed
    Explicit,
}

impl From<BoundsChoice> for Bounds {
    fn from(choice: BoundsChoice) -> Bounds {
        match choice {
            BoundsChoice::Guard => Bounds::Guard,
            BoundsChoice::Explicit => Bounds::Explicit,
        }
    }
}

impl CodegenOptions {
    pub fn config(&self, target: Isa, bounds: Bounds) -> Result<Config> {
        let mut config = Config::for_target(target);
        if let Some(cpu) = &self.cpu {
            config.cpu =
                CpuFeatures::parse(target, cpu).map_err(|error| Usage(error.to_string()))?;
        }
        config.opt = match self.opt {
            OptChoice::None => OptLevel::None,
            OptChoice::Speed => OptLevel::Speed,
            OptChoice::Size => OptLevel::Size,
        };
        config.bounds = bounds;
        config.relaxed_simd = match self.relaxed_simd {
            RelaxedSimdChoice::Fast => RelaxedSimd::Fast,
            RelaxedSimdChoice::Deterministic => RelaxedSimd::Deterministic,
        };
        config.canonical_nans = self.canonical_nans;
        config.proposals = proposals(&self.proposals)?;
        Ok(config)
    }

    /// Compiles a module that came from `path` on the threads that the user allows.
    pub fn compile(
        &self,
        path: &Path,
        wasm: &[u8],
        config: &Config,
        progress: &dyn Progress,
    ) -> Result<Artifact> {
        self.on_threads(|| ahead_compiler::compile_with(wasm, config, progress))?
            .with_context(|| format!("cannot compile `{}`", path.display()))
    }

    /// Runs `work` with `--jobs` threads at its disposal.
    pub fn on_threads<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T> {
        let Some(jobs) = self.jobs else {
            return Ok(work());
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs.into())
            .build()
            .context("cannot start compiler threads")?;
        Ok(pool.install(work))
    }
}

/// Reads `--wasm`: changes to what is on by default, in the order given.
fn proposals(changes: &[String]) -> Result<Proposals> {
    let mut set = Proposals::default();
    for change in changes {
        if change == "mvp" {
            set = Proposals::NONE;
            continue;
        }
        let (name, add) = match change.strip_prefix('-') {
            Some(name) => (name, false),
            None => (change.as_str(), true),
        };
        let proposal = Proposal::parse(name).ok_or_else(|| {
            let known: Vec<_> = Proposal::ALL.iter().map(|known| known.name()).collect();
            Usage(format!(
                "unknown proposal `{name}`\n\nhint: one of {}, mvp",
                known.join(", ")
            ))
        })?;
        set = if add {
            set.with(proposal)
        } else {
            set.without(proposal)
        };
    }
    Ok(set)
}

/// Reads `--target`; the machine this runs on if there is none.
pub fn target(name: Option<&str>) -> Result<Isa> {
    match name {
        Some(name) => Isa::parse(name).ok_or_else(|| {
            let known: Vec<_> = Isa::ALL.iter().map(|isa| isa.triple()).collect();
            Usage(format!(
                "unknown target `{name}`\n\nhint: one of {}, or a short name such as {}",
                known.join(", "),
                Isa::Aarch64
            ))
            .into()
        }),
        None => Isa::host().context("this machine is no target; name one with `--target`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proposals_are_added_and_taken_away() {
        let read =
            |list: &[&str]| proposals(&list.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(read(&[]).unwrap(), Proposals::BUILT);
        let threads = read(&["threads"]).unwrap();
        assert!(threads.contains(Proposal::Threads) && threads.contains(Proposal::BulkMemory));
        assert!(
            !read(&["-multi-value"])
                .unwrap()
                .contains(Proposal::MultiValue)
        );
        let one = read(&["mvp", "multi-value"]).unwrap();
        assert_eq!(one.iter().collect::<Vec<_>>(), [Proposal::MultiValue]);
        let error = read(&["nonsense"]).unwrap_err();
        assert!(error.is::<Usage>() && error.to_string().contains("`nonsense`"));
    }

    #[test]
    fn targets_are_read() {
        assert_eq!(target(Some("arm64")).unwrap(), Isa::Aarch64);
        assert!(target(Some("riscv64")).unwrap_err().is::<Usage>());
    }
}
