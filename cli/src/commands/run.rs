//! `ahead run`: a module or an artefact, as a WASI program or function by function.
//!
//! An artefact without options takes the shortest way there is, past the argument parser and everything
//! of the compiler: between `exec` and the guest's first instruction lie the opening of the artefact and
//! the making of its instance, nothing else.

use crate::cli::GlobalOptions;
use crate::escape::Escaped;
use crate::guest::GuestOptions;
use crate::load::CompileOptions;
use crate::report::{GuestTrap, Usage};
use crate::{input, load, region, values};
use ahead_artifact::interface::ExportItem;
use ahead_runtime::{Error, Instance, Linker, Module, Store, StoreConfig, Trap};
use ahead_wasi::{ConfigError, RunError, Threads, WasiCtx};
use anyhow::{Context, Result};
use std::ffi::OsString;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Run a module or an artefact
///
/// A WASI command is run as a program: its exit code is ours, and a trap gives 134 with a backtrace. With
/// `--invoke` one export is called and its results are printed, one to a line; `_initialize` is called
/// first if there is one.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// What to run: an artefact, or a module to compile and run
    file: PathBuf,

    /// Arguments for the program, or for the function to invoke; after `--` if they start with `-`
    #[arg(allow_negative_numbers = true)]
    args: Vec<OsString>,

    /// Export to call instead of running a program
    #[arg(long, value_name = "NAME")]
    invoke: Option<String>,

    #[command(flatten)]
    compile: CompileOptions,

    #[command(flatten)]
    guest: GuestOptions,
}

const EXAMPLES: &str = "\
Examples:
  ahead run hello.so
  ahead run tool.wasm -- --verbose input.txt
  ahead run --env LANG=C --dir data::/data:ro --dir . tool.so
  ahead run math.wat --invoke add 2 -3";

/// A command line that needs no parsing: `ahead run FILE` and `ahead run FILE -- ARGUMENTS`, where the
/// file is native code.
#[derive(Debug)]
pub struct Plain {
    file: PathBuf,
    args: Vec<OsString>,
}

pub fn plain_artefact(mut words: impl Iterator<Item = OsString>) -> Option<Plain> {
    if words.nth(1)? != "run" {
        return None;
    }
    let file = words.next()?;
    if file.as_bytes().starts_with(b"-") {
        return None;
    }
    let args: Vec<_> = match words.next() {
        None => Vec::new(),
        Some(word) if word == "--" => words.collect(),
        Some(_) => return None,
    };
    let file = PathBuf::from(file);
    input::is_native(&file)
        .unwrap_or(false)
        .then_some(Plain { file, args })
}

pub fn run_plain(plain: &Plain) -> Result<ExitCode> {
    let module = load::open_file(&plain.file)?;
    Guest::new(&plain.file, &module, &plain.args, &GuestOptions::default())?.run()
}

pub fn execute(options: &Options, global: &GlobalOptions) -> Result<ExitCode> {
    let module = if load::is_module(&options.file)? {
        options.compile.compiled(&options.file, global)?
    } else {
        options.compile.refuse_for(&options.file)?;
        load::open_file(&options.file)?
    };
    let guest = &options.guest;
    guest.limits().on_stack(|| match &options.invoke {
        None => Guest::new(&options.file, &module, &options.args, guest)?.run(),
        Some(name) => Guest::new(&options.file, &module, &[], guest)?.invoke(name, &options.args),
    })?
}

fn wasi(file: &Path, args: &[OsString], options: &GuestOptions) -> Result<WasiCtx> {
    let words = std::iter::once(file.as_os_str()).chain(args.iter().map(OsString::as_os_str));
    WasiCtx::new(options.wasi(words)?).map_err(|error| match error {
        // Of the system, and not of the command line.
        ConfigError::NoOpenat2(_) => error.into(),
        error => Usage(error.to_string()).into(),
    })
}

/// A module about to be run, with WASI at hand.
struct Guest<'a> {
    file: &'a Path,
    module: &'a Module,
    linker: Linker<WasiCtx>,
    wasi: WasiCtx,
    store: StoreConfig,
}

impl<'a> Guest<'a> {
    fn new(
        file: &'a Path,
        module: &'a Module,
        args: &[OsString],
        options: &GuestOptions,
    ) -> Result<Self> {
        let mut linker = Linker::new();
        ahead_wasi::add_to_linker(&mut linker, |wasi| wasi);
        if options.bench {
            region::define(&mut linker);
        }
        Ok(Guest {
            file,
            module,
            linker,
            wasi: wasi(file, args, options)?,
            store: options.limits().store(),
        })
    }

