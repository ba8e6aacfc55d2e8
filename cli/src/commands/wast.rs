//! `ahead wast`: runs scripts of the specification's test suite and counts.

use crate::cli::GlobalOptions;
use crate::report::Usage;
use crate::script::{self, ExpectedFailures, ModuleSource, Outcome, Precompiled, Verdict};
use ahead_artifact::Bounds;
use anyhow::{Context, Result};
use clap::ValueEnum;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Run test scripts of the WebAssembly specification (`.wast`)
///
/// Prints passed and failed directives per file. A failure that `--expected-failures` lists with its reason
/// is no error; a listed directive that passes is one.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Scripts, or directories with scripts
    #[arg(required = true)]
    paths: Vec<PathBuf>,

    /// How accesses to memory are kept inside it
    #[arg(long, value_name = "MODE", default_value = "guard")]
    bounds: BoundsModes,

    /// List of failures that are known: lines of `file.wast[:line] reason`
    #[arg(long, value_name = "FILE")]
    expected_failures: Option<PathBuf>,

    /// Take modules from this directory instead of compiling them
    #[arg(long, value_name = "DIR")]
    precompiled: Option<PathBuf>,

    #[cfg(feature = "compiler")]
    #[command(flatten)]
    compile: CompileOptions,
}

/// For scripts whose modules are compiled.
#[cfg(feature = "compiler")]
#[derive(Debug, clap::Args)]
struct CompileOptions {
    /// Compile the scripts' modules to this directory and run nothing
    #[arg(long, value_name = "DIR", conflicts_with = "precompiled")]
    precompile: Option<PathBuf>,

    /// Instruction set to compile for (with `--precompile`)
    #[arg(long, value_name = "TARGET", requires = "precompile")]
    target: Option<String>,

    #[command(flatten)]
    codegen: crate::compile::CodegenOptions,
}

const EXAMPLES: &str = "\
Examples:
  ahead wast testsuite/i32.wast
  ahead wast --bounds both --expected-failures known.txt testsuite
  ahead wast --precompile modules --target aarch64 testsuite
  ahead wast --precompiled modules testsuite";

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BoundsModes {
    /// Guard pages
    Guard,
    /// Checks in the code
    Explicit,
    /// One after the other
    Both,
}

impl BoundsModes {
    fn modes(self) -> &'static [Bounds] {
        match self {
            BoundsModes::Guard => &[Bounds::Guard],
            BoundsModes::Explicit => &[Bounds::Explicit],
            BoundsModes::Both => &[Bounds::Guard, Bounds::Explicit],
        }
    }
}

pub fn execute(options: &Options, global: &GlobalOptions) -> Result<ExitCode> {
    let scripts = scripts(&options.paths)?;
    #[cfg(feature = "compiler")]
    if let Some(directory) = &options.compile.precompile {
        return precompile(options, directory, &scripts);
    }
    let known = match &options.expected_failures {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read `{}`", path.display()))?;
            ExpectedFailures::parse(&text).with_context(|| format!("in `{}`", path.display()))?
        }
        None => ExpectedFailures::default(),
    };
    let mut table = Table::new(&scripts)?;
    for path in &scripts {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        for &bounds in options.bounds.modes() {
            if global.verbose {
                crate::report::note(&format!("running `{}`, {bounds}", path.display()));
            }
            let source = source(options, bounds)?;
            let outcome = script::run(&text, source.as_ref());
            table.row(path, bounds, &known, outcome)?;
        }
    }
    table.finish()
}

/// Where the modules come from.
fn source(options: &Options, bounds: Bounds) -> Result<Box<dyn ModuleSource>> {
    if let Some(directory) = &options.precompiled {
        return Ok(Box::new(Precompiled::new(directory, bounds)));
    }
    #[cfg(feature = "compiler")]
    {
        let target = crate::compile::target(None)?;
        let config = options.compile.codegen.config(target, bounds)?;
        Ok(Box::new(script::Compiled { config }))
    }
    #[cfg(not(feature = "compiler"))]
    Err(Usage(
        "this `ahead` has no compiler\n\nhint: run modules of another one's `--precompile` with `--precompiled`".into(),
    )
    .into())
}

