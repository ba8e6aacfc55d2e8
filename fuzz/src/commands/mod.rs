//! The commands, one file each.

#[cfg(feature = "peers")]
mod differential;
#[cfg(feature = "compiler")]
mod module;
#[cfg(feature = "peers")]
mod record;
mod replay;

use anyhow::Result;
use std::process::ExitCode;

#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Run modules here, by Ahead and by wasmtime, and compare
    #[cfg(feature = "peers")]
    Differential(differential::Options),
    /// Compile modules for a target and write down what wasmtime says they do
    #[cfg(feature = "peers")]
    Record(record::Options),
    /// Run recorded modules and compare
    Replay(replay::Options),
    /// Write the module of a seed to standard output
    #[cfg(feature = "compiler")]
    Module(module::Options),
}

pub fn execute(command: Command) -> Result<ExitCode> {
    match command {
        #[cfg(feature = "peers")]
        Command::Differential(options) => differential::execute(&options),
        #[cfg(feature = "peers")]
        Command::Record(options) => record::execute(&options),
        Command::Replay(options) => replay::execute(&options),
        #[cfg(feature = "compiler")]
        Command::Module(options) => module::execute(&options),
    }
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Tally {
    pub agreed: u64,
    pub inconclusive: u64,
    /// Modules that one of the compilers refuses by a limit of its own.
    pub refused: u64,
    pub mismatches: u64,
}

impl Tally {
    pub fn report(&self) -> ExitCode {
        println!(
            "{} agreed, {} inconclusive, {} refused, {} mismatches",
            self.agreed, self.inconclusive, self.refused, self.mismatches
        );
        match self.mismatches {
            0 => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }
}
