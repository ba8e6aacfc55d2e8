//! `ahead bench`: one module under several engines, side by side. The measuring is `ahead-bench`'s; here are its
//! options, and the two ways in by which it starts this program again.

use crate::cli::GlobalOptions;
use crate::report::Usage;
use crate::turns::Turns;
use crate::{input, output};
use ahead_bench::filter::envoy::{EnvoyPlan, Host};
use ahead_bench::filter::{self, Mix};
use ahead_bench::program::{Declared, Dir, Entry, Program};
use ahead_bench::session::Doing;
use ahead_bench::worker::Repeat;
use ahead_bench::{child, engines, machine::Machine, report, session, worker};
use ahead_wasi::{Access, Grant};
use anyhow::{Context, Result, bail};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Measure a module under several engines: ahead of time against just in time
///
/// All engines that are found on this machine compile and run the module; nothing is measured unless they
/// all give the same. Then each is measured in turn, in several rounds: compiling, starting, the first
/// iteration and those after it, memory. A difference that the machine's noise explains is called a tie.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Options {
    /// Module to measure, binary or text
    #[arg(required_unless_present = "list")]
    module: Option<PathBuf>,

    /// Arguments for the program, or for the function to invoke; after `--` if they start with `-`
    #[arg(allow_negative_numbers = true)]
    args: Vec<String>,

    /// Export to call, again and again, instead of running a program
    #[arg(long, value_name = "NAME")]
    invoke: Option<String>,

    /// The module is a Proxy-Wasm filter: send requests through it, in a proxy of no weight
    #[arg(long, conflicts_with_all = ["invoke", "args", "native", "dirs", "env", "stdin"])]
    filter: bool,

    /// What is sent through the filter, in JSON; ten requests of three kinds if not given
    #[arg(long, value_name = "FILE", requires = "filter")]
    mix: Option<PathBuf>,

    /// Measure the filter in this Envoy as well: in its own host with V8, and in ours
    #[arg(long, value_name = "PROGRAM", requires = "filter")]
    envoy: Option<PathBuf>,

    /// Engines to measure beside `ahead`; all that are found if not given
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    engines: Vec<String>,

    /// Engines to leave out
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    without: Vec<String>,

    /// A native build of the same program, to be measured as well
    #[arg(long, value_name = "PROGRAM")]
    native: Option<PathBuf>,

    /// List the engines and where they were looked for
    #[arg(long)]
    list: bool,

    /// How often everything is measured; fewer than 6 rounds decide nothing
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,

    /// How long an engine repeats the program in each round
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    seconds: f64,

    /// How often at least it repeats the program in each round: 5 times if not given, or twice what takes longer than
    /// `--seconds`
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    iterations: Option<u32>,

    /// How long one process may take
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    timeout: u64,

    /// Measure a program that does not always print the same
    #[arg(long)]
    ignore_output: bool,

    /// Write all that was measured as JSON; `-` is standard output, in place of the table
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write a page with charts, complete in itself
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Directory, with all that is below it, as for `ahead run`: `HOST[::GUEST][:ro]`
    #[arg(long = "dir", value_name = "DIR", help_heading = GIVEN)]
    dirs: Vec<OsString>,

    /// Environment variable for the program: `NAME=VALUE`
    #[arg(long = "env", value_name = "NAME=VALUE", help_heading = GIVEN)]
    env: Vec<String>,

    /// Read standard input from a file, each time from its beginning; it is empty if not given
    #[arg(long, value_name = "FILE", help_heading = GIVEN)]
    stdin: Option<PathBuf>,
}

const GIVEN: &str = "What the program is given";

const EXAMPLES: &str = "\
Examples:
  ahead bench tool.wasm -- --verbose
  ahead bench --html report.html --native ./tool tool.wasm
  ahead bench --stdin input.json --engines wasmtime,node tool.wasm
  ahead bench --invoke fib math.wat 30
  ahead bench --filter --mix requests.json filter.wasm";

/// What this program was started for by itself: to launch a process that is measured, or to be one.
pub fn started_by_itself(mut words: impl Iterator<Item = OsString>) -> Option<Result<ExitCode>> {
    let first = words.nth(1)?;
    if first == child::COMMAND {
        let words: Vec<_> = words.collect();
        Some(child::launch(&words).map(|()| ExitCode::SUCCESS))
    } else if first == worker::COMMAND {
        let words: Vec<_> = words.collect();
        // At once, as a program that was run would.
        Some(engines::ahead::serve(&words).map(|exit| std::process::exit(exit)))
    } else {
        None
    }
}

