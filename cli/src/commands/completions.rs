//! `ahead completions`: what a shell needs to complete our arguments.

use crate::cli::Cli;
use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;
use std::io::Write;
use std::process::ExitCode;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Shell to complete for
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  ahead completions bash > ~/.local/share/bash-completion/completions/ahead
  ahead completions zsh > ~/.zfunc/_ahead
  ahead completions fish > ~/.config/fish/completions/ahead.fish";

pub fn execute(options: &Options) -> Result<ExitCode> {
    // Generated into memory: the generator panics when its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "ahead", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
