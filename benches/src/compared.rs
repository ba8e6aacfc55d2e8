//! The two that the suites compare, as `ahead bench` drives them: ourselves, and wasmtime with its artefacts compiled
//! before.

use ahead_bench::child::{self, Step};
use ahead_bench::engines::{Engine, ahead, wasmtime};
use ahead_bench::program::{Dir, Entry, Program};
use ahead_bench::worker::{self, Record, Task};
use anyhow::{Context, Result, ensure};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// A process that takes longer is broken.
const TIMEOUT: Duration = Duration::from_secs(600);

/// The engines, ours first, and a folder for what they leave.
pub struct Compared {
    pub engines: Vec<Box<dyn Engine>>,
    own: PathBuf,
    folder: TempDir,
}

/// What a task took.
#[derive(Clone, Copy, Debug)]
pub struct Taken {
    /// The task's own idea of its time: wall clock, without process start.
    pub wall: Duration,
    /// CPU time of the whole process, all threads.
    pub cpu: Duration,
    /// The most the process had resident.
    pub peak_bytes: u64,
}

impl Compared {
    /// The peer is there if this was built with the feature `peers`.
    pub fn find() -> Result<Compared> {
        let own = std::env::current_exe()?;
        let mut engines: Vec<Box<dyn Engine>> =
            vec![Box::new(ahead::Ahead::new(&own, ahead::Variant::Guard))];
        if cfg!(feature = "peers") {
            if !own.with_file_name(wasmtime::PROGRAM).exists() {
                build(&["-p", "ahead-benches", "--features", "peers"])?;
            }
            let peer = wasmtime::Wasmtime::find(&own, wasmtime::Variant::Precompiled);
            engines.push(Box::new(peer.map_err(anyhow::Error::msg)?));
        }
        Ok(Compared {
            engines,
            own,
            folder: tempfile::tempdir()?,
        })
    }

    /// What the column of the peer is called.
    pub fn peer_title(&self) -> String {
        match self.engines.get(1) {
            Some(_) => "wasmtime 48".into(),
            None => "no peer".into(),
        }
    }

    /// Compiles `module` to `output`.
    pub fn compile(&self, engine: &dyn Engine, module: &Path, output: &Path) -> Result<Taken> {
        let program = command(module, &[]);
        let step = engine.compile(&program, output, self.folder.path())?;
        let record = self.record(engine, &step.context("an engine that compiles before")?)?;
        let wall = record.load_ns.context("no time was taken")?;
        Ok(Taken {
            wall: Duration::from_nanos(wall),
            cpu: Duration::from_nanos(record.process_cpu_ns),
            peak_bytes: record.peak_bytes,
        })
    }

    /// Compiles `module` with every engine into `folder`; the artefacts are named after the engines.
    pub fn compile_with_all(
        &self,
        folder: &Path,
        name: &str,
        module: &Path,
    ) -> Result<Vec<PathBuf>> {
        let mut artefacts = Vec::new();
        for engine in &self.engines {
            let path = folder.join(format!("{name}.{}", engine.name()));
            self.compile(&**engine, module, &path)?;
            artefacts.push(path);
        }
        Ok(artefacts)
    }

    /// Runs an artefact: the time that the program marks, or else of making its instance and running it.
    /// The program is given `directory`, if there is one.
    pub fn run(
        &self,
        engine: &dyn Engine,
        artefact: &Path,
        args: &[&str],
        directory: Option<&Path>,
    ) -> Result<Duration> {
        let mut program = command(artefact, args);
        program.dirs.extend(directory.map(|host| Dir {
            host: host.to_owned(),
            guest: ".".into(),
            read_only: false,
        }));
        let step = engine.once(&program, artefact, self.folder.path())?;
        let record = self.record(engine, &step)?;
        let time = record.iterations_ns.first().context("no time was taken")?;
        Ok(Duration::from_nanos(*time))
    }

    /// The least time of opening an artefact so many times.
    pub fn open(&self, engine: &dyn Engine, artefact: &Path, times: u32) -> Result<Duration> {
        let task = Task::Open {
            code: artefact.to_owned(),
            times,
        };
        let step = engine.task(&task, self.folder.path())?;
        let record = self.record(engine, &step.context("an engine that opens artefacts")?)?;
        let least = record
            .iterations_ns
            .iter()
            .min()
            .context("opened no times")?;
        Ok(Duration::from_nanos(*least))
    }

    fn record(&self, engine: &dyn Engine, step: &Step) -> Result<Record> {
        let finished = child::run(&self.own, step, TIMEOUT)?;
        let failed = || {
            format!(
                "`{}` failed: {}: {}",
                engine.name(),
                step.typed(),
                finished.complaint()
            )
        };
        ensure!(finished.succeeded(), failed());
        worker::record(step.record.as_ref().with_context(failed)?).with_context(failed)
    }
}

fn command(module: &Path, args: &[&str]) -> Program {
    let name = module.file_name().unwrap_or_default().to_string_lossy();
    Program {
        module: module.to_owned(),
        name: name.into_owned(),
        entry: Entry::Command {
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
        },
        env: Vec::new(),
        dirs: Vec::new(),
        stdin: None,
    }
}

/// A program built into the same folder as this one.
pub fn beside_this(name: &str) -> Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    ensure!(path.exists(), "`{}` is not built", path.display());
    Ok(path)
}

/// Builds packages into the folder of this program: `cargo run` builds one program and not those beside it.
pub fn build(packages: &[&str]) -> Result<()> {
    let this = std::env::current_exe()?;
    let target = this.ancestors().nth(2).context("no target folder")?;
    let mut cargo = Command::new("cargo");
    cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--release"])
        .args(packages)
        .arg("--target-dir")
        .arg(target);
    done(&mut cargo)
}

/// Runs a command that is to succeed.
pub fn done(command: &mut Command) -> Result<()> {
    let output = command
        .output()
        .with_context(|| format!("cannot start {:?}", command.get_program()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?} failed:\n{said}");
    Ok(())
}
