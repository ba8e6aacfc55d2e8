//! Every program under every engine: the project's own (`benches/guests/`) and the corpus's, measured as `ahead bench`
//! measures a user's. What comes out is `docs/benchmarks.md`: all programs, those where we lose first.

use super::progress;
use crate::guests::GUESTS;
use crate::programs::{RUN, corpus};
use ahead_bench::engines::{self, Missing};
use ahead_bench::machine::Machine;
use ahead_bench::program::{Declared, Entry, Program};
use ahead_bench::session::{Plan, Quantity, Report, measure};
use ahead_bench::statistics::{Verdict, geometric_mean};
use ahead_bench::worker::Repeat;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

/// All that was measured.
pub struct Done {
    pub machine: Machine,
    pub reports: Vec<Report>,
    /// Programs that could not be built or measured, and why.
    pub left_out: Vec<Missing>,
}

/// Measures all programs whose names have one of the `wanted` words in them; all if there is none.
pub fn measure_all(rounds: u32, wanted: &[String]) -> Result<Done> {
    let machine = Machine::this("ahead-benches");
    let folder = tempfile::tempdir()?;
    let mut done = Done {
        machine: machine.clone(),
        reports: Vec::new(),
        left_out: Vec::new(),
    };
    for (name, program) in programs(folder.path(), wanted, &mut done.left_out) {
        progress(&name);
        let own = std::env::current_exe()?;
        let found = engines::find(&own, None);
        let plan = Plan {
            program,
            rounds,
            repeat: Repeat {
                seconds: 0.3,
                iterations_min: 3,
                iterations_max: 10_000,
                instances: 10,
            },
            timeout: Duration::from_secs(600),
            compare_output: true,
            launcher: own,
        };
        match measure(
            &plan,
            found.engines,
            found.missing,
            machine.clone(),
            &|what| progress(what),
        ) {
            Ok(mut report) => {
                report.subject.name = name;
                done.reports.push(report);
            }
            // One that no two engines agree on is told, and the others are measured.
            Err(error) => {
                let why = format!("{error:#}");
                let why = why.lines().next().unwrap_or_default().to_owned();
                done.left_out.push(Missing { name, why });
            }
        }
    }
    Ok(done)
}

fn programs(
    folder: &Path,
    wanted: &[String],
    left_out: &mut Vec<Missing>,
) -> Vec<(String, Program)> {
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(&**part));
    let mut programs = Vec::new();
    for guest in GUESTS.iter().filter(|guest| is_wanted(guest.name)) {
        progress(&format!("build {}", guest.name));
        let module = folder.join(format!("{}.wasm", guest.name));
        let entry = guest.build(&module).and_then(|()| match guest.call {
            None => Ok(Entry::Command { args: Vec::new() }),
            Some((export, args)) => {
                let args: Vec<String> = args.iter().map(|arg| (*arg).to_owned()).collect();
                Declared::read(&std::fs::read(&module)?)?.call(export, &args)
            }
        });
        match entry {
            Ok(entry) => programs.push((guest.name.to_owned(), program(&module, entry))),
            Err(error) => left_out.push(Missing {
                name: guest.name.to_owned(),
                why: format!("{error}")
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            }),
        }
    }
    for known in RUN.iter().filter(|known| is_wanted(known.name)) {
        let args = known.args.iter().map(|arg| (*arg).to_owned()).collect();
        match corpus() {
            Ok(corpus) => programs.push((
                known.name.to_owned(),
                program(&corpus.join(known.module), Entry::Command { args }),
            )),
            Err(error) => left_out.push(Missing {
                name: known.name.to_owned(),
                why: format!("{error}")
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            }),
        }
    }
    programs
}

fn program(module: &Path, entry: Entry) -> Program {
    let name = module.file_name().unwrap_or_default().to_string_lossy();
    Program {
        module: module.to_owned(),
        name: name.into_owned(),
        entry,
        env: Vec::new(),
        dirs: Vec::new(),
        stdin: None,
    }
}

/// What is tabulated, with a sentence on each.
const TABLES: [(Quantity, &str); 4] = [
    (Quantity::Steady, "Running: an iteration when all is warm"),
    (
        Quantity::First,
        "The first iteration, with loading or compiling",
    ),
    (
        Quantity::OnceWall,
        "A new process that runs the program once",
    ),
    (Quantity::CompileCpu, "CPU time of compiling ahead of time"),
];