pub fn execute(options: &Options, global: &GlobalOptions) -> Result<ExitCode> {
    let own = std::env::current_exe().context("cannot tell where this program is")?;
    let found = engines::find(&own, options.native.as_deref());
    let Some(module) = options.module.as_deref().filter(|_| !options.list) else {
        list(&found)?;
        return Ok(ExitCode::SUCCESS);
    };
    if !options.seconds.is_finite() || options.seconds < 0.0 {
        return Err(Usage("`--seconds` is no time".into()).into());
    }
    for path in options.html.iter().chain(&options.json) {
        output::check(path)?;
    }
    // Who names a program wants it, too.
    if let Some(native) = options.native.as_deref().filter(|path| !path.is_file()) {
        bail!("`--native`: there is no program `{}`", native.display());
    }
    let engines::Found { engines, missing } = options.chosen(found)?;

    let folder = tempfile::tempdir()?;
    let program = options.program(module, folder.path())?;
    let plan = session::Plan {
        program,
        rounds: options.rounds,
        repeat: Repeat {
            seconds: options.seconds,
            iterations_min: options.iterations.unwrap_or(ITERATIONS_MIN),
            iterations_max: ITERATIONS_MAX.max(options.iterations.unwrap_or(0)),
            instances: INSTANCES,
        },
        long_iterations_min: options.iterations.unwrap_or(LONG_ITERATIONS_MIN),
        timeout: Duration::from_secs(options.timeout),
        compare_output: !options.ignore_output,
        scope: session::Scope::Everything,
        launcher: own,
    };
    let turns = Turns::new(global.verbose);
    let progress = |doing: Doing<'_>| turns.tell(doing);
    let machine = Machine::this("ahead");
    let cannot = || format!("cannot measure `{}`", module.display());
    let mut done =
        session::measure(&plan, engines, missing, machine, &progress).with_context(cannot)?;
    if let Some(envoy) = options.envoy_plan(&plan, folder.path())? {
        done.envoy = Some(filter::envoy::measure(&envoy, &progress).with_context(cannot)?);
    }

    drop(turns);

    // What was measured is seen, whatever becomes of the files.
    if options.json.as_deref() != Some(Path::new("-")) {
        std::io::stdout()
            .lock()
            .write_all(report::table::render(&done).as_bytes())?;
    }
    if let Some(path) = &options.json {
        let json = format!("{}\n", serde_json::to_string_pretty(&done)?);
        output::write(path, json.as_bytes(), output::Mark::Plain)?;
    }
    if let Some(path) = &options.html {
        let page = report::html::render(&done);
        output::write(path, page.as_bytes(), output::Mark::Plain)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Fewer say little of what happens from the first on.
const ITERATIONS_MIN: u32 = 5;

/// The same of what takes long.
const LONG_ITERATIONS_MIN: u32 = 2;

/// More iterations than this tell nothing new in one round.
const ITERATIONS_MAX: u32 = 100_000;

/// Instances that are made for the time of making one.
const INSTANCES: u32 = 20;

fn list(found: &engines::Found) -> Result<()> {
    let mut out = std::io::stdout().lock();
    for engine in &found.engines {
        writeln!(out, "{:<18} {}", engine.name(), engine.about())?;
    }
    for missing in &found.missing {
        writeln!(out, "{:<18} missing: {}", missing.name, missing.why)?;
    }
    Ok(())
}

impl Options {
    /// The engines that the user wants, our own first.
    fn chosen(&self, found: engines::Found) -> Result<engines::Found> {
        let mut known: Vec<String> = found
            .engines
            .iter()
            .map(|engine| engine.name().to_owned())
            .chain(found.missing.iter().map(|missing| missing.name.clone()))
            .collect();
        known.sort_unstable();
        for name in self.engines.iter().chain(&self.without) {
            if !known.contains(name) {
                return Err(Usage(format!(
                    "unknown engine `{name}`\n\nhint: one of {}",
                    known.join(", ")
                ))
                .into());
            }
        }
        let reference = engines::ahead::Variant::Guard.name();
        let wants = |name: &str| {
            name == reference
                || (self.engines.is_empty() || self.engines.iter().any(|wanted| wanted == name))
                    && !self.without.iter().any(|unwanted| unwanted == name)
        };
        let engines::Found { engines, missing } = found;
        // Who asks for an engine by name wants it, and not a report without it.
        let absent = missing
            .iter()
            .find(|missing| self.engines.contains(&missing.name));
        if let Some(absent) = absent {
            bail!("`{}` is not on this machine: {}", absent.name, absent.why);
        }
        Ok(engines::Found {
            engines: engines
                .into_iter()
                .filter(|engine| wants(engine.name()))
                .collect(),
            missing: missing
                .into_iter()
                .filter(|missing| wants(&missing.name))
                .collect(),
        })
    }

    /// What is measured. The binary module is written into `folder` if the user's is text.
    fn program(&self, path: &Path, folder: &Path) -> Result<Program> {
        let bytes = input::read(path)?;
        let is_binary = input::kind(&bytes) == input::Kind::Wasm && path != Path::new("-");
        let wasm = input::module(path, bytes)?;
        let module = match is_binary {
            true => std::path::absolute(path)?,
            false => {
                let module = folder.join("module.wasm");
                std::fs::write(&module, &wasm)?;
                module
            }
        };
        let unread = || format!("cannot read `{}`", path.display());
        let declared = Declared::read(&wasm).with_context(unread)?;
        let entry = match &self.invoke {
            _ if self.filter => Entry::Filter { mix: self.mix()? },
            Some(name) => declared
                .call(name, &self.args)
                .map_err(|error| Usage(format!("`{}`: {error}", path.display())))?,
            None if declared.is_command() => Entry::Command {
                args: self.args.clone(),
            },
            None => {
                return Err(Usage(format!(
                    "`{}` exports no `_start` to run\n\nhint: call an export with `--invoke`, send requests through a filter \
                     with `--filter`",
                    path.display()
                ))
                .into());
            }
        };
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let env = self.env.iter().map(|setting| {
            let pair = setting.split_once('=');
            let pair = pair.ok_or_else(|| Usage(format!("`--env`: `{setting}` has no `=`")));
            pair.map(|(name, value)| (name.to_owned(), value.to_owned()))
        });
        Ok(Program {
            module,
            name: name.into_owned(),
            entry,
            env: env.collect::<Result<_, _>>()?,
            dirs: self.dirs.iter().map(dir).collect::<Result<_>>()?,
            stdin: match &self.stdin {
                Some(path) => Some(std::path::absolute(path)?),
                None => None,
            },
        })
    }
}

impl Options {
    /// The filter in Envoy: in V8, and in our adapter if that is beside this program.
    fn envoy_plan(&self, plan: &session::Plan, folder: &Path) -> Result<Option<EnvoyPlan>> {
        let (Some(program), Entry::Filter { mix }) = (&self.envoy, &plan.program.entry) else {
            return Ok(None);
        };
        let mut hosts = vec![Host::Nothing];
        let adapter = plan.launcher.with_file_name("libahead_envoy.so");
        if adapter.is_file() {
            let artefact = folder.join("filter.so");
            let wasm = std::fs::read(&plan.program.module)?;
            let code = engines::ahead::compile(&wasm, engines::ahead::Variant::Guard)?;
            std::fs::write(&artefact, code)?;
            hosts.push(Host::Ahead { adapter, artefact });
        }
        hosts.push(Host::V8 {
            module: plan.program.module.clone(),
        });
        Ok(Some(EnvoyPlan {
            program: program.clone(),
            mix: mix.clone(),
            hosts,
            rounds: self.rounds,
            time: Duration::try_from_secs_f64(self.seconds)?,
        }))
    }

    fn mix(&self) -> Result<Mix> {
        let Some(path) = &self.mix else {
            return Ok(Mix::default());
        };
        let mix = Mix::parse(&input::read(path)?);
        mix.with_context(|| format!("cannot read `{}`", path.display()))
    }
}

/// Reads `--dir`, whose names must be text: not every engine's command line takes other bytes.
fn dir(text: &OsString) -> Result<Dir> {
    let grant = Grant::parse(text).map_err(|error| Usage(format!("`--dir`: {error}")))?;
    let Ok(guest) = String::from_utf8(grant.guest) else {
        return Err(Usage("`--dir`: a name for the guest that is no text".into()).into());
    };
    Ok(Dir {
        host: std::path::absolute(&grant.host)?,
        guest,
        read_only: grant.access == Access::ReadOnly,
    })
}
