//! One measurement from beginning to end: compile with every engine, see that all give the same results, then measure
//! in interleaved rounds. What comes out is plain data ([`Report`]).
//!
//! The first engine is the reference. It is measured twice in each round, as itself and as its own rival: how far
//! apart the two are is the noise of the machine.

use crate::child::{self, Finished, Step, Usage};
use crate::engines::{Engine, Missing, Way};
use crate::filter::envoy::EnvoyReport;
use crate::filter::{self, Mix};
use crate::machine::Machine;
use crate::program::{Declared, Entry, Program};
use crate::statistics::{self, Comparison, Interval};
use crate::value::Value;
use crate::worker::{self, HOST_CALLS, Record, Repeat, Task};
use crate::{file_cache, fingerprint};
use anyhow::{Context, Result, bail, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
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

/// What is measured of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// Of the process that compiles.
    CompileWall,
    CompileCpu,
    CompilePeak,
    ArtefactSize,
    /// Of a process that runs the program once, from its start to its end.
    OnceWall,
    OnceCpu,
    OncePeak,
    OncePageFaults,
    /// As [`Quantity::OnceWall`], with the engine's code not in the file cache.
    ColdWall,
    /// From code in a file to the end of the first iteration.
    First,
    /// An iteration when all is warm.
    Steady,
    /// CPU time of an iteration, all threads, from the first on.
    SteadyCpu,
    /// Of single calls when all is warm.
    CallMedian,
    CallSlow,
    Instantiate,
    InstanceMemory,
    HostCall,
}

/// How an amount is to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Nanoseconds,
    Bytes,
    Count,
}

impl Quantity {
    pub const ALL: [Quantity; 17] = [
        Quantity::CompileWall,
        Quantity::CompileCpu,
        Quantity::CompilePeak,
        Quantity::ArtefactSize,
        Quantity::OnceWall,
        Quantity::OnceCpu,
        Quantity::OncePeak,
        Quantity::OncePageFaults,
        Quantity::ColdWall,
        Quantity::First,
        Quantity::Steady,
        Quantity::SteadyCpu,
        Quantity::CallMedian,
        Quantity::CallSlow,
        Quantity::Instantiate,
        Quantity::InstanceMemory,
        Quantity::HostCall,
    ];