/// The page, for the book.
pub fn page(done: &Done) -> Result<String> {
    let mut page = String::from("# Benchmarks\n\n");
    let machine = &done.machine;
    writeln!(
        page,
        "Time of each engine over that of `ahead`, by program: above 1, the engine takes longer; below 1, `ahead` does. \
         `=` is a\ntie: no more than the machine's noise. [What is fair](benchmarking.md), and what the words mean.\n\n\
         By `{}`, built at {}, on {}, {} cores, {}.\nNot edited by hand.\n",
        machine.command, machine.commit, machine.cpu, machine.cores, machine.system
    )?;
    let mut names: Vec<&str> = Vec::new();
    for engine in done.reports.iter().flat_map(|report| &report.engines[1..]) {
        if !names.contains(&&*engine.name) {
            names.push(&engine.name);
        }
    }
    for (quantity, title) in TABLES {
        table(&mut page, done, &names, quantity, title)?;
    }
    writeln!(page, "## Engines\n")?;
    let first = done.reports.first().context("nothing was measured")?;
    for engine in &first.engines {
        writeln!(page, "- `{}`: {}", engine.name, engine.about)?;
    }
    let missing: BTreeSet<_> = first
        .missing
        .iter()
        .map(|one| (&one.name, &one.why))
        .collect();
    for (name, why) in missing {
        writeln!(page, "- `{name}` is missing: {why}")?;
    }
    writeln!(page, "\n## Left out\n")?;
    for report in &done.reports {
        for failed in &report.failed {
            writeln!(
                page,
                "- {} under `{}`: {}",
                report.subject.name,
                failed.name,
                one_line(&failed.why)
            )?;
        }
    }
    for program in &done.left_out {
        writeln!(page, "- {}: {}", program.name, one_line(&program.why))?;
    }
    Ok(page)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn table(
    page: &mut String,
    done: &Done,
    names: &[&str],
    quantity: Quantity,
    title: &str,
) -> Result<()> {
    let ratio = |report: &Report, name: &str| {
        let engine = report.engines.iter().find(|engine| engine.name == *name)?;
        let compared = engine.measured.get(&quantity)?.compared?;
        Some((compared.ratio.middle, compared.verdict))
    };
    let names: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| {
            done.reports
                .iter()
                .any(|report| ratio(report, name).is_some())
        })
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    writeln!(page, "## {title}\n\n| | ahead | {} |", names.join(" | "))?;
    writeln!(page, "|---|---|{}", "---|".repeat(names.len()))?;
    // Where the best of the others leaves us furthest behind comes first.
    let mut reports: Vec<_> = done.reports.iter().collect();
    let best = |report: &Report| {
        let ratios = names.iter().filter_map(|name| ratio(report, name));
        ratios.map(|ratio| ratio.0).fold(f64::MAX, f64::min)
    };
    reports.sort_by(|one, other| best(one).total_cmp(&best(other)));
    for report in reports {
        let ours = report.engines[0].measured.get(&quantity);
        let ours = ours.map_or("-".into(), |ours| quantity.write(ours.interval.middle));
        let cells: Vec<String> = names
            .iter()
            .map(|name| match ratio(report, name) {
                Some((ratio, Verdict::Tie)) => format!("= {ratio:.2}"),
                Some((ratio, Verdict::Open)) => format!("{ratio:.2}?"),
                Some((ratio, _)) => format!("{ratio:.2}"),
                None => "-".into(),
            })
            .collect();
        writeln!(
            page,
            "| {} | {ours} | {} |",
            report.subject.name,
            cells.join(" | ")
        )?;
    }
    let means = names.iter().map(|name| {
        let ratios = done.reports.iter().filter_map(|report| ratio(report, name));
        let ratios: Vec<f64> = ratios.map(|ratio| ratio.0).collect();
        geometric_mean(&ratios).map_or("-".into(), |mean| format!("**{mean:.2}**"))
    });
    let means: Vec<_> = means.collect();
    writeln!(page, "| **geometric mean** | | {} |\n", means.join(" | "))?;
    Ok(())
}
