//! What an engine does in a process of its own, and what it leaves behind: [`Task`] goes in as a file of JSON,
//! [`Record`] comes out as one.
//!
//! [`serve`] is the child's side for engines that are Rust crates, given to it as an [`Embedded`]. The drivers of
//! other engines (`engines/node.mjs`, `engines/wasm2c.c`) do the same, and measure in the same places.

use crate::child::{Step, peak_resident_bytes};
use crate::filter::{self, LoadedFilter, Mix};
use crate::fingerprint;
use crate::program::{Entry, Program};
use crate::value::Value;
use anyhow::{Context, Result, bail, ensure};
use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The word that makes a program of ours a worker.
pub const COMMAND: &str = "bench-worker";

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Compile `module` to `output`.
    Compile { module: PathBuf, output: PathBuf },
    /// Run the program once with the process's own streams.
    Once { code: PathBuf, program: Program },
    /// Run it again and again in one process.
    Repeat {
        code: PathBuf,
        program: Program,
        how: Repeat,
        /// Where the program's output goes, emptied before each time.
        stdout: PathBuf,
    },
    /// Open the artefact so many times.
    Open { code: PathBuf, times: u32 },
    /// Let the guest call a function of the host so many times, in batches: the module is [`HOST_CALLS`].
    HostCall {
        code: PathBuf,
        calls: u32,
        batches: u32,
    },
}

/// How often to repeat.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Repeat {
    /// Stop after so long, but not before `iterations_min`.
    pub seconds: f64,
    pub iterations_min: u32,
    pub iterations_max: u32,
    /// How many instances to make for the time of making one.
    pub instances: u32,
}

/// What a worker found out. Times are of the wall clock, in nanoseconds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// From code in a file to a module that can be instantiated; compiling it, where that happens then.
    pub load_ns: Option<u64>,
    /// Making one instance, each time it was done.
    pub instantiate_ns: Vec<u64>,
    /// Each iteration, from the first. Of a command: making the instance and running it to its end, or what the
    /// program marks. Of an export: one call.
    pub iterations_ns: Vec<u64>,
    /// Per iteration, in batches that are long beside the clock's own time; only of exports and host calls.
    pub batches_ns: Vec<f64>,
    /// CPU time of the process over all iterations and batches, and how many iterations that were.
    pub cpu_ns: u64,
    pub count: u64,
    /// CPU time of the process until now.
    pub process_cpu_ns: u64,
    pub peak_bytes: u64,
    pub exit: Option<i32>,
    pub values: Option<Vec<Value>>,
    /// Fingerprint of the exported memory `memory` behind the first call.
    pub memory: Option<String>,
    /// Fingerprints of the output of a command, one if all were the same.
    pub outputs: Vec<String>,
    /// What became of a filter's first requests, in lines.
    pub seen: Option<Vec<String>>,
    /// Memory of one more instance: the process's share of what is resident.
    pub instance_bytes: Option<f64>,
}

/// An engine that is a crate: it lives in this process.
pub trait Embedded {
    /// Makes the native artefact for this machine.
    fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>>;

    /// A module out of a file: of an artefact, or of the module itself where the engine compiles when it runs.
    fn load(&self, code: &Path, program: &Program) -> Result<Box<dyn Loaded>>;

    /// The same of a filter, with a mix of requests for it.
    fn filter(&self, code: &Path, mix: &Mix) -> Result<Box<dyn LoadedFilter>>;
}

pub trait Loaded {
    /// An instance that is given what the program is to have, with the process's streams. Defines `start` and `end`
    /// of module `bench`, and `call` of module `host`, which gives back what it is given.
    fn instantiate(&self) -> Result<Box<dyn Instance + '_>>;
}

pub trait Instance {
    /// Runs a command to its exit code.
    fn start(&mut self) -> Result<i32>;

    /// Makes ready to call an export; a reactor is initialised.
    fn prepare(&mut self, export: &str, args: &[Value]) -> Result<()>;