    /// As a heading.
    pub fn title(self) -> &'static str {
        match self {
            Quantity::CompileWall => "compile",
            Quantity::CompileCpu => "compile CPU",
            Quantity::CompilePeak => "compile memory",
            Quantity::ArtefactSize => "artefact",
            Quantity::OnceWall => "start to end",
            Quantity::OnceCpu => "CPU",
            Quantity::OncePeak => "memory",
            Quantity::OncePageFaults => "page faults",
            Quantity::ColdWall => "cold file cache",
            Quantity::First => "first",
            Quantity::Steady => "steady",
            Quantity::SteadyCpu => "CPU each",
            Quantity::CallMedian => "p50",
            Quantity::CallSlow => "p99",
            Quantity::Instantiate => "instantiate",
            Quantity::InstanceMemory => "instance memory",
            Quantity::HostCall => "host call",
        }
    }

    /// What it is, in a sentence.
    pub fn explained(self) -> &'static str {
        match self {
            Quantity::CompileWall => "wall time of a process that compiles the module",
            Quantity::CompileCpu => "CPU time of a process that compiles the module, all threads",
            Quantity::CompilePeak => "the most that the compiling process had resident",
            Quantity::ArtefactSize => "size of what compiling wrote",
            Quantity::OnceWall => {
                "wall time of a new process that runs the program once, compiled before where the engine can"
            }
            Quantity::OnceCpu => {
                "CPU time of a new process that runs the program once, all threads"
            }
            Quantity::OncePeak => {
                "the most that a new process had resident that runs the program once"
            }
            Quantity::OncePageFaults => "page faults of such a process, all of them",
            Quantity::ColdWall => {
                "start to end where the code was taken out of the file cache before, and the engine was not"
            }
            Quantity::First => "loading (or compiling) and the first iteration, inside a process",
            Quantity::Steady => "an iteration when all is warm: the later half of all",
            Quantity::SteadyCpu => {
                "CPU time per iteration over all of them, compiler threads with it"
            }
            Quantity::CallMedian => "half of the single calls take no longer, of the later half",
            Quantity::CallSlow => "99 of 100 take no longer",
            Quantity::Instantiate => "making one more instance of a module that is loaded",
            Quantity::InstanceMemory => {
                "resident for one more instance, pages that several have in common counted in parts; of a filter, behind \
                 one time through the mix"
            }
            Quantity::HostCall => {
                "one call from guest to host and back; of a filter, asking for a header's value"
            }
        }
    }

    pub fn unit(self) -> Unit {
        match self {
            Quantity::CompilePeak
            | Quantity::ArtefactSize
            | Quantity::OncePeak
            | Quantity::InstanceMemory => Unit::Bytes,
            Quantity::OncePageFaults => Unit::Count,
            _ => Unit::Nanoseconds,
        }
    }

    /// An amount as people read it.
    pub fn write(self, amount: f64) -> String {
        match self.unit() {
            Unit::Count => format!("{amount:.0}"),
            Unit::Bytes if amount >= 1e6 => format!("{:.1} MB", amount / 1e6),
            Unit::Bytes => format!("{:.1} kB", amount / 1e3),
            Unit::Nanoseconds => Quantity::write_time(amount),
        }
    }

    fn write_time(amount: f64) -> String {
        match amount {
            _ if amount >= 1e9 => format!("{:.2} s", amount / 1e9),
            _ if amount >= 1e6 => format!("{:.2} ms", amount / 1e6),
            _ if amount >= 1e3 => format!("{:.2} us", amount / 1e3),
            _ => format!("{amount:.1} ns"),
        }
    }
}

/// All that came out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    pub machine: Machine,
    pub subject: Subject,
    pub rounds: u32,
    /// The first is the reference.
    pub engines: Vec<EngineReport>,
    /// Not on this machine.
    pub missing: Vec<Missing>,
    /// Found, and not able to run the program.
    pub failed: Vec<Missing>,
    /// Peaks at or below this are the launcher's own.
    pub memory_floor_bytes: u64,
    /// What a difference in a quantity must exceed, as a ratio.
    pub noise: BTreeMap<Quantity, f64>,
    /// A filter in a real proxy, if one was given.
    #[serde(default)]
    pub envoy: Option<EnvoyReport>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Subject {
    pub name: String,
    pub module_bytes: usize,
    /// What is called, as one would type it.
    pub call: String,
    /// What an iteration is.
    pub iteration: String,
    /// What every engine gave.
    pub result: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EngineReport {
    pub name: String,
    pub about: String,
    pub way: Way,
    /// The processes that were measured, as one would type them.
    pub commands: Vec<String>,
    pub measured: BTreeMap<Quantity, Measured>,
    /// Time of the n-th iteration, the first being 1 and loading with it; in nanoseconds.
    pub curve: Vec<(u32, f64)>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Measured {
    /// One from each round; nanoseconds or bytes.
    pub samples: Vec<f64>,
    pub interval: Interval,
    pub outliers: usize,
    /// Against the reference; `None` for the reference itself.
    pub compared: Option<Comparison>,
}

/// What a program did, to be the same under every engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub exit: Option<i32>,
    /// Length and fingerprint.
    pub stdout: Option<(usize, String)>,
    pub values: Option<Vec<Value>>,
    /// `None` where the engine cannot tell.
    pub memory: Option<String>,
    /// What became of a filter's requests, in lines.
    pub seen: Option<Vec<String>>,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(seen) = &self.seen {
            let print = fingerprint::of(seen.join("\n").as_bytes());
            let count = seen.len();
            parts.push(format!(
                "headers, bodies and logs in {count} lines ({print})"
            ));
        }
        if let Some(values) = &self.values {
            let values: Vec<_> = values.iter().map(ToString::to_string).collect();
            parts.push(format!("results ({})", values.join(", ")));
        }
        if let Some(memory) = &self.memory {
            parts.push(format!("memory {memory}"));
        }
        if let Some(exit) = self.exit {
            parts.push(format!("exit code {exit}"));
        }
        if let Some((bytes, print)) = &self.stdout {
            parts.push(format!("{bytes} bytes of output ({print})"));
        }
        f.write_str(&parts.join(", "))
    }
}

