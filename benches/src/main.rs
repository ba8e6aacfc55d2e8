//! Runs the measurements and prints what came out beside what is wanted.

use ahead_benches::machine::Machine;
use ahead_benches::report::{self, Suite};
use ahead_benches::{html, suites, worker};
use anyhow::{Context, Result, bail};
use std::process::ExitCode;

const USAGE: &str = "\
usage: ahead-benches [--json] [--html FILE] [--rounds N]
                     [compile|run|start|load|filter|files|operators|envoy|all]...

  compile  CPU time and peak memory of compiling modules of about 1 MB
  run      time of whole programs, compiled beforehand
  start    exec to exit of a hello
  load     opening a large and a small artefact
  filter   a Proxy-Wasm filter in a proxy of no weight: instances, hostcalls, requests
  files    a gigabyte written and read, files asked about and opened; in TMPDIR
  operators  loops over vectors; tail calls beside loops, handlers beside none, throws
  envoy    filters in the real Envoy, beside its own host; built with the feature `envoy` only, and not part of `all`

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
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args.first().is_some_and(|first| first == worker::COMMAND) {
        return worker::serve(&args[1..]);
    }
    let (mut json, mut html, mut rounds, mut wanted) = (false, None, None, Vec::new());
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--json" => json = true,
            "--html" => html = Some(rest.next().context("--html needs a file")?),
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
    let machine = Machine::this();
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