    /// Calls what was prepared.
    fn call(&mut self) -> Result<()>;

    /// What the last call gave.
    fn results(&self) -> Result<Vec<Value>>;

    fn memory(&self) -> Option<&[u8]>;

    /// The time between the guest's last calls of `start` and `end`.
    fn region(&self) -> Option<Duration>;
}

/// A guest that does nothing but call the host: `run` makes as many calls as it is told.
pub const HOST_CALLS: &str = r#"(module
  (import "host" "call" (func $call (param i32) (result i32)))
  (func (export "run") (param $count i32) (result i32) (local $sum i32)
    (loop $again
      (local.set $sum (i32.add (local.get $sum) (call $call (local.get $count))))
      (br_if $again (local.tee $count (i32.sub (local.get $count) (i32.const 1)))))
    (local.get $sum)))"#;

/// The program around [`HOST_CALLS`].
pub fn host_calls(module: &Path, calls: u32) -> Program {
    Program {
        module: module.to_owned(),
        name: "host-calls".into(),
        entry: Entry::Export {
            name: "run".into(),
            args: vec![Value {
                ty: crate::value::Type::I32,
                bits: calls.into(),
            }],
            results: vec![crate::value::Type::I32],
        },
        env: Vec::new(),
        dirs: Vec::new(),
        stdin: None,
    }
}

/// A program that serves tasks: the words before the task's file.
#[derive(Clone, Debug)]
pub struct Worker {
    pub program: PathBuf,
    pub words: Vec<OsString>,
}

impl Worker {
    /// The process that does `task`. Its files are in `folder`.
    pub fn step(&self, task: &Task, folder: &Path) -> Result<Step> {
        let (input, record) = (folder.join("task.json"), folder.join("record.json"));
        std::fs::write(&input, serde_json::to_vec(task)?)?;
        if record.exists() {
            std::fs::remove_file(&record)?;
        }
        let mut command = Command::new(&self.program);
        command.args(&self.words).arg(&input).arg(&record);
        let stdin = match task {
            Task::Once { program, .. } => program.stdin.clone(),
            _ => None,
        };
        Ok(Step {
            command,
            stdin,
            record: Some(record),
        })
    }
}

/// Reads the record that a step left.
pub fn record(path: &Path) -> Result<Record> {
    let bytes = std::fs::read(path).context("it left no record")?;
    serde_json::from_slice(&bytes).context("its record cannot be read")
}

/// The child's side. Ends the process with the program's exit code after [`Task::Once`], as the program would.
pub fn serve(engine: &dyn Embedded, task: &Path, output: &Path) -> Result<Record> {
    let task: Task = serde_json::from_slice(&std::fs::read(task)?)?;
    let mut record = Record::default();
    match &task {
        Task::Compile { module, output } => {
            let wasm = std::fs::read(module)?;
            let start = Instant::now();
            let artefact = engine.compile(&wasm)?;
            record.load_ns = Some(nanoseconds(start.elapsed()));
            std::fs::write(output, artefact)?;
        }
        Task::Once { code, program } => once(engine, code, program, &mut record)?,
        Task::Repeat {
            code,
            program,
            how,
            stdout,
        } => repeat(engine, code, program, how, stdout, &mut record)?,
        Task::Open { code, times } => {
            let program = host_calls(code, 0);
            for _ in 0..*times {
                let start = Instant::now();
                engine.load(code, &program)?;
                record.iterations_ns.push(nanoseconds(start.elapsed()));
            }
        }
        Task::HostCall {
            code,
            calls,
            batches,
        } => {
            let loaded = engine.load(code, &host_calls(code, *calls))?;
            let mut instance = loaded.instantiate()?;
            let Entry::Export { name, args, .. } = host_calls(code, *calls).entry else {
                bail!("no export to call");
            };
            instance.prepare(&name, &args)?;
            for _ in 0..*batches {
                let start = Instant::now();
                instance.call()?;
                let each = nanoseconds(start.elapsed()) as f64 / f64::from(*calls);
                record.batches_ns.push(each);
            }
            record.values = Some(instance.results()?);
        }
    }
    record.process_cpu_ns = cpu_ns();
    record.peak_bytes = peak_resident_bytes()?;
    std::fs::write(output, serde_json::to_vec(&record)?)?;
    Ok(record)
}