/// Two engines disagree about what a program does. Then no time of theirs means anything.
#[derive(Debug)]
pub struct Mismatch {
    pub reference: String,
    pub expected: Outcome,
    pub engine: String,
    pub got: Outcome,
    /// The last thing it complained of.
    pub complaint: Option<String>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch {
            reference,
            expected,
            engine,
            got,
            ..
        } = self;
        write!(
            f,
            "`{reference}` and `{engine}` do not give the same: `{reference}` {expected}; `{engine}` {got}"
        )?;
        if let Some((expected, got)) = self.first_difference() {
            write!(f, "\n  {reference}: {expected}\n  {engine}: {got}")?;
        }
        if let Some(complaint) = &self.complaint {
            write!(f, " ({complaint})")?;
        }
        write!(
            f,
            "\n\nhint: nothing was measured. `--without {engine}` leaves that engine out; a program that prints the \
             time or what is random can be measured with `--ignore-output`"
        )
    }
}

impl std::error::Error for Mismatch {}

impl Mismatch {
    /// The first lines of what became of requests that are not the same; they come from a filter, and are not to
    /// reach a terminal as they are.
    fn first_difference(&self) -> Option<(String, String)> {
        let (expected, got) = (self.expected.seen.as_ref()?, self.got.seen.as_ref()?);
        let count = expected.len().max(got.len());
        let at = (0..count).find(|&at| expected.get(at) != got.get(at))?;
        let line = |lines: &[String]| match lines.get(at) {
            Some(line) => line.escape_debug().to_string(),
            None => "nothing more".to_owned(),
        };
        Some((line(expected), line(got)))
    }
}

