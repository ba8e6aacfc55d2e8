//! One measured task in a process of its own, so that CPU time and memory are the task's and nobody else's.
//!
//! The parent ([`measure`]) starts this program again with `worker <engine> <task> <input> <output> [args]`; the
//! child ([`serve`]) does the task and writes what it took to the output's side file, since a guest owns stdout.

use crate::engines::Name;
use anyhow::{Context, Result, bail, ensure};
use rustix::time::{ClockId, clock_gettime};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The word that makes `main` a worker.
pub const COMMAND: &str = "worker";

/// What can be measured.
#[derive(Clone, Debug)]
pub enum Task {
    /// Compile `input` to `output`.
    Compile { input: PathBuf, output: PathBuf },
    /// Run the artefact `input`, its output thrown away, with a directory that it may change, as `.`.
    Run {
        input: PathBuf,
        directory: Option<PathBuf>,
        args: Vec<String>,
    },
    /// Open the artefact `input` so many times; the least time counts.
    Open { input: PathBuf, times: u32 },
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

/// Does `task` in a child.
pub fn measure(engine: Name, task: &Task) -> Result<Taken> {
    let report = tempfile::NamedTempFile::new()?;
    let mut child = Command::new(std::env::current_exe()?);
    child.args([COMMAND, engine.as_str()]).arg(report.path());
    match task {
        Task::Compile { input, output } => child.arg("compile").arg(input).arg(output),
        Task::Run {
            input,
            directory,
            args,
        } => child
            .arg("run")
            .arg(input)
            .arg(directory.as_deref().unwrap_or(Path::new("")))
            .args(args),
        Task::Open { input, times } => child.arg("open").arg(input).arg(times.to_string()),
    };
    let output = child
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{engine:?} failed at {task:?}: {}\n{said}",
        output.status
    );
    let report = std::fs::read_to_string(report.path())?;
    let numbers: Vec<u64> = report
        .split_whitespace()
        .map(str::parse)
        .collect::<Result<_, _>>()?;
    let [wall, cpu, peak_bytes] = numbers[..] else {
        bail!("the worker reported `{report}`");
    };
    Ok(Taken {
        wall: Duration::from_nanos(wall),
        cpu: Duration::from_nanos(cpu),
        peak_bytes,
    })
}

/// The child's side: `args` are those after the word `worker`.
pub fn serve(args: &[String]) -> Result<()> {
    let [engine, report, task, input, rest @ ..] = args else {
        bail!("too few arguments for a worker");
    };
    let engine = Name::parse(engine).context("no such engine")?.engine()?;
    let input = Path::new(input);
    let wall = match (task.as_str(), rest) {
        ("compile", [output]) => {
            let start = Instant::now();
            let artefact = engine.compile(&std::fs::read(input)?)?;
            let wall = start.elapsed();
            std::fs::write(output, artefact)?;
            wall
        }
        ("run", [directory, args @ ..]) => {
            let name = input.file_name().unwrap_or_default().to_string_lossy();
            let args: Vec<_> = std::iter::once(name.into_owned())
                .chain(args.iter().cloned())
                .collect();
            let directory = Some(Path::new(directory)).filter(|path| !path.as_os_str().is_empty());
            engine.run(input, directory, &args)?
        }
        ("open", [times]) => {
            let times: u32 = times.parse()?;
            let open = || -> Result<Duration> {
                let start = Instant::now();
                engine.open(input)?;
                Ok(start.elapsed())
            };
            (0..times)
                .map(|_| open())
                .collect::<Result<Vec<_>>>()?
                .into_iter()
                .min()
                .context("opened no times")?
        }
        _ => bail!("no such task `{task}`"),
    };
    let cpu = clock_gettime(ClockId::ProcessCPUTime);
    let cpu = cpu.tv_sec as u128 * 1_000_000_000 + cpu.tv_nsec as u128;
    let numbers = format!("{} {cpu} {}", wall.as_nanos(), peak_resident_bytes()?);
    std::fs::write(report, numbers)?;
    Ok(())
}

fn peak_resident_bytes() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes: u64 = line
        .and_then(|line| line.split_whitespace().nth(1))
        .context("no VmHWM")?
        .parse()?;
    Ok(kilobytes * 1024)
}
