//! `ahead objdump`: the machine code of an artefact, for both targets on any host.

use crate::artefact::ArtefactFile;
use crate::disassemble::{self, Filter};
use crate::input;
use anyhow::{Context, Result};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Disassemble an artefact, with trap sites and Wasm offsets beside the instructions
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Artefact to disassemble: a `.so`, a `.o` or an executable, for any target
    artefact: PathBuf,

    /// Only these functions: an index or a part of a name
    #[arg(short, long, value_name = "FILTER")]
    function: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  ahead objdump hello.so
  ahead objdump hello.so -f 42
  ahead objdump hello.so -f parse_header";

pub fn execute(options: &Options) -> Result<ExitCode> {
    let bytes = input::read(&options.artefact)?;
    let filter = Filter::new(options.function.as_deref());
    let text = ArtefactFile::parse(bytes)
        .and_then(|file| disassemble::listing(&file, &filter))
        .with_context(|| format!("cannot disassemble `{}`", options.artefact.display()))?;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
