//! The single steps of a session: what an engine does in a process of its own, and what is made of the record that it
//! leaves.

use super::curve::{curve, repeated};
use super::outcome::{Outcome, agree};
use super::{COMPILE_AGAIN_MAX, Changed, Compiled, Quantity, Ready, Scope, Session};
use crate::child::{self, Finished, Step};
use crate::engines::Engine;
use crate::filter::{self, Mix};
use crate::program::{Entry, Program};
use crate::worker::{self, HOST_CALLS, Record, Repeat, Task};
use crate::{file_cache, fingerprint};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

impl Session<'_> {
    /// Fits the repeating to a program that takes `once`.
    pub(super) fn fit(&mut self, once: Duration) {
        if once.as_secs_f64() > self.repeat.seconds {
            self.repeat.iterations_min = self.plan.long_iterations_min;
        }
    }

    fn run(&mut self, step: &Step) -> Result<Finished> {
        let finished = child::run(&self.plan.launcher, step, self.plan.timeout)?;
        self.floor_bytes = self.floor_bytes.max(finished.usage.floor_bytes);
        ensure!(!finished.usage.timed_out, "it did not end in time");
        Ok(finished)
    }

    pub(super) fn prepare(&mut self, engine: Box<dyn Engine>, folder: PathBuf) -> Result<Ready> {
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
    pub(super) fn once(
        &mut self,
        ready: &mut Ready,
    ) -> Result<(Outcome, Finished, Option<Record>)> {
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

    pub(super) fn round(&mut self, ready: &mut Ready, expected: &Outcome) -> Result<()> {
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
            .repeat(program, &ready.code, &self.repeat, &ready.folder)?;
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
    pub(super) fn prepare_host_calls(&mut self, engine: &mut Ready) -> Result<()> {
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
