//! `ahead run`: a module or an artefact, as a WASI program or function by function.
//!
//! An artefact without options takes the shortest way there is, past the argument parser and everything
//! of the compiler: between `exec` and the guest's first instruction lie the opening of the artefact and
//! the making of its instance, nothing else.

use crate::cli::GlobalOptions;
use crate::escape::Escaped;
use crate::open::{Artefact, open};
use crate::report::{GuestTrap, Usage};
use crate::{input, values};
use ahead_artifact::interface::ExportItem;
use ahead_runtime::{Extern, Func, Instance, Linker, Module, Store, Trap, TrapReason};
use ahead_wasi::{WasiConfig, WasiCtx};
use anyhow::{Context, Result};
use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
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

    /// Environment variable for the program: `NAME=VALUE`, or `NAME` to pass our own on
    #[arg(long = "env", value_name = "NAME[=VALUE]")]
    env: Vec<OsString>,

    /// Pass our whole environment on
    #[arg(long)]
    env_inherit: bool,

    #[cfg(feature = "compiler")]
    #[command(flatten)]
    compile: CompileOptions,
}

/// For modules, which are compiled first.
#[cfg(feature = "compiler")]
#[derive(Debug, clap::Args)]
struct CompileOptions {
    /// How accesses to memory are kept inside it; `guard` if there is address space for it
    #[arg(long, value_name = "MODE")]
    bounds: Option<crate::compile::BoundsChoice>,

    #[command(flatten)]
    codegen: crate::compile::CodegenOptions,
}

const EXAMPLES: &str = "\
Examples:
  ahead run hello.so
  ahead run tool.wasm -- --verbose input.txt
  ahead run --env LANG=C tool.so
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
    let module = open_file(&plain.file)?;
    Guest::new(&module, wasi(&plain.file, &plain.args, Vec::new())?)?.run()
}

pub fn execute(options: &Options, global: &GlobalOptions) -> Result<ExitCode> {
    let is_native = input::is_native(&options.file)
        .with_context(|| format!("cannot read `{}`", options.file.display()))?;
    let module = if is_native {
        open_file(&options.file)?
    } else {
        options.compiled(global)?
    };
    let env = options.environment()?;
    match &options.invoke {
        None => Guest::new(&module, wasi(&options.file, &options.args, env)?)?.run(),
        Some(name) => {
            let mut guest = Guest::new(&module, wasi(&options.file, &[], env)?)?;
            guest.invoke(name, &options.args)
        }
    }
}

fn open_file(path: &Path) -> Result<Module> {
    match open(Artefact::File(path)) {
        // It names the file itself.
        Err(error @ ahead_runtime::Error::Open { .. }) => Err(error.into()),
        other => other.with_context(|| format!("cannot open `{}`", path.display())),
    }
}

impl Options {
    #[cfg(feature = "compiler")]
    fn compiled(&self, global: &GlobalOptions) -> Result<Module> {
        use crate::{compile, progress::Bar, report};
        use ahead_artifact::Bounds;
        let wasm = input::read_module(&self.file)?;
        let bounds = match self.compile.bounds {
            Some(choice) => choice.into(),
            None => match address_space_limit() {
                Some(limit) if limit < GUARD_WANTS_BYTES => {
                    if global.verbose {
                        report::note(&format!(
                            "explicit bounds checks: guard pages do not fit {limit} bytes of address space"
                        ));
                    }
                    Bounds::Explicit
                }
                _ => Bounds::Guard,
            },
        };
        let config = self
            .compile
            .codegen
            .config(compile::target(None)?, bounds)?;
        let artifact = self
            .compile
            .codegen
            .compile(&self.file, &wasm, &config, &Bar::new())?;
        open(Artefact::Bytes(&artifact.shared_object()))
            .with_context(|| format!("cannot open what `{}` was compiled to", self.file.display()))
    }

    #[cfg(not(feature = "compiler"))]
    fn compiled(&self, _: &GlobalOptions) -> Result<Module> {
        anyhow::bail!(
            "`{}` is not native code, and this `ahead` has no compiler\n\nhint: compile it with an `ahead` \
             that has one",
            self.file.display()
        )
    }

