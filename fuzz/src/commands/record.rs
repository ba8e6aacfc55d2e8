//! `ahead-fuzz record`: modules for another machine, `<seed>.so`, beside what they are to do, `<seed>.txt`.

use super::Tally;
use crate::{generator, wasmtime};
use ahead_targets::Isa;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Options {
    /// Where to
    directory: PathBuf,
    /// How many modules
    #[arg(long, default_value_t = 1000)]
    count: u64,
    /// The seed of the first one; the others follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Instruction set to compile for
    #[arg(long, default_value = "aarch64")]
    target: String,
}

pub fn execute(options: &Options) -> Result<ExitCode> {
    let target = Isa::ALL
        .into_iter()
        .find(|isa| isa.name() == options.target)
        .with_context(|| format!("`{}` is no target", options.target))?;
    std::fs::create_dir_all(&options.directory).context("cannot make the directory")?;
    let engine = wasmtime::engine()?;
    let mut tally = Tally::default();
    for seed in options.seed..options.seed.saturating_add(options.count) {
        let expected = generator::module(seed)
            .ok()
            .and_then(|wasm| Some((wasmtime::run(seed, &engine, &wasm)?, wasm)));
        let Some((expected, wasm)) = expected else {
            tally.refused += 1;
            continue;
        };
        match ahead_compiler::compile(&wasm, &generator::config(seed, target)) {
            Ok(artefact) => {
                let path = options.directory.join(format!("{seed}.so"));
                std::fs::write(&path, artefact.shared_object())?;
                std::fs::write(path.with_extension("txt"), expected.to_text())?;
                tally.agreed += 1;
            }
            Err(ahead_compiler::Error::Limit { .. }) => tally.refused += 1,
            Err(error) => {
                tally.mismatches += 1;
                println!("seed {seed}: {error}");
            }
        }
    }
    println!("{} recorded, {} refused", tally.agreed, tally.refused);
    match tally.mismatches {
        0 => Ok(ExitCode::SUCCESS),
        _ => Ok(ExitCode::FAILURE),
    }
}
