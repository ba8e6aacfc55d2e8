//! Runs the measurements and prints what came out beside what is wanted.

use ahead_bench::machine::Machine;
use ahead_bench::{child, engines, worker};
use ahead_benches::report::{self, Suite};
use ahead_benches::{html, page, suites};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str = "\
usage: ahead-benches [--json] [--html FILE] [--keep FOLDER] [--rounds N]
                     [compile|run|start|load|filter|files|operators|envoy|all]...
       ahead-benches programs [--rounds N] [--write FILE] [--keep FOLDER [--minutes N]] [PART OF A NAME]...

  compile  CPU time and peak memory of compiling modules of about 1 MB
  run      time of whole programs, compiled beforehand
  start    exec to exit of a hello
  load     opening a large and a small artefact
  filter   a Proxy-Wasm filter in a proxy of no weight: instances, hostcalls, requests
  files    a gigabyte written and read, files asked about and opened; in TMPDIR
  operators  loops over vectors; tail calls beside loops, handlers beside none, throws
  envoy    filters in the real Envoy, beside its own host; built with the feature `envoy` only, and not part of `all`
  programs every program under every engine that is found; writes a page, `docs/benchmarks.md`. With `--keep` what was
           measured is kept and not measured again, so that it can be done a few minutes at a time; suites that were
           measured with the same `--keep` are on the page as well

Peers are measured only if built with the feature `peers`. Programs come from the corpus that AHEAD_CORPUS names.";

const SUITES: [&str; 7] = [
    "compile",
    "run",
    "start",
    "load",
    "filter",
    "files",
    "operators",
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let words: Vec<_> = std::env::args_os().skip(1).collect();
    match words.split_first() {
        Some((first, rest)) if first == child::COMMAND => return child::launch(rest),
        Some((first, rest)) if first == worker::COMMAND => {
            std::process::exit(engines::ahead::serve(rest)?)
        }
        _ => {}
    }
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|first| first == "programs") {
        return programs(&args[1..]);
    }
    let (mut json, mut html, mut keep) = (false, None, None);
    let (mut rounds, mut wanted) = (None, Vec::new());
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--json" => json = true,
            "--html" => html = Some(rest.next().context("--html needs a file")?),
            "--keep" => keep = Some(Path::new(rest.next().context("--keep needs a folder")?)),
            "--rounds" => rounds = Some(rest.next().map(|count| count.parse()).transpose()?),
            "all" => wanted.extend(SUITES),
            "envoy" => wanted.push("envoy"),
            name => match SUITES.iter().find(|suite| **suite == name) {
                Some(suite) => wanted.push(suite),
                None => bail!("{USAGE}"),
            },
        }
    }
    if wanted.is_empty() {
        bail!("{USAGE}");
    }
    let rounds = rounds.flatten();
    let machine = Machine::this("ahead-benches");
    if !json {
        println!("{machine}");
    }
    let mut done: Vec<Suite> = Vec::new();
    for suite in wanted {
        let suite = match suite {
            "compile" => suites::compile::measure_all(rounds.unwrap_or(3))?,
            "run" => suites::run::measure_all(rounds.unwrap_or(5))?,
            "start" => suites::start::measure_all(rounds.unwrap_or(200))?,
            "load" => suites::load::measure_all()?,
            "files" => suites::files::measure_all(rounds.unwrap_or(5))?,
            "operators" => suites::operators::measure_all(rounds.unwrap_or(10))?,
            "envoy" => measure_envoy(rounds.unwrap_or(5))?,
            _ => suites::filter::measure_all(rounds.unwrap_or(30))?,
        };
        if !json {
            println!("{suite}");
        }
        if let Some(keep) = keep {
            page::keep(keep, &machine, &suite)?;
        }
        done.push(suite);
    }
    if let Some(file) = html {
        std::fs::write(file, html::page(&machine, &done))?;
    }
    if json {
        println!("{:#}", report::json(&machine, &done));
    }
    Ok(())
}

#[cfg(feature = "envoy")]
fn measure_envoy(rounds: usize) -> Result<Suite> {
    suites::envoy::measure_all(rounds)
}

#[cfg(not(feature = "envoy"))]
fn measure_envoy(_: usize) -> Result<Suite> {
    bail!("this was built without the feature `envoy`")
}

/// `programs [--rounds N] [--write FILE] [--keep FOLDER [--minutes N]] [part of a name]...`
fn programs(args: &[String]) -> Result<()> {
    let mut wanted = suites::programs::Wanted {
        rounds: 6,
        names: Vec::new(),
        keep: None,
        time: Duration::MAX,
    };
    let mut output = None;
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut value = || rest.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--rounds" => wanted.rounds = value()?.parse()?,
            "--write" => output = Some(value()?),
            "--keep" => wanted.keep = Some(value()?.into()),
            "--minutes" => wanted.time = Duration::from_secs(60 * value()?.parse::<u64>()?),
            option if option.starts_with('-') => bail!("{USAGE}"),
            name => wanted.names.push(name.to_owned()),
        }
    }
    if let Some(keep) = &wanted.keep {
        std::fs::create_dir_all(keep)?;
    }
    let done = suites::programs::measure_all(&wanted)?;
    let page = page::write(&done, wanted.keep.as_deref())?;
    match output {
        Some(path) => std::fs::write(path, page)?,
        None => print!("{page}"),
    }
    Ok(())
}
