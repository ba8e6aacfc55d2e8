//! Every program under every engine: the project's own (`benches/guests/`) and the corpus's, measured as `ahead bench`
//! measures a user's. `page.rs` makes `docs/benchmarks.md` of it.

use super::progress;
use crate::guests::GUESTS;
use crate::programs::{PRINT_TIMES, RUN, corpus};
use ahead_bench::engines::{self, Missing};
use ahead_bench::machine::Machine;
use ahead_bench::program::{Declared, Entry, Program};
use ahead_bench::session::{Plan, Report, Scope, measure};
use ahead_bench::worker::Repeat;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// All that was measured.
pub struct Done {
    pub machine: Machine,
    pub reports: Vec<Report>,
    /// Programs that could not be built or measured, and why.
    pub left_out: Vec<Missing>,
}

/// What is measured, and when to stop.
pub struct Wanted {
    pub rounds: u32,
    /// Programs whose names have one of these words in them; all if there is none.
    pub names: Vec<String>,
    /// Where reports are kept: a program whose report is there is not measured again, and is on the page.
    pub keep: Option<PathBuf>,
    /// No program is begun after so long. What is missing then comes another time, if reports are kept.
    pub time: Duration,
}

/// Modules above this keep C compilers busy for minutes each.
const BYTES_FOR_C_MAX: u64 = 1 << 20;

/// Measures all programs that are wanted.
pub fn measure_all(wanted: &Wanted) -> Result<Done> {
    let start = Instant::now();
    let machine = Machine::this("ahead-benches");
    let folder = tempfile::tempdir()?;
    let mut done = Done {
        machine: machine.clone(),
        reports: Vec::new(),
        left_out: Vec::new(),
    };
    for (name, program) in programs(folder.path(), &wanted.names, &mut done.left_out) {
        let kept = wanted.keep.as_ref();
        let kept = kept.map(|keep| keep.join(&name).with_extension("json"));
        if let Some(text) = kept.as_ref().and_then(|kept| std::fs::read(kept).ok()) {
            done.reports.push(serde_json::from_slice(&text)?);
            continue;
        }
        if start.elapsed() > wanted.time {
            done.left_out.push(Missing {
                name,
                why: "not measured yet".into(),
            });
            continue;
        }
        progress(&name);
        let own = std::env::current_exe()?;
        let mut found = engines::find(&own, None);
        if std::fs::metadata(&program.module)?.len() > BYTES_FOR_C_MAX {
            found
                .engines
                .retain(|engine| !engine.name().starts_with("wasm2c"));
        }
        let plan = Plan {
            program,
            rounds: wanted.rounds,
            repeat: Repeat {
                seconds: 0.15,
                iterations_min: 2,
                iterations_max: 10_000,
                instances: 10,
            },
            long_iterations_min: 1,
            timeout: Duration::from_secs(600),
            compare_output: !PRINT_TIMES.contains(&&*name),
            scope: Scope::Program,
            launcher: own,
        };
        match measure(
            &plan,
            found.engines,
            found.missing,
            machine.clone(),
            &|doing| progress(doing.what),
        ) {
            Ok(mut report) => {
                report.subject.name = name;
                if let Some(kept) = kept {
                    std::fs::write(kept, serde_json::to_vec(&report)?)?;
                }
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
