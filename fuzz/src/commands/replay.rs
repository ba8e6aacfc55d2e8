//! `ahead-fuzz replay`: runs what `record` wrote, on the machine it was compiled for.

use super::Tally;
use crate::ahead;
use crate::outcome::Outcome;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where from
    directory: PathBuf,
}

pub fn execute(options: &Options) -> Result<ExitCode> {
    let mut seeds = Vec::new();
    let entries = std::fs::read_dir(&options.directory)
        .with_context(|| format!("cannot read `{}`", options.directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        if let (Some(seed), Some("so")) = (
            stem.and_then(|stem| stem.parse::<u64>().ok()),
            path.extension().and_then(|extension| extension.to_str()),
        ) {
            seeds.push(seed);
        }
    }
    seeds.sort_unstable();
    let mut tally = Tally::default();
    for seed in seeds {
        let path = options.directory.join(format!("{seed}.so"));
        let artefact = std::fs::read(&path)?;
        let expected = std::fs::read_to_string(path.with_extension("txt"))
            .with_context(|| format!("nothing is expected of `{}`", path.display()))?;
        let expected = Outcome::from_text(&expected);
        let found = ahead::run(seed, &ahead::open(&artefact)?);
        if found.inconclusive || expected.inconclusive {
            tally.inconclusive += 1;
        } else if let Some((found, expected)) = found.difference(&expected) {
            tally.mismatches += 1;
            println!("seed {seed}: found: {found}\n    expected: {expected}");
        } else {
            tally.agreed += 1;
        }
    }
    Ok(tally.report())
}
