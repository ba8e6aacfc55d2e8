//! `ahead`, the command line: the one program that sees both the compiler and the runtime.
//!
//! This file picks the way in: straight to the guest for `ahead run X.so`, where every microsecond of
//! start-up counts, and through the argument parser for all else. What a command does stands in
//! `commands/<name>.rs`; what several of them share stands beside this file.
//!
//! Exit codes: 0 done, 1 error, 2 wrong usage, 134 guest trap; `run` gives the guest's own code.

#![deny(unsafe_code)]

mod artefact;
mod cli;
mod commands;
mod escape;
mod guest;
mod input;
mod invariants;
mod limits;
mod load;
mod open;
mod region;
mod report;
mod script;
mod values;

#[cfg(feature = "compiler")]
mod compile;
#[cfg(feature = "compiler")]
mod disassemble;
#[cfg(feature = "compiler")]
mod embedded;
#[cfg(feature = "compiler")]
mod envoy;
#[cfg(feature = "compiler")]
mod executable;
#[cfg(feature = "serve")]
mod filter_options;
#[cfg(feature = "compiler")]
mod library;
#[cfg(feature = "compiler")]
mod output;
#[cfg(feature = "compiler")]
mod progress;
#[cfg(feature = "bench")]
mod turns;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(artefact) = commands::run::plain_artefact(std::env::args_os()) {
        return report::finish(commands::run::run_plain(&artefact));
    }
    #[cfg(feature = "bench")]
    if let Some(done) = commands::bench::started_by_itself(std::env::args_os()) {
        return report::finish(done);
    }
    let cli = cli::Cli::parse();
    report::set_color(cli.global.color);
    report::finish(cli.command.execute(&cli.global))
}