    /// Does `main` with a store of the guest: right here, or for a guest with threads where each of them can end it.
    fn enter<R: Send + 'static>(
        self,
        main: impl FnOnce(&Linker<WasiCtx>, &mut Store<WasiCtx>, &Module) -> R + Send + 'static,
    ) -> Result<R> {
        if !ahead_wasi::uses_threads(self.module) {
            let mut store = Store::with_config(self.wasi, self.store);
            return Ok(main(&self.linker, &mut store, self.module));
        }
        let threads = Threads::new(self.module, self.linker, self.store, |wasi| wasi);
        let threads = threads.map_err(|error| failed(self.file, RunError::Instantiate(error)))?;
        threads
            .run(self.wasi, main)
            .map_err(|error| failed(self.file, error))
    }

    /// Runs a command to its exit code, or just initialises a reactor.
    fn run(self) -> Result<ExitCode> {
        let file = self.file;
        if self.exports_function("_start") {
            let ended = self.enter(ahead_wasi::run_command)?;
            return match ended {
                Ok(code) => std::process::exit(code),
                Err(error) => Err(failed(file, error)),
            };
        }
        if self.exports_function("_initialize") {
            let made = self.enter(initialized)?;
            made.map_err(|error| failed(file, error))?;
            return Ok(ExitCode::SUCCESS);
        }
        anyhow::bail!(
            "`{}` exports no `_start` to run\n\nhint: call an export with `--invoke`: {}",
            file.display(),
            self.function_names()
        )
    }

    fn invoke(self, name: &str, args: &[OsString]) -> Result<ExitCode> {
        if !self.exports_function(name) {
            return Err(Usage(format!(
                "`{}` exports no function `{}`\n\nhint: there is {}",
                self.file.display(),
                Escaped(name),
                self.function_names()
            ))
            .into());
        }
        let file = self.file.to_owned();
        let (name, args) = (name.to_owned(), args.to_vec());
        let results = self.enter(move |linker, store, module| {
            let instance = initialized(linker, store, module);
            let instance = instance.map_err(|error| failed(&file, error))?;
            if name == "_initialize" {
                // It has just run, and is to run once.
                return Ok(Vec::new());
            }
            call(store, instance, &name, &args)
        })?;
        let mut out = std::io::stdout().lock();
        for result in results? {
            writeln!(out, "{result}")?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn exports_function(&self, name: &str) -> bool {
        let exports = &self.module.interface().exports;
        exports
            .iter()
            .any(|export| export.name == name && matches!(export.item, ExportItem::Func(_)))
    }

    fn function_names(&self) -> String {
        let exports = &self.module.interface().exports;
        let mut names: Vec<_> = exports
            .iter()
            .filter(|export| matches!(export.item, ExportItem::Func(_)))
            .map(|export| format!("`{}`", Escaped(&export.name)))
            .collect();
        if names.len() > NAMES_SHOWN_MAX {
            let more = names.len() - NAMES_SHOWN_MAX;
            names.truncate(NAMES_SHOWN_MAX);
            names.push(format!("{more} more"));
        }
        if names.is_empty() {
            "none".into()
        } else {
            names.join(", ")
        }
    }
}

const NAMES_SHOWN_MAX: usize = 20;

/// An instance whose exports can be called.
fn initialized(
    linker: &Linker<WasiCtx>,
    store: &mut Store<WasiCtx>,
    module: &Module,
) -> Result<Instance, RunError> {
    let instance = linker
        .instantiate(store, module)
        .map_err(RunError::Instantiate)?;
    ahead_wasi::initialize(store, instance).map_err(RunError::Trap)?;
    Ok(instance)
}

/// Calls an export with arguments as they are written; gives its results in the same way.
fn call(
    store: &mut Store<WasiCtx>,
    instance: Instance,
    name: &str,
    args: &[OsString],
) -> Result<Vec<String>> {
    let func = instance
        .func(store, name)
        .context("an exported function is missing")?;
    let ty = func.ty(store);
    if ty.params.len() != args.len() {
        return Err(Usage(format!(
            "`{}` has type {ty} and was given {} arguments",
            Escaped(name),
            args.len()
        ))
        .into());
    }
    let values = args
        .iter()
        .zip(&ty.params)
        .map(|(arg, &ty)| values::parse(&arg.to_string_lossy(), ty))
        .collect::<Result<Vec<_>>>()?;
    let results = func.call(store, &values).map_err(|trap| ended(&trap))?;
    Ok(results.iter().map(values::show).collect())
}

fn failed(file: &Path, error: RunError) -> anyhow::Error {
    match error {
        RunError::Trap(trap) | RunError::Instantiate(Error::Trap(trap)) => ended(&trap),
        RunError::Instantiate(error) => {
            anyhow::Error::from(error).context(format!("cannot instantiate `{}`", file.display()))
        }
        error => anyhow::Error::from(error).context(format!("cannot run `{}`", file.display())),
    }
}

/// What a trap means for the process: the guest's own exit is its exit, at once; anything else is an error.
fn ended(trap: &Trap) -> anyhow::Error {
    match trap.exit_status() {
        Some(code) => std::process::exit(code),
        None => GuestTrap(trap.to_string()).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(words: &[&str]) -> Option<Vec<String>> {
        let words = words.iter().map(OsString::from);
        let plain = plain_artefact(words)?;
        let text = |word: &OsString| word.to_string_lossy().into_owned();
        Some(plain.args.iter().map(text).collect())
    }

    /// Only what needs no parsing is taken past the parser, and only for native code.
    #[test]
    fn the_short_way_is_for_artefacts_without_options() {
        let native = std::env::current_exe().unwrap();
        let native = native.to_str().unwrap();
        assert_eq!(plain(&["ahead", "run", native]), Some(vec![]));
        assert_eq!(
            plain(&["ahead", "run", native, "--", "-v", "x"]),
            Some(vec!["-v".into(), "x".into()])
        );
        assert_eq!(plain(&["ahead", "run", native, "--invoke", "f"]), None);
        assert_eq!(plain(&["ahead", "run", "-v", native]), None);
        assert_eq!(plain(&["ahead", "run", "/nonexistent"]), None);
        assert_eq!(plain(&["ahead", "run", "/dev/null"]), None);
        assert_eq!(plain(&["ahead", "inspect", native]), None);
        assert_eq!(plain(&["ahead"]), None);
    }
}
