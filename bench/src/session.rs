//! One measurement from beginning to end: compile with every engine, see that all give the same results, then measure
//! in interleaved rounds. What comes out is plain data ([`Report`]).
//!
//! The first engine is the reference. It is measured twice in each round, as itself and as its own rival: how far
//! apart the two are is the noise of the machine.

mod conclusion;
mod curve;
mod outcome;
mod quantity;
mod results;
mod steps;

pub use outcome::{Mismatch, Outcome, agree};
pub use quantity::{Quantity, Unit};
pub use results::{EngineReport, Measured, Report, Subject};

use crate::child::Usage;
use crate::engines::{Engine, Missing};
use crate::machine::Machine;
use crate::program::Program;
use crate::worker::Repeat;
use anyhow::{Context, Result, bail};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// What is about to be done.
#[derive(Clone, Copy, Debug)]
pub struct Doing<'a> {
    pub what: &'a str,
    /// How many turns of engines are over, and of how many. `None` while engines are made ready.
    pub turns: Option<(usize, usize)>,
}

/// How to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    pub program: Program,
    pub rounds: u32,
    /// For repeating, of each engine in each round.
    pub repeat: Repeat,
    /// In place of `repeat.iterations_min`, if running the program once takes longer than `repeat.seconds`: what a
    /// compiler in the background does is over by then.
    pub long_iterations_min: u32,
    /// How long a process may take.
    pub timeout: Duration,
    /// Whether all must print the same; not so if a program prints the time.
    pub compare_output: bool,
    pub scope: Scope,
    /// Which program of ours launches processes.
    pub launcher: PathBuf,
}

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Everything,
    /// What tells programs apart, where many are measured: no calls of the host, no cold file cache, and compiling
    /// again in each round only if it does not take longer than [`COMPILE_AGAIN_MAX`].
    Program,
}

/// What takes longer to compile is compiled once in a measurement of many programs.
const COMPILE_AGAIN_MAX: Duration = Duration::from_millis(500);

/// An engine with its program compiled.
struct Ready {
    engine: Box<dyn Engine>,
    /// The artefact, or the module itself.
    code: PathBuf,
    /// What compiling took, if it compiles before.
    compiled: Option<Compiled>,
    /// Its own files.
    folder: PathBuf,
    commands: Vec<String>,
    samples: BTreeMap<Quantity, Vec<f64>>,
    curves: Vec<Vec<f64>>,
    /// The code of the module that calls the host, where the engine can run it.
    host_calls: Option<PathBuf>,
    /// Why it is not measured any more.
    failure: Option<String>,
}

/// An engine that gave something else than before: then no time means anything.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Changed(String);

/// An artefact's making.
#[derive(Clone, Copy)]
struct Compiled {
    usage: Usage,
    artefact_bytes: u64,
}

impl Compiled {
    fn add_to(self, samples: &mut BTreeMap<Quantity, Vec<f64>>) {
        for (quantity, amount) in [
            (Quantity::CompileWall, self.usage.wall_ns),
            (Quantity::CompileCpu, self.usage.cpu_ns),
            (Quantity::CompilePeak, self.usage.peak_bytes),
            (Quantity::ArtefactSize, self.artefact_bytes),
        ] {
            samples.entry(quantity).or_default().push(amount as f64);
        }
    }
}

struct Session<'a> {
    plan: &'a Plan,
    /// The plan's, fitted to how long the program takes.
    repeat: Repeat,
    floor_bytes: u64,
}