/// Whether `got` is what the reference did.
pub fn agree(expected: &Outcome, got: &Outcome) -> bool {
    let memory = match (&expected.memory, &got.memory) {
        (Some(expected), Some(got)) => expected == got,
        _ => true,
    };
    memory
        && expected.exit == got.exit
        && expected.stdout == got.stdout
        && expected.values == got.values
        && expected.seen == got.seen
}

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
}

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
            let name = engine.engine.name().to_owned();
            progress(&format!("round {} of {}: {name}", round + 1, plan.rounds));
            let kept = is_twin.then(|| {
                (
                    std::mem::take(&mut engine.samples),
                    std::mem::take(&mut engine.curves),
                )
            });
            session
                .round(engine, &expected)
                .with_context(|| format!("`{name}`, round {}", round + 1))?;
            if let Some((samples, curves)) = kept {
                let of_twin = std::mem::replace(&mut engine.samples, samples);
                engine.curves = curves;
                for (quantity, mut values) in of_twin {
                    twin.entry(quantity).or_default().append(&mut values);
                }
            }
        }
    }
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
        ensure!(
            agree(expected, &outcome),
            "it gave something else than before: {outcome} ({})",
            finished.complaint()
        );
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
        ensure!(
            agree(expected, &same),
            "repeating gave something else: {same}"
        );
        if let Some((_, print)) = &expected.stdout {
            ensure!(
                record.outputs.iter().all(|output| output == print),
                "what the program prints differs from time to time\n\nhint: `--ignore-output` measures it all the same"
            );
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

/// What a record of repeating says of the quantities.
fn repeated(record: &Record, is_command: bool) -> Vec<(Quantity, f64)> {
    let times: Vec<f64> = record.iterations_ns.iter().map(|&ns| ns as f64).collect();
    let warm = &times[times.len() / 2..];
    let mut found = Vec::new();
    let mut add = |quantity, amount: Option<f64>| {
        found.extend(amount.map(|amount| (quantity, amount)));
    };
    add(Quantity::First, curve(record).first().copied());
    let batches = &record.batches_ns;
    let steady = match batches.is_empty() {
        true => statistics::median(warm),
        false => statistics::median(&batches[batches.len() / 2..]),
    };
    add(Quantity::Steady, steady);
    if record.count > 0 {
        let each = record.cpu_ns as f64 / record.count as f64;
        add(Quantity::SteadyCpu, Some(each));
    }
    if !is_command {
        add(Quantity::CallMedian, statistics::median(warm));
        add(Quantity::CallSlow, statistics::quantile(warm, 0.99));
    }
    let instances: Vec<f64> = record.instantiate_ns.iter().map(|&ns| ns as f64).collect();
    let warm = &instances[instances.len() / 2..];
    add(Quantity::Instantiate, statistics::median(warm));
    add(Quantity::InstanceMemory, record.instance_bytes);
    found
}

/// The times of the iterations, where the first has loading and making the instance in it.
fn curve(record: &Record) -> Vec<f64> {
    let mut times: Vec<f64> = record.iterations_ns.iter().map(|&ns| ns as f64).collect();
    let before = record.load_ns.unwrap_or(0) as f64;
    if let Some(first) = times.first_mut() {
        *first += before;
        // An export's call comes behind the making of its instance; a command's iteration has it in it.
        if record.exit.is_none() {
            *first += record.instantiate_ns.first().copied().unwrap_or(0) as f64;
        }
    }
    times
}

/// The middle one of several rounds' curves, at iterations that are evenly spaced on a scale of powers.
fn middle_curve(curves: &[Vec<f64>]) -> Vec<(u32, f64)> {
    let longest = curves.iter().map(Vec::len).max().unwrap_or(0);
    let mut points = Vec::new();
    let mut at = 1usize;
    while at <= longest {
        // From here to the next point: single iterations at first, then ever more of them.
        let next = (at + 1).max((at as f64 * 1.15).round() as usize);
        let values = curves.iter().filter_map(|curve| {
            let end = next.min(curve.len() + 1);
            (at < end)
                .then(|| statistics::median(&curve[at - 1..end - 1]))
                .flatten()
        });
        let values: Vec<f64> = values.collect();
        points.extend(statistics::median(&values).map(|middle| (at as u32, middle)));
        at = next;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &[u8]) -> Outcome {
        Outcome {
            exit: Some(0),
            stdout: Some((text.len(), fingerprint::of(text))),
            values: None,
            memory: None,
            seen: None,
        }
    }

    #[test]
    fn outcomes_agree_or_do_not() {
        assert!(agree(&outcome(b"hello"), &outcome(b"hello")));
        assert!(!agree(&outcome(b"hello"), &outcome(b"hullo")));
        let failed = Outcome {
            exit: Some(1),
            ..outcome(b"hello")
        };
        assert!(!agree(&outcome(b"hello"), &failed));
        let with = |memory: Option<&str>| Outcome {
            memory: memory.map(Into::into),
            ..outcome(b"")
        };
        assert!(
            agree(&with(Some("a")), &with(None)),
            "not every engine tells"
        );
        assert!(!agree(&with(Some("a")), &with(Some("b"))));
    }

    #[test]
    fn curves_begin_with_loading() {
        let record = Record {
            load_ns: Some(100),
            instantiate_ns: vec![10],
            iterations_ns: vec![5, 1, 1],
            ..Record::default()
        };
        assert_eq!(curve(&record), [115.0, 1.0, 1.0]);
        let command = Record {
            exit: Some(0),
            ..record
        };
        assert_eq!(curve(&command), [105.0, 1.0, 1.0]);
    }

    #[test]
    fn curves_are_thinned_by_powers() {
        let long: Vec<f64> = (0..10_000).map(|_| 1.0).collect();
        let points = middle_curve(&[long.clone(), long[..9].to_vec()]);
        assert_eq!(points[..3], [(1, 1.0), (2, 1.0), (3, 1.0)]);
        assert!(points.len() < 80 && points.last().unwrap().0 > 8_000);
    }
}