fn load(
    engine: &dyn Embedded,
    code: &Path,
    program: &Program,
    record: &mut Record,
) -> Result<Box<dyn Loaded>> {
    let start = Instant::now();
    let loaded = engine.load(code, program)?;
    record.load_ns = Some(nanoseconds(start.elapsed()));
    Ok(loaded)
}

fn once(engine: &dyn Embedded, code: &Path, program: &Program, record: &mut Record) -> Result<()> {
    if let Entry::Filter { mix } = &program.entry {
        return filter::task::once(engine, code, mix, record);
    }
    let loaded = load(engine, code, program, record)?;
    match &program.entry {
        Entry::Filter { .. } => {}
        Entry::Command { .. } => {
            let (exit, ..) = iteration(&*loaded, record)?;
            record.exit = Some(exit);
        }
        Entry::Export { name, args, .. } => {
            let mut instance = instance(&*loaded, record)?;
            instance.prepare(name, args)?;
            let start = Instant::now();
            instance.call()?;
            record.iterations_ns.push(nanoseconds(start.elapsed()));
            record.values = Some(instance.results()?);
            record.memory = instance.memory().map(fingerprint::of);
        }
    }
    Ok(())
}

fn instance<'a>(loaded: &'a dyn Loaded, record: &mut Record) -> Result<Box<dyn Instance + 'a>> {
    let start = Instant::now();
    let instance = loaded.instantiate()?;
    record.instantiate_ns.push(nanoseconds(start.elapsed()));
    Ok(instance)
}

/// One run of a command: its exit code.
fn iteration(loaded: &dyn Loaded, record: &mut Record) -> Result<(i32, u64)> {
    let start = Instant::now();
    let mut instance = instance(loaded, record)?;
    let exit = instance.start()?;
    let whole = start.elapsed();
    let time = nanoseconds(instance.region().unwrap_or(whole));
    record.iterations_ns.push(time);
    Ok((exit, time))
}

fn repeat(
    engine: &dyn Embedded,
    code: &Path,
    program: &Program,
    how: &Repeat,
    stdout: &Path,
    record: &mut Record,
) -> Result<()> {
    if let Entry::Filter { mix } = &program.entry {
        return filter::task::repeat(engine, code, mix, how, record);
    }
    let loaded = load(engine, code, program, record)?;
    let cpu = cpu_ns();
    let start = Instant::now();
    let is_over = |count: usize| {
        count >= how.iterations_max as usize
            || count >= how.iterations_min as usize && start.elapsed().as_secs_f64() >= how.seconds
    };
    match &program.entry {
        Entry::Filter { .. } => {}
        Entry::Command { .. } => {
            while !is_over(record.iterations_ns.len()) {
                streams(program, stdout)?;
                let (exit, _) = iteration(&*loaded, record)?;
                ensure!(
                    record.exit.is_none_or(|first| first == exit),
                    "the program ended with exit code {exit}, and with another one before"
                );
                record.exit = Some(exit);
                let output = fingerprint::of(&std::fs::read(stdout)?);
                if !record.outputs.contains(&output) {
                    record.outputs.push(output);
                }
            }
            record.count = record.iterations_ns.len() as u64;
        }
        Entry::Export { name, args, .. } => {
            streams(program, stdout)?;
            let mut instance = instance(&*loaded, record)?;
            instance.prepare(name, args)?;
            // Half of the time call by call, from the first call on; then in batches, without the clock between.
            let half = how.seconds / 2.0;
            while !is_over(record.iterations_ns.len())
                && (record.iterations_ns.len() < how.iterations_min as usize
                    || start.elapsed().as_secs_f64() < half)
            {
                let start = Instant::now();
                instance.call()?;
                record.iterations_ns.push(nanoseconds(start.elapsed()));
                if record.values.is_none() {
                    record.values = Some(instance.results()?);
                    record.memory = instance.memory().map(fingerprint::of);
                }
            }
            record.count = record.iterations_ns.len() as u64;
            let size = batch(&record.iterations_ns);
            while record.batches_ns.is_empty()
                || record.batches_ns.len() < BATCHES_MAX
                    && start.elapsed().as_secs_f64() < how.seconds
            {
                let start = Instant::now();
                for _ in 0..size {
                    instance.call()?;
                }
                let each = nanoseconds(start.elapsed()) as f64 / size as f64;
                record.batches_ns.push(each);
                record.count += size;
            }
        }
    }
    record.cpu_ns = cpu_ns() - cpu;
    let before = proportional_bytes();
    let mut alive = Vec::new();
    for _ in 0..how.instances {
        alive.push(instance(&*loaded, record)?);
    }
    record.instance_bytes = bytes_each(before, how.instances);
    Ok(())
}

