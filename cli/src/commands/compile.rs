//! `ahead compile`: a module in, an artefact out, or a look at what happens in between.

use crate::artefact::ArtefactFile;
use crate::cli::GlobalOptions;
use crate::compile::{self, BoundsChoice, CodegenOptions};
use crate::disassemble::{self, Filter};
use crate::envoy;
use crate::executable::{self, LinkOptions};
use crate::input;
use crate::output::{self, Mark};
use crate::progress::Bar;
use crate::report::{self, Usage};
use ahead_artifact::Bounds;
use ahead_compiler::{Artifact, Config, Phase};
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Compile a module to native code
///
/// What comes out follows from the output's name: `.so` is an artefact that `ahead run` and the runtime's
/// API open, `.o` is for linking into a C program, and a name with neither is a program for WASI. A Proxy-Wasm
/// filter becomes a module of Envoy's with `--emit envoy`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Module to compile, binary or text; `-` is standard input
    module: PathBuf,

    /// File to write; `-` is standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// What to write, whatever the file's name
    #[arg(long, value_name = "KIND")]
    emit: Option<Emit>,

    /// Instruction set to compile for, by short name or triple; this machine's if not given
    #[arg(long, value_name = "TARGET")]
    target: Option<String>,

    /// How accesses to memory are kept inside it
    #[arg(long, value_name = "MODE", default_value = "guard")]
    bounds: BoundsChoice,

    #[command(flatten)]
    codegen: CodegenOptions,

    /// Write a C header for the exports as well (with `.o`)
    #[arg(long, value_name = "FILE")]
    header: Option<PathBuf>,

    /// Prefix of the symbols in a `.o`; made from the output's name if not given
    #[arg(long, value_name = "NAME")]
    prefix: Option<String>,

    /// Only these functions: an index or a part of a name (with `--emit clif` and `asm`)
    #[arg(short, long, value_name = "FILTER")]
    function: Option<String>,

    /// Print how long each phase took
    #[arg(long)]
    time: bool,

    #[command(flatten)]
    link: LinkOptions,
}

const EXAMPLES: &str = "\
Examples:
  ahead compile hello.wasm -o hello.so
  ahead compile hello.wasm -o hello --cpu native
  ahead compile tool.wasm -o tool --dir . --dir /etc/tool:ro
  ahead compile --target aarch64 hello.wasm -o hello.so
  ahead compile filter.wasm -o filter.o --header filter.h --prefix filter
  ahead compile filter.wasm --emit envoy -o libfilter.so
  ahead compile filter.wat --emit clif --function parse
  ahead compile big.wasm -o big.so --time";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Emit {
    /// A shared object that the runtime opens
    So,
    /// A relocatable object with each export as a C function
    Obj,
    /// A program for WASI commands
    Exe,
    /// A shared object that Envoy loads: a Proxy-Wasm filter with its adapter
    Envoy,
    /// The code between translation and machine code
    Clif,
    /// The machine code, disassembled
    Asm,
}

impl Emit {
    /// What a file of this name should be.
    fn of(path: &Path) -> Result<Emit> {
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("so") => Ok(Emit::So),
            Some("o") => Ok(Emit::Obj),
            None => Ok(Emit::Exe),
            Some(other) => Err(Usage(format!(
                "what kind of output is `.{other}` of `{}`?\n\nhint: say it with `--emit so`, `obj` or `exe`",
                path.display()
            ))
            .into()),
        }
    }

    fn is_listing(self) -> bool {
        matches!(self, Emit::Clif | Emit::Asm)
    }
}