/// Measures `engines`, the first of which is the reference. `progress` is told what is being done.
pub fn measure(
    plan: &Plan,
    engines: Vec<Box<dyn Engine>>,
    missing: Vec<Missing>,
    machine: Machine,
    progress: &dyn Fn(Doing<'_>),
) -> Result<Report> {
    let prepares = |what: &str| progress(Doing { what, turns: None });
    let folder = tempfile::tempdir()?;
    let mut session = Session {
        plan,
        repeat: plan.repeat,
        floor_bytes: 0,
    };
    let (mut ready, mut failed) = (Vec::new(), Vec::new());
    for (index, engine) in engines.into_iter().enumerate() {
        prepares(&format!("{}: compile", engine.name()));
        let name = engine.name().to_owned();
        let folder = folder.path().join(&name);
        std::fs::create_dir_all(&folder)?;
        match session.prepare(engine, folder) {
            Ok(engine) => ready.push(engine),
            Err(error) if index == 0 => return Err(error.context(format!("`{name}`"))),
            Err(error) => failed.push(Missing {
                name,
                why: format!("{error:#}"),
            }),
        }
    }

    let mut expected: Option<(String, Outcome)> = None;
    let mut agreeing = Vec::new();
    for mut engine in ready {
        let name = engine.engine.name().to_owned();
        prepares(&format!("{name}: is its result the same?"));
        let (outcome, finished, _) = match session.once(&mut engine) {
            Ok(done) => done,
            Err(error) if expected.is_none() => return Err(error.context(format!("`{name}`"))),
            Err(error) => {
                failed.push(Missing {
                    name,
                    why: format!("{error:#}"),
                });
                continue;
            }
        };
        match &expected {
            None => {
                session.fit(Duration::from_nanos(finished.usage.wall_ns));
                expected = Some((name, outcome));
            }
            Some((reference, expected)) if !agree(expected, &outcome) => {
                bail!(Mismatch {
                    reference: reference.clone(),
                    expected: expected.clone(),
                    engine: name,
                    complaint: (!finished.stderr.is_empty()).then(|| finished.complaint()),
                    got: outcome,
                });
            }
            Some(_) => {}
        }
        engine.samples.clear();
        agreeing.push(engine);
    }
    let mut ready = agreeing;
    let (_, expected) = expected.context("no engine to measure")?;

    let calls_host = plan.scope == Scope::Everything;
    for engine in ready.iter_mut().filter(|_| calls_host) {
        let name = engine.engine.name().to_owned();
        session
            .prepare_host_calls(engine)
            .with_context(|| format!("`{name}`: a module that calls the host"))?;
    }
    let mut twin: BTreeMap<Quantity, Vec<f64>> = BTreeMap::new();
    let count = ready.len() + 1;
    for round in 0..plan.rounds as usize {
        for turn in 0..count {
            // Each round begins with another engine; the last place is the reference's second one.
            let place = (round + turn) % count;
            let is_twin = place == ready.len();
            let engine = &mut ready[if is_twin { 0 } else { place }];
            if engine.failure.is_some() {
                continue;
            }
            let name = engine.engine.name().to_owned();
            progress(Doing {
                what: &format!("round {} of {}: {name}", round + 1, plan.rounds),
                turns: Some((round * count + turn, plan.rounds as usize * count)),
            });
            let kept = is_twin.then(|| {
                (
                    std::mem::take(&mut engine.samples),
                    std::mem::take(&mut engine.curves),
                )
            });
            match session.round(engine, &expected) {
                Ok(()) => {}
                // One that cannot go on spoils nothing of the others; one that errs does.
                Err(error) if place > 0 && !is_twin && !error.is::<Changed>() => {
                    engine.failure = Some(format!("in round {}: {error:#}", round + 1));
                }
                Err(error) => return Err(error.context(format!("`{name}`, round {}", round + 1))),
            }
            if let Some((samples, curves)) = kept {
                let of_twin = std::mem::replace(&mut engine.samples, samples);
                engine.curves = curves;
                for (quantity, mut values) in of_twin {
                    twin.entry(quantity).or_default().append(&mut values);
                }
            }
        }
    }
    failed.extend(ready.iter().filter_map(|engine| {
        Some(Missing {
            name: engine.engine.name().to_owned(),
            why: engine.failure.clone()?,
        })
    }));
    ready.retain(|engine| engine.failure.is_none());
    session.report(ready, twin, missing, failed, machine, &expected)
}