/// What has become resident since it was `before`, divided among so many.
pub(crate) fn bytes_each(before: Option<u64>, count: u32) -> Option<f64> {
    let (before, now) = before.zip(proportional_bytes())?;
    (count > 0).then(|| now.saturating_sub(before) as f64 / f64::from(count))
}

/// What this process has resident, pages that are mapped more than once counted in parts; `None` if the kernel does
/// not tell.
pub(crate) fn proportional_bytes() -> Option<u64> {
    let rollup = std::fs::read_to_string("/proc/self/smaps_rollup").ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kilobytes * 1024)
}

pub(crate) const BATCHES_MAX: usize = 1000;

/// How many calls make a batch of about a millisecond, going by the last of the calls.
fn batch(calls_ns: &[u64]) -> u64 {
    let mut last: Vec<_> = calls_ns[calls_ns.len() / 2..].to_vec();
    last.sort_unstable();
    let typical = last.get(last.len() / 2).copied().unwrap_or(1).max(1);
    (1_000_000 / typical).clamp(1, 1_000_000)
}

/// Points the process's own streams at the program's input, from its beginning, and at `stdout`, emptied.
fn streams(program: &Program, stdout: &Path) -> Result<()> {
    let null = Path::new("/dev/null");
    let input = program.stdin.as_deref().unwrap_or(null);
    let input = File::open(input).with_context(|| format!("cannot open `{}`", input.display()))?;
    rustix::stdio::dup2_stdin(&input)?;
    rustix::stdio::dup2_stdout(&File::create(stdout)?)?;
    Ok(())
}

pub(crate) fn cpu_ns() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}

pub(crate) fn nanoseconds(time: Duration) -> u64 {
    time.as_nanos() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_are_about_a_millisecond() {
        assert_eq!(batch(&[5_000_000, 1_000, 1_000, 1_000]), 1_000);
        assert_eq!(batch(&[5_000_000]), 1);
        assert_eq!(batch(&[0, 0]), 1_000_000);
    }

    #[test]
    fn tasks_and_records_come_back() {
        let task = Task::HostCall {
            code: "x".into(),
            calls: 3,
            batches: 2,
        };
        let text = serde_json::to_string(&task).unwrap();
        assert_eq!(text, r#"{"host-call":{"code":"x","calls":3,"batches":2}}"#);
        // Drivers in other languages leave out what they do not know.
        let record: Record =
            serde_json::from_str(r#"{"iterations_ns":[1],"values":["i32:0x2"]}"#).unwrap();
        assert_eq!(record.iterations_ns, [1]);
        assert_eq!(record.values.unwrap()[0].to_string(), "2");
    }
}