pub fn execute(options: &Options, global: &GlobalOptions) -> Result<ExitCode> {
    let (emit, output) = options.destination()?;
    let target = compile::target(options.target.as_deref())?;
    let config = options
        .codegen
        .config(target, Bounds::from(options.bounds))?;
    let wasm = input::read_module(&options.module)?;
    if global.verbose {
        report::note(&format!(
            "compiling {} bytes for {target} ({}), -O {}, {} bounds",
            wasm.len(),
            config.cpu,
            config.opt,
            config.bounds
        ));
    }
    if emit == Emit::Clif {
        let text = options.clif(&wasm, &config)?;
        output::write(&output, text.as_bytes(), Mark::Plain)?;
        return Ok(ExitCode::SUCCESS);
    }
    let progress = Bar::new();
    let artifact = options
        .codegen
        .compile(&options.module, &wasm, &config, &progress)?;
    drop(progress);
    options.write(emit, &output, &artifact)?;
    if options.time {
        print_times(artifact.timings())?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Options {
    /// What to write and where; refuses options that would do nothing.
    fn destination(&self) -> Result<(Emit, PathBuf)> {
        let (emit, output) = match (self.emit, &self.output) {
            (Some(emit), Some(output)) => (emit, output.clone()),
            (Some(emit), None) if emit.is_listing() => (emit, PathBuf::from("-")),
            (None, Some(output)) if output != Path::new("-") => (Emit::of(output)?, output.clone()),
            (None, Some(_)) => {
                return Err(Usage(
                    "standard output has no name to go by\n\nhint: say what to write with `--emit`"
                        .into(),
                )
                .into());
            }
            (_, None) => {
                return Err(Usage(
                    "where to?\n\nhint: name the output with `-o`, such as `-o module.so`".into(),
                )
                .into());
            }
        };
        let only_for = |given: bool, option: &str, kinds: &[Emit], what: &str| {
            if given && !kinds.contains(&emit) {
                return Err(Usage(format!("`{option}` is for {what} only")));
            }
            Ok(())
        };
        only_for(
            self.header.is_some(),
            "--header",
            &[Emit::Obj],
            "`.o` files",
        )?;
        only_for(
            self.prefix.is_some(),
            "--prefix",
            &[Emit::Obj],
            "`.o` files",
        )?;
        let granted = self.link.given();
        only_for(
            granted.is_some(),
            granted.unwrap_or_default(),
            &[Emit::Exe],
            "executables",
        )?;
        let listings = [Emit::Clif, Emit::Asm];
        only_for(
            self.function.is_some(),
            "--function",
            &listings,
            "`--emit clif` and `--emit asm`",
        )?;
        only_for(
            self.time && emit == Emit::Clif,
            "--time",
            &[],
            "outputs with machine code",
        )?;
        Ok((emit, output))
    }

    fn clif(&self, wasm: &[u8], config: &Config) -> Result<String> {
        let filter = Filter::new(self.function.as_deref());
        ahead_compiler::clif(wasm, config, &|index, name| filter.takes(index, name))
            .with_context(|| format!("cannot compile `{}`", self.module.display()))
    }

    fn write(&self, emit: Emit, output: &Path, artifact: &Artifact) -> Result<()> {
        match emit {
            Emit::So => output::write(output, &artifact.shared_object(), Mark::Plain),
            Emit::Obj => {
                let prefix = self.symbol_prefix(output);
                let object = artifact.object(&prefix).with_context(|| {
                    format!("cannot make an object of `{}`", self.module.display())
                })?;
                // The header first: a build that sees the object can count on both.
                if let Some(header) = &self.header {
                    let text = artifact.c_header(&prefix).with_context(|| {
                        format!("cannot make a header for `{}`", self.module.display())
                    })?;
                    output::write(header, text.as_bytes(), Mark::Plain)?;
                }
                output::write(output, &object, Mark::Plain)
            }
            Emit::Exe => {
                let object = artifact.executable_object();
                let target = compile::target(self.target.as_deref())?;
                let program = executable::link(&object, target, &self.link)
                    .with_context(|| format!("cannot link `{}`", output.display()))?;
                output::write(output, &program, Mark::Executable)
            }
            Emit::Envoy => {
                let artefact = artifact.shared_object();
                envoy::check_filter(artefact.clone())
                    .with_context(|| format!("`{}`", self.module.display()))?;
                let target = compile::target(self.target.as_deref())?;
                let adapter = envoy::find_adapter(target, self.link.runtime_lib())?;
                let bytes = std::fs::read(&adapter)
                    .with_context(|| format!("cannot read `{}`", adapter.display()))?;
                let module = envoy::join(&bytes, &artefact)
                    .with_context(|| format!("cannot put a filter into `{}`", adapter.display()))?;
                output::write(output, &module, Mark::Plain)
            }
            Emit::Asm => {
                let file = ArtefactFile::parse(artifact.shared_object())?;
                let filter = Filter::new(self.function.as_deref());
                let text = disassemble::listing(&file, &filter)?;
                output::write(output, text.as_bytes(), Mark::Plain)
            }
            Emit::Clif => unreachable!("handled before there is an artefact"),
        }
    }

    /// `--prefix`, or the output's (or else the module's) name as a C identifier.
    fn symbol_prefix(&self, output: &Path) -> String {
        if let Some(prefix) = &self.prefix {
            return prefix.clone();
        }
        let named = [output, &self.module]
            .into_iter()
            .find(|path| *path != Path::new("-"));
        let stem = named
            .and_then(Path::file_stem)
            .unwrap_or_default()
            .to_string_lossy();
        identifier(&stem)
    }
}

/// `stem` with whatever no C identifier holds replaced.
fn identifier(stem: &str) -> String {
    let mut name: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

fn print_times(timings: &[(Phase, Duration, Duration)]) -> Result<()> {
    let mut out = std::io::stderr().lock();
    writeln!(out, "{:<10} {:>10} {:>10}", "phase", "wall ms", "cpu ms")?;
    let row = |out: &mut dyn Write, name: &str, wall: Duration, cpu: Duration| {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        writeln!(out, "{name:<10} {:>10.2} {:>10.2}", ms(wall), ms(cpu))
    };
    let (mut walls, mut cpus) = (Duration::ZERO, Duration::ZERO);
    for &(phase, wall, cpu) in timings {
        row(&mut out, phase.name(), wall, cpu)?;
        walls += wall;
        cpus += cpu;
    }
    row(&mut out, "all", walls, cpus)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_identifiers() {
        assert_eq!(identifier("filter"), "filter");
        assert_eq!(identifier("my-filter.v2"), "my_filter_v2");
        assert_eq!(identifier("7zip"), "_7zip");
        assert_eq!(identifier(""), "_");
    }

    #[test]
    fn kinds_follow_from_names() {
        assert_eq!(Emit::of(Path::new("a/b.so")).unwrap(), Emit::So);
        assert_eq!(Emit::of(Path::new("b.o")).unwrap(), Emit::Obj);
        assert_eq!(Emit::of(Path::new("a.d/b")).unwrap(), Emit::Exe);
        assert!(Emit::of(Path::new("b.wasm")).unwrap_err().is::<Usage>());
    }
}
