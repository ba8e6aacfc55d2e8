//! One measurement from beginning to end: compile with every engine, see that all give the same results, then measure
//! in interleaved rounds. What comes out is plain data ([`Report`]).
//!
//! The first engine is the reference. It is measured twice in each round, as itself and as its own rival: how far
//! apart the two are is the noise of the machine.

mod curve;
mod outcome;
mod quantity;
mod results;

pub use outcome::{Mismatch, Outcome, agree};
pub use quantity::{Quantity, Unit};
pub use results::{EngineReport, Measured, Report, Subject};

use crate::child::{self, Finished, Step, Usage};
use crate::engines::{Engine, Missing};
use crate::filter::{self, Mix};
use crate::machine::Machine;
use crate::program::{Declared, Entry, Program};
use crate::statistics;
use crate::worker::{self, HOST_CALLS, Record, Repeat, Task};
use crate::{file_cache, fingerprint};
use anyhow::{Context, Result, bail, ensure};
use curve::{curve, middle_curve, repeated};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How to measure.
#[derive(Clone, Debug)]
pub struct Plan {
    pub program: Program,
    pub rounds: u32,
    /// For repeating, of each engine in each round.
    pub repeat: Repeat,
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
    floor_bytes: u64,
}

/// Measures `engines`, the first of which is the reference. `progress` is told what is being done.
pub fn measure(
    plan: &Plan,
    engines: Vec<Box<dyn Engine>>,
    missing: Vec<Missing>,
    machine: Machine,
    progress: &dyn Fn(&str),
) -> Result<Report> {
    let folder = tempfile::tempdir()?;
    let mut session = Session {
        plan,
        floor_bytes: 0,
    };
    let (mut ready, mut failed) = (Vec::new(), Vec::new());
    for (index, engine) in engines.into_iter().enumerate() {
        progress(&format!("{}: compile", engine.name()));
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
        progress(&format!("{name}: is its result the same?"));
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
            None => expected = Some((name, outcome)),
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
            progress(&format!("round {} of {}: {name}", round + 1, plan.rounds));
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

impl Session<'_> {
    fn run(&mut self, step: &Step) -> Result<Finished> {
        let finished = child::run(&self.plan.launcher, step, self.plan.timeout)?;
        self.floor_bytes = self.floor_bytes.max(finished.usage.floor_bytes);
        ensure!(!finished.usage.timed_out, "it did not end in time");
        Ok(finished)
    }

    fn prepare(&mut self, engine: Box<dyn Engine>, folder: PathBuf) -> Result<Ready> {
        let program = &self.plan.program;
        if let Some(why) = engine.refuses(program) {
            bail!(why);
        }
        let output = folder.join("artefact");
        let mut ready = Ready {
            code: program.module.clone(),
            compiled: None,
            engine,
            commands: Vec::new(),
            samples: BTreeMap::new(),
            curves: Vec::new(),
            host_calls: None,
            failure: None,
            folder,
        };
        if let Some(step) = ready.engine.compile(program, &output, &ready.folder)? {
            ready.compiled = Some(self.compile(&step, &output)?);
            ready.commands.push(step.typed());
            ready.code = output;
        }
        Ok(ready)
    }

    fn compile(&mut self, step: &Step, output: &Path) -> Result<Compiled> {
        let finished = self.run(step)?;
        ensure!(
            finished.succeeded(),
            "it cannot compile the module: {}",
            finished.complaint()
        );
        Ok(Compiled {
            usage: finished.usage,
            artefact_bytes: std::fs::metadata(output)?.len(),
        })
    }

    /// One run in a new process: what the program did, what it took.
    fn once(&mut self, ready: &mut Ready) -> Result<(Outcome, Finished, Option<Record>)> {
        let program = &self.plan.program;
        let step = ready.engine.once(program, &ready.code, &ready.folder)?;
        let typed = step.typed();
        if !ready.commands.contains(&typed) {
            ready.commands.push(typed);
        }
        let finished = self.run(&step)?;
        let record = match &step.record {
            // One that left none did not come to the end.
            Some(path) if !path.exists() => {
                bail!("it cannot run the program: {}", finished.complaint())
            }
            Some(path) => Some(worker::record(path)?),
            None => None,
        };
        let outcome = match &program.entry {
            Entry::Command { .. } => Outcome {
                exit: finished.usage.exit,
                stdout: self
                    .plan
                    .compare_output
                    .then(|| (finished.stdout.len(), fingerprint::of(&finished.stdout))),
                values: None,
                memory: None,
                seen: None,
            },
            Entry::Filter { .. } => {
                let record = record.as_ref().context("it cannot run a filter")?;
                let seen = record.seen.clone().context("it saw no requests")?;
                Outcome {
                    exit: None,
                    stdout: None,
                    values: None,
                    memory: None,
                    seen: self.plan.compare_output.then_some(seen),
                }
            }
            Entry::Export { .. } => {
                let record = record.as_ref().context("it cannot call an export")?;
                Outcome {
                    exit: None,
                    stdout: None,
                    values: record.values.clone(),
                    memory: record.memory.clone(),
                    seen: None,
                }
            }
        };
        let usage = finished.usage;
        let mut sample = |quantity, amount: u64| {
            let samples = ready.samples.entry(quantity).or_default();
            samples.push(amount as f64);
        };
        sample(Quantity::OnceWall, usage.wall_ns);
        sample(Quantity::OnceCpu, usage.cpu_ns);
        sample(Quantity::OncePeak, usage.peak_bytes);
        sample(Quantity::OncePageFaults, usage.page_faults);
        Ok((outcome, finished, record))
    }

    fn round(&mut self, ready: &mut Ready, expected: &Outcome) -> Result<()> {
        if self.plan.scope == Scope::Everything {
            self.host_calls(ready)?;
            self.cold(ready)?;
        }
        let program = &self.plan.program;
        if let Some(first) = ready.compiled {
            let is_long = Duration::from_nanos(first.usage.wall_ns) > COMPILE_AGAIN_MAX;
            if is_long && self.plan.scope == Scope::Program {
                if !ready.samples.contains_key(&Quantity::CompileWall) {
                    first.add_to(&mut ready.samples);
                }
            } else {
                let output = ready.folder.join("again");
                let step = ready.engine.compile(program, &output, &ready.folder)?;
                let step = step.context("it compiled before")?;
                self.compile(&step, &output)?.add_to(&mut ready.samples);
            }
        }
        let (outcome, finished, _) = self.once(ready)?;
        if !agree(expected, &outcome) {
            let complaint = finished.complaint();
            let changed = format!("it gave something else than before: {outcome} ({complaint})");
            bail!(Changed(changed));
        }
        let step = ready
            .engine
            .repeat(program, &ready.code, &self.plan.repeat, &ready.folder)?;
        let Some(step) = step else {
            // A program that runs once: that is its iteration, from its start to its end.
            let wall = finished.usage.wall_ns as f64;
            ready.samples.entry(Quantity::First).or_default().push(wall);
            ready
                .samples
                .entry(Quantity::Steady)
                .or_default()
                .push(wall);
            return Ok(());
        };
        let finished = self.run(&step)?;
        let path = step.record.as_ref().context("repeating leaves a record")?;
        let record = worker::record(path).with_context(|| finished.complaint())?;
        self.check_repeated(&record, expected)?;
        for (quantity, amount) in repeated(&record, program.is_command()) {
            ready.samples.entry(quantity).or_default().push(amount);
        }
        ready.curves.push(curve(&record));
        let typed = step.typed();
        if !ready.commands.contains(&typed) {
            ready.commands.push(typed);
        }
        Ok(())
    }

    /// Once more, with the code to be read from the disk. Nothing if it cannot be had out of the cache.
    fn cold(&mut self, ready: &mut Ready) -> Result<()> {
        let file = ready.engine.code_file(&ready.code);
        if !file_cache::forget(&file)? {
            return Ok(());
        }
        let program = &self.plan.program;
        let step = ready.engine.once(program, &ready.code, &ready.folder)?;
        let finished = self.run(&step)?;
        let samples = ready.samples.entry(Quantity::ColdWall).or_default();
        samples.push(finished.usage.wall_ns as f64);
        // All of it is in the cache again, and not only what this run touched.
        std::fs::read(&file)?;
        Ok(())
    }

    fn check_repeated(&self, record: &Record, expected: &Outcome) -> Result<()> {
        let same = Outcome {
            exit: record.exit.or(expected.exit),
            stdout: expected.stdout.clone(),
            values: record.values.clone(),
            memory: record.memory.clone(),
            seen: expected.seen.as_ref().and(record.seen.clone()),
        };
        if !agree(expected, &same) {
            bail!(Changed(format!("repeating gave something else: {same}")));
        }
        if let Some((_, print)) = &expected.stdout
            && record.outputs.iter().any(|output| output != print)
        {
            let hint = "hint: `--ignore-output` measures it all the same";
            let differs = "what the program prints differs from time to time";
            bail!(Changed(format!("{differs}\n\n{hint}")));
        }
        Ok(())
    }

    /// Compiles the module whose calls to the host are measured, for the engines that can tell.
    fn prepare_host_calls(&mut self, engine: &mut Ready) -> Result<()> {
        let folder = engine.folder.join("host-calls");
        std::fs::create_dir_all(&folder)?;
        let module = folder.join("module.wasm");
        let is_filter = self.plan.program.is_filter();
        let text = if is_filter {
            filter::HOST_CALLS
        } else {
            HOST_CALLS
        };
        std::fs::write(&module, wat::parse_str(text)?)?;
        let task = host_call_task(module.clone());
        if !is_filter && engine.engine.task(&task, &folder)?.is_none() {
            return Ok(());
        }
        let output = folder.join("artefact");
        let program = worker::host_calls(&module, 1);
        engine.host_calls = Some(match engine.engine.compile(&program, &output, &folder)? {
            Some(step) => {
                let finished = self.run(&step)?;
                ensure!(finished.succeeded(), finished.complaint());
                output
            }
            None => module,
        });
        Ok(())
    }

    /// What a call to the host costs; the module is the same whatever the program.
    fn host_calls(&mut self, engine: &mut Ready) -> Result<()> {
        let Some(code) = engine.host_calls.clone() else {
            return Ok(());
        };
        let is_filter = self.plan.program.is_filter();
        let (step, calls_each) = match is_filter {
            true => (calling_filter(engine, &code)?, filter::HOST_CALLS_EACH),
            false => {
                let task = host_call_task(code);
                (engine.engine.task(&task, &engine.folder)?, 1.0)
            }
        };
        let step = step.context("it did such a task before")?;
        let finished = self.run(&step)?;
        let record = step.record.as_ref().context("a task leaves a record")?;
        let record = worker::record(record).with_context(|| finished.complaint())?;
        // What is before the last batch warms up.
        let each = record.batches_ns.last().context("no time was taken")?;
        let samples = engine.samples.entry(Quantity::HostCall).or_default();
        samples.push(*each / calls_each);
        Ok(())
    }

    fn report(
        &self,
        ready: Vec<Ready>,
        twin: BTreeMap<Quantity, Vec<f64>>,
        missing: Vec<Missing>,
        failed: Vec<Missing>,
        machine: Machine,
        expected: &Outcome,
    ) -> Result<Report> {
        let program = &self.plan.program;
        let reference = ready[0].samples.clone();
        let noise: BTreeMap<Quantity, f64> = twin
            .iter()
            .filter_map(|(quantity, again)| {
                let once = reference.get(quantity)?;
                Some((*quantity, statistics::noise(once, again)))
            })
            .collect();
        let engines = ready.into_iter().enumerate().map(|(index, engine)| {
            let measured = engine.samples.iter().filter_map(|(quantity, samples)| {
                let noise = noise.get(quantity).copied();
                let noise = noise.unwrap_or(statistics::LEAST_NOISE);
                let compared = (index > 0)
                    .then(|| statistics::compare(reference.get(quantity)?, samples, noise));
                let measured = Measured {
                    interval: statistics::interval(samples)?,
                    outliers: statistics::outliers(samples),
                    compared: compared.flatten(),
                    samples: samples.clone(),
                };
                Some((*quantity, measured))
            });
            EngineReport {
                name: engine.engine.name().to_owned(),
                about: engine.engine.about().to_owned(),
                way: engine.engine.way(),
                measured: measured.collect(),
                curve: middle_curve(&engine.curves),
                commands: engine.commands,
            }
        });
        let wasm = std::fs::read(&program.module)?;
        let iteration = match &program.entry {
            Entry::Filter { .. } => "one request of the mix",
            Entry::Export { .. } => "one call",
            Entry::Command { .. } if Declared::read(&wasm)?.marks_region => {
                "what the program marks"
            }
            Entry::Command { .. } => "making an instance and running it to its end",
        };
        Ok(Report {
            subject: Subject {
                name: program.name.clone(),
                module_bytes: wasm.len(),
                call: call(program),
                iteration: iteration.to_owned(),
                result: expected.to_string(),
            },
            rounds: self.plan.rounds,
            engines: engines.collect(),
            missing,
            failed,
            memory_floor_bytes: self.floor_bytes,
            noise,
            envoy: None,
            machine,
        })
    }
}

fn host_call_task(code: PathBuf) -> Task {
    Task::HostCall {
        code,
        calls: 100_000,
        batches: 4,
    }
}

/// The task that measures calls of a filter to its host.
fn calling_filter(engine: &Ready, code: &Path) -> Result<Option<Step>> {
    let mut mix = Mix::default();
    mix.requests.truncate(1);
    let program = Program {
        entry: Entry::Filter { mix },
        ..worker::host_calls(code, 0)
    };
    let how = Repeat {
        seconds: 0.05,
        iterations_min: 20,
        iterations_max: 100,
        instances: 0,
    };
    engine.engine.repeat(&program, code, &how, &engine.folder)
}

fn call(program: &Program) -> String {
    match &program.entry {
        Entry::Filter { mix } => mix.described(),
        Entry::Command { .. } => program.words().join(" "),
        Entry::Export { name, args, .. } => {
            let args: Vec<_> = args.iter().map(ToString::to_string).collect();
            format!("{name}({})", args.join(", "))
        }
    }
}
