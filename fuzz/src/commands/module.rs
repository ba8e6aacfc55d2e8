//! `ahead-fuzz module`: the module of a seed, to look at.

use crate::generator;
use anyhow::{Context, Result};
use std::io::Write;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Options {
    seed: u64,
}

pub fn execute(options: &Options) -> Result<ExitCode> {
    let wasm = generator::module(options.seed)?;
    std::io::stdout()
        .write_all(&wasm)
        .context("cannot write the module")?;
    Ok(ExitCode::SUCCESS)
}
