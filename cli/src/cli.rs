//! The arguments that every command understands, and the list of commands.

use crate::commands::*;
use clap::{Parser, Subcommand, ValueEnum};
use std::process::ExitCode;

/// An ahead-of-time WebAssembly compiler: modules in, native `.so`, `.o` and executables out.
#[derive(Debug, Parser)]
#[command(
    name = "ahead",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = EXAMPLES
)]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalOptions,
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  ahead compile hello.wasm -o hello.so && ahead run hello.so
  ahead compile hello.wasm -o hello && ./hello
  ahead compile --target aarch64 hello.wasm -o hello.so
  ahead help compile";

#[derive(Clone, Debug, clap::Args)]
pub struct GlobalOptions {
    /// When to colour messages; `NO_COLOR` counts as never
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,

    /// Say what is done and why
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    #[cfg(feature = "compiler")]
    Compile(compile::Options),
    Run(run::Options),
    #[cfg(feature = "serve")]
    Serve(Box<serve::Options>),
    Inspect(inspect::Options),
    #[cfg(feature = "compiler")]
    Objdump(objdump::Options),
    #[cfg(feature = "compiler")]
    EnvoyConfig(envoy_config::Options),
    Wast(wast::Options),
    #[cfg(feature = "bench")]
    Bench(bench::Options),
    Targets(targets::Options),
    Completions(completions::Options),
}

impl Command {
    pub fn execute(self, global: &GlobalOptions) -> anyhow::Result<ExitCode> {
        match self {
            #[cfg(feature = "compiler")]
            Command::Compile(options) => compile::execute(&options, global),
            Command::Run(options) => run::execute(&options, global),
            #[cfg(feature = "serve")]
            Command::Serve(options) => serve::execute(&options, global),
            Command::Inspect(options) => inspect::execute(&options),
            #[cfg(feature = "compiler")]
            Command::Objdump(options) => objdump::execute(&options),
            #[cfg(feature = "compiler")]
            Command::EnvoyConfig(options) => envoy_config::execute(&options),
            Command::Wast(options) => wast::execute(&options, global),
            #[cfg(feature = "bench")]
            Command::Bench(options) => bench::execute(&options, global),
            Command::Targets(options) => targets::execute(&options),
            Command::Completions(options) => completions::execute(&options),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    /// Every command has long help with examples, in the place where people look for them.
    #[test]
    fn every_command_has_examples() {
        for command in Cli::command().get_subcommands() {
            let help = command
                .get_after_help()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(help.starts_with("Examples:"), "`{}`", command.get_name());
            assert!(help.contains(&format!("ahead {}", command.get_name())));
        }
    }
}