#[cfg(feature = "compiler")]
fn precompile(options: &Options, directory: &Path, scripts: &[PathBuf]) -> Result<ExitCode> {
    use rayon::prelude::*;
    let target = crate::compile::target(options.compile.target.as_deref())?;
    let mut modules = Vec::new();
    for path in scripts {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read `{}`", path.display()))?;
        modules.extend(script::modules(&text).map_err(|mut error| {
            error.set_path(path);
            error.set_text(&text);
            anyhow::anyhow!("cannot read the script: {error}")
        })?);
    }
    modules.sort();
    modules.dedup();
    for &bounds in options.bounds.modes() {
        let config = options.compile.codegen.config(target, bounds)?;
        let compiler = script::Precompiler::new(directory, config)
            .with_context(|| format!("cannot make `{}`", directory.display()))?;
        options.compile.codegen.on_threads(|| {
            modules
                .par_iter()
                .try_for_each(|wasm| compiler.compile(wasm))
        })??;
    }
    let count = modules.len() * options.bounds.modes().len();
    writeln!(std::io::stdout(), "{count} modules compiled for {target}")?;
    Ok(ExitCode::SUCCESS)
}

/// The scripts that the user names: files as they are, directories searched to their depth, in order of
/// names.
fn scripts(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            let before = found.len();
            collect(path, &mut found)?;
            if found.len() == before {
                return Err(Usage(format!("no `.wast` file in `{}`", path.display())).into());
            }
        } else {
            std::fs::metadata(path).with_context(|| format!("cannot read `{}`", path.display()))?;
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn collect(directory: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    let read = || format!("cannot read `{}`", directory.display());
    let mut entries = std::fs::read_dir(directory)
        .with_context(read)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<Vec<_>>>()
        .with_context(read)?;
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            collect(&entry, found)?;
        } else if entry
            .extension()
            .is_some_and(|extension| extension == "wast")
        {
            found.push(entry);
        }
    }
    Ok(())
}

/// Prints rows as they come, so that a crash leaves what was known, and adds up.
struct Table {
    width: usize,
    passed: usize,
    failed: usize,
    expected: usize,
    unexpected_passes: usize,
}

impl Table {
    fn new(scripts: &[PathBuf]) -> Result<Self> {
        let widths = scripts.iter().map(|path| path.display().to_string().len());
        let width = widths.max().unwrap_or(0).max("file".len());
        writeln!(
            std::io::stdout(),
            "{:<width$} {:<8} {:>7} {:>7} {:>9}",
            "file",
            "bounds",
            "passed",
            "failed",
            "expected"
        )?;
        Ok(Table {
            width,
            passed: 0,
            failed: 0,
            expected: 0,
            unexpected_passes: 0,
        })
    }

    fn row(
        &mut self,
        path: &Path,
        bounds: Bounds,
        known: &ExpectedFailures,
        outcome: Outcome,
    ) -> Result<()> {
        let passed = outcome.passed;
        let Verdict {
            unexpected,
            expected,
            unexpected_passes,
        } = known.judge(path, outcome);
        let width = self.width;
        let mut out = std::io::stdout().lock();
        writeln!(
            out,
            "{:<width$} {:<8} {passed:>7} {:>7} {expected:>9}",
            path.display(),
            bounds.to_string(),
            unexpected.len()
        )?;
        for failure in &unexpected {
            writeln!(
                out,
                "  {}:{}: {}",
                path.display(),
                failure.line,
                failure.message
            )?;
        }
        for place in &unexpected_passes {
            writeln!(out, "  {place}: passes, and is listed as failing")?;
        }
        self.passed += passed;
        self.failed += unexpected.len();
        self.expected += expected;
        self.unexpected_passes += unexpected_passes.len();
        Ok(())
    }

    fn finish(self) -> Result<ExitCode> {
        let mut out = std::io::stdout().lock();
        write!(out, "{} passed, {} failed", self.passed, self.failed)?;
        if self.expected > 0 {
            write!(out, ", {} failed as expected", self.expected)?;
        }
        if self.unexpected_passes > 0 {
            write!(out, ", {} passed unexpectedly", self.unexpected_passes)?;
        }
        writeln!(out)?;
        Ok(if self.failed + self.unexpected_passes == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}