    /// The guest's environment, later settings over earlier ones.
    fn environment(&self) -> Result<Vec<(OsString, OsString)>> {
        let mut env: Vec<(OsString, OsString)> = if self.env_inherit {
            std::env::vars_os().collect()
        } else {
            Vec::new()
        };
        for setting in &self.env {
            let bytes = setting.as_bytes();
            let (name, value) = match bytes.iter().position(|&byte| byte == b'=') {
                Some(at) => (
                    OsStr::from_bytes(&bytes[..at]).to_owned(),
                    OsStr::from_bytes(&bytes[at + 1..]).to_owned(),
                ),
                None => match std::env::var_os(setting) {
                    Some(value) => (setting.clone(), value),
                    None => continue,
                },
            };
            env.retain(|known| known.0 != name);
            env.push((name, value));
        }
        Ok(env)
    }
}

/// Below this much address space memories with guard pages are not attempted: one memory and what the
/// process itself maps.
#[cfg(feature = "compiler")]
const GUARD_WANTS_BYTES: u64 = ahead_artifact::tunables::GUARD_RESERVATION_BYTES + (1 << 30);

#[cfg(feature = "compiler")]
fn address_space_limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::As).current
}

fn wasi(file: &Path, args: &[OsString], env: Vec<(OsString, OsString)>) -> Result<WasiCtx> {
    let words = std::iter::once(file.as_os_str()).chain(args.iter().map(OsString::as_os_str));
    let config = WasiConfig {
        args: words.map(|word| word.as_bytes().to_vec()).collect(),
        env: env
            .into_iter()
            .map(|(name, value)| (name.into_vec(), value.into_vec()))
            .collect(),
        ..WasiConfig::inherit_stdio()
    };
    WasiCtx::new(config).map_err(|error| Usage(error.to_string()).into())
}

/// An instance with WASI at hand.
struct Guest<'a> {
    module: &'a Module,
    store: Store<WasiCtx>,
    instance: Instance,
}

impl<'a> Guest<'a> {
    fn new(module: &'a Module, wasi: WasiCtx) -> Result<Self> {
        let mut linker = Linker::new();
        ahead_wasi::add_to_linker(&mut linker, |wasi: &mut WasiCtx| wasi);
        let mut store = Store::new(wasi);
        let instance = match linker.instantiate(&mut store, module) {
            Ok(instance) => instance,
            Err(ahead_runtime::Error::Trap(trap)) => return Err(ended(trap)),
            Err(error) => return Err(anyhow::Error::from(error).context("cannot instantiate")),
        };
        Ok(Guest {
            module,
            store,
            instance,
        })
    }

    fn function(&self, name: &str) -> Option<Func> {
        match self.instance.export(&self.store, name) {
            Some(Extern::Func(func)) => Some(func),
            _ => None,
        }
    }

    /// Runs a command's `_start`, or just initialises a reactor.
    fn run(mut self) -> Result<ExitCode> {
        let Some(main) = self
            .function("_start")
            .or_else(|| self.function("_initialize"))
        else {
            anyhow::bail!(
                "no `_start` to run\n\nhint: call an export with `--invoke`: {}",
                self.function_names()
            );
        };
        main.call(&mut self.store, &[]).map_err(ended)?;
        Ok(ExitCode::SUCCESS)
    }

    fn invoke(&mut self, name: &str, args: &[OsString]) -> Result<ExitCode> {
        let Some(func) = self.function(name) else {
            return Err(Usage(format!(
                "no function `{}` is exported\n\nhint: there is {}",
                Escaped(name),
                self.function_names()
            ))
            .into());
        };
        let ty = func.ty(&self.store);
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
        if let Some(initialize) = self
            .function("_initialize")
            .filter(|_| name != "_initialize")
        {
            initialize.call(&mut self.store, &[]).map_err(ended)?;
        }
        let results = func.call(&mut self.store, &values).map_err(ended)?;
        let mut out = std::io::stdout().lock();
        for result in &results {
            writeln!(out, "{}", values::show(result))?;
        }
        Ok(ExitCode::SUCCESS)
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

/// What a trap means for the process: the guest's own exit is its exit, at once; anything else is an error.
fn ended(trap: Trap) -> anyhow::Error {
    if let TrapReason::Exit(code) = trap.kind() {
        std::process::exit(*code);
    }
    GuestTrap(trap.to_string()).into()
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
