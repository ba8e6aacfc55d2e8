//! `ahead targets`: what can be compiled for, and which proposals.

use ahead_targets::{CpuFeatures, Isa};
use anyhow::Result;
use std::io::Write;
use std::process::ExitCode;

/// List targets, CPU levels and features, and WebAssembly proposals
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {}

const EXAMPLES: &str = "\
Examples:
  ahead targets
  ahead compile --target aarch64 --cpu armv8.1 hello.wasm -o hello.so";

pub fn execute(_: &Options) -> Result<ExitCode> {
    let mut out = Vec::new();
    for isa in Isa::ALL {
        write_target(&mut out, isa)?;
    }
    #[cfg(feature = "compiler")]
    write_proposals(&mut out)?;
    std::io::stdout().lock().write_all(&out)?;
    Ok(ExitCode::SUCCESS)
}

fn write_target(out: &mut impl Write, isa: Isa) -> Result<()> {
    let native = (Isa::host() == Some(isa)).then(CpuFeatures::of_this_machine);
    let here = native.map_or("", |_| ", this machine");
    writeln!(out, "{isa} ({}{here})", isa.triple())?;
    let mut below = CpuFeatures::none(isa);
    for level in isa.levels() {
        let features = CpuFeatures::parse(isa, level.name)?;
        let mut added = features.missing_from(below);
        if added.is_empty() {
            added.push("-".into());
        }
        let names: Vec<_> = [level.name].iter().chain(level.aliases).copied().collect();
        let default = if level.name == isa.default_level() {
            " (default)"
        } else {
            ""
        };
        writeln!(
            out,
            "  {:<28} adds {}{default}",
            names.join(", "),
            added.join(" ")
        )?;
        below = features;
    }
    let known: Vec<_> = isa.features().iter().map(|feature| feature.name).collect();
    writeln!(out, "  {:<28} {}", "features", known.join(" "))?;
    if let Some(native) = native {
        writeln!(out, "  {:<28} {native}", "native")?;
    }
    writeln!(out)?;
    Ok(())
}

#[cfg(feature = "compiler")]
fn write_proposals(out: &mut impl Write) -> Result<()> {
    use ahead_compiler::Proposal;
    writeln!(out, "proposals")?;
    for proposal in Proposal::ALL {
        let state = if proposal.is_built() {
            "built, on by default"
        } else {
            "not built yet"
        };
        writeln!(out, "  {:<28} {state}", proposal.name())?;
    }
    Ok(())
}
