//! One measured process: how long it took, how much CPU and memory.
//!
//! Between this program and the one that is measured stands a launcher, this program again, that starts it and waits
//! for it: so what the kernel counts for the launcher's children is that one process and what it started. Linux counts
//! the memory of the starting program too, until the new one takes its place. The launcher is small, and its size is
//! told, so that a peak below it is known for what it is.

use anyhow::{Context, Result, bail, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};
use std::ffi::OsString;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// The word that makes a program of ours the launcher.
pub const COMMAND: &str = "bench-launch";

/// What a process took, from its start to its end.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Usage {
    pub wall_ns: u64,
    /// Of all its threads, and of those it waited for.
    pub cpu_ns: u64,
    /// The most that was resident at once.
    pub peak_bytes: u64,
    /// A peak at or below this is the launcher's own.
    pub floor_bytes: u64,
    /// Pages that were not mapped when they were touched, with and without waiting for a disk.
    pub page_faults: u64,
    /// `None`: a signal ended it.
    pub exit: Option<i32>,
    pub signal: Option<i32>,
    pub timed_out: bool,
}

/// A process about to be measured.
#[derive(Debug)]
pub struct Step {
    pub command: Command,
    pub stdin: Option<PathBuf>,
    /// Where a worker leaves its record.
    pub record: Option<PathBuf>,
}

impl Step {
    pub fn new(command: Command) -> Step {
        Step {
            command,
            stdin: None,
            record: None,
        }
    }

    /// As one would type it.
    pub fn typed(&self) -> String {
        let words = std::iter::once(self.command.get_program()).chain(self.command.get_args());
        let words = words.map(|word| {
            let word = word.to_string_lossy();
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
            match word.is_empty() || !word.chars().all(plain) {
                true => format!("'{}'", word.replace('\'', r"'\''")),
                false => word.into_owned(),
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// What came of it.
#[derive(Debug)]
pub struct Finished {
    pub usage: Usage,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
}

impl Finished {
    /// The last thing it complained of, for a message.
    pub fn complaint(&self) -> String {
        let said = String::from_utf8_lossy(&self.stderr);
        let line = said
            .lines()
            .find(|line| line.to_lowercase().contains("error"));
        let line = line.or_else(|| said.lines().rfind(|line| !line.trim().is_empty()));
        let how = match (self.usage.timed_out, self.usage.exit) {
            (true, _) => "it did not end in time".to_owned(),
            (_, Some(code)) => format!("exit code {code}"),
            (_, None) => {
                let signal = self.usage.signal.map(nix::sys::signal::Signal::try_from);
                let name = signal.map_or("a signal", |known| {
                    known.map_or("a signal", |it| it.as_str())
                });
                format!("{name} ended it")
            }
        };
        match line {
            // What a program says is not to reach a terminal as it is.
            Some(line) => format!(
                "{how}: {}",
                line.trim().replace(char::is_control, "\u{fffd}")
            ),
            None => how,
        }
    }

    pub fn succeeded(&self) -> bool {
        self.usage.exit == Some(0) && !self.usage.timed_out
    }
}

/// Runs a step and waits for it. `launcher` is a program that calls [`launch`] when its first word is [`COMMAND`].
pub fn run(launcher: &Path, step: &Step, timeout: Duration) -> Result<Finished> {
    let folder = tempfile::tempdir()?;
    let at = |name: &str| folder.path().join(name);
    let mut command = Command::new(launcher);
    command
        .args([COMMAND.as_ref(), at("usage").as_os_str()])
        .arg(timeout.as_millis().to_string())
        .arg(step.command.get_program())
        .args(step.command.get_args());
    for (name, value) in step.command.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = step.command.get_current_dir() {
        command.current_dir(folder);
    }
    let stdin = match &step.stdin {
        Some(path) => std::fs::File::open(path)
            .with_context(|| format!("cannot open `{}`", path.display()))?
            .into(),
        None => Stdio::null(),
    };
    let status = command
        .stdin(stdin)
        .stdout(std::fs::File::create(at("stdout"))?)
        .stderr(std::fs::File::create(at("stderr"))?)
        .status()
        .with_context(|| format!("cannot start `{}`", launcher.display()))?;
    let (stdout, stderr) = (std::fs::read(at("stdout"))?, std::fs::read(at("stderr"))?);
    if !status.success() {
        bail!("{}", String::from_utf8_lossy(&stderr).trim());
    }
    let usage = std::fs::read(at("usage")).context("the launcher left no record")?;
    Ok(Finished {
        usage: serde_json::from_slice(&usage)?,
        stdout,
        stderr,
    })
}

/// The launcher's side: `args` are those behind [`COMMAND`].
pub fn launch(args: &[OsString]) -> Result<()> {
    let [report, timeout, program, args @ ..] = args else {
        bail!("too few words for the launcher");
    };
    let timeout = timeout.to_string_lossy().parse().map(Duration::from_millis);
    let timeout = timeout.context("no time limit")?;
    let floor_bytes = peak_resident_bytes()?;
    let mut command = Command::new(program);
    command.args(args);
    let (ended, end) = mpsc::channel::<()>();
    let start = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start `{}`", program.to_string_lossy()))?;
    let pid = Pid::from_child(&child);
    let watch = std::thread::spawn(move || {
        let late = end.recv_timeout(timeout) == Err(mpsc::RecvTimeoutError::Timeout);
        if late {
            // It may have ended just now; then nobody hears it.
            let _ = kill_process(pid, Signal::KILL);
        }
        late
    });
    let status = child.wait()?;
    let wall = start.elapsed();
    drop(ended);
    let timed_out = watch.join().unwrap_or(false);
    let taken = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let nanoseconds = |time: nix::sys::time::TimeVal| {
        (time.tv_sec() as u64) * 1_000_000_000 + (time.tv_usec() as u64) * 1_000
    };
    let usage = Usage {
        wall_ns: wall.as_nanos() as u64,
        cpu_ns: nanoseconds(taken.user_time()) + nanoseconds(taken.system_time()),
        peak_bytes: taken.max_rss() as u64 * 1024,
        floor_bytes,
        page_faults: (taken.minor_page_faults() + taken.major_page_faults()) as u64,
        exit: status.code(),
        signal: status.signal(),
        timed_out: timed_out && status.signal().is_some(),
    };
    std::fs::write(report, serde_json::to_vec(&usage)?)?;
    Ok(())
}

/// The most that this process had resident so far.
pub fn peak_resident_bytes() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes: u64 = kilobytes.context("no VmHWM")?.parse()?;
    ensure!(kilobytes > 0, "nothing is resident");
    Ok(kilobytes * 1024)
}
