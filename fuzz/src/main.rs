//! Random modules, run by Ahead and by another engine: `cargo run -p ahead-fuzz --release --features peers --
//! differential --count 1000 --seed 1`.
//!
//! Everything about a module follows from its seed: its bytes, how it is compiled, what it is called with. So a
//! find is a number. `record` writes modules for another machine together with what the other engine says they
//! do; `replay` runs them there and needs neither the engine nor the compiler.

mod ahead;
mod commands;
#[cfg(feature = "compiler")]
#[cfg_attr(not(feature = "peers"), allow(dead_code, reason = "the peer's half"))]
mod generator;
#[cfg_attr(not(feature = "peers"), allow(dead_code, reason = "the peer's half"))]
mod outcome;
mod random;
#[cfg(feature = "compiler")]
mod rewrite;
#[cfg(feature = "peers")]
mod wasmtime;

use clap::Parser;
use std::process::ExitCode;

/// Run random modules beside another engine
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    match commands::execute(Cli::parse().command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
