//! Runs a program within bounds of time and memory, and returns all that it said.
//!
//! Hostile inputs are run here, so a program that hangs or grows is a failed test and not a dead machine.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How much a program may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub time: Duration,
    /// Resident, at its peak.
    pub memory_bytes_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            time: Duration::from_secs(120),
            memory_bytes_max: 4 << 30,
        }
    }
}

/// What became of a program.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    pub time: Duration,
}

impl Finished {
    /// The exit code; `None` if a signal ended it.
    pub fn code(&self) -> Option<i32> {
        self.status.code()
    }

    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// The same, after checking that it ended with exit code 0.
    ///
    /// # Panics
    /// If it did not, with all that it said.
    pub fn ok(self) -> Self {
        self.with_code(0)
    }

    /// The same, after checking its exit code.
    ///
    /// # Panics
    /// If it is another one, with all that the program said.
    pub fn with_code(self, code: i32) -> Self {
        assert_eq!(
            self.code(),
            Some(code),
            "{}\n--- stdout\n{}\n--- stderr\n{}",
            self.status,
            self.stdout(),
            self.stderr()
        );
        self
    }

    /// Checks that this is how bad input is refused: exit code 1, `error: ...` on stderr, nothing that looks
    /// like a panic.
    ///
    /// # Panics
    /// If it is not, with all that the program said.
    pub fn refused(self) -> String {
        let finished = self.with_code(1);
        let said = finished.stderr();
        assert!(said.starts_with("error: "), "no error message:\n{said}");
        assert!(!said.contains("panicked at"), "a panic:\n{said}");
        said
    }
}

/// Runs `command` with empty input.
///
/// # Panics
/// If it cannot be started or breaks the limits.
pub fn run(command: &mut Command, limits: Limits) -> Finished {
    run_with_input(command, &[], limits)
}

/// Runs `command` with `input` as its standard input.
///
/// # Panics
/// If it cannot be started or breaks the limits.
pub fn run_with_input(command: &mut Command, input: &[u8], limits: Limits) -> Finished {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let start = Instant::now();
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    let mut stdin = child.stdin.take().expect("stdin is a pipe");
    let input = input.to_owned();
    // A program that reads nothing closes its end; what is left of the input is of no interest then.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let stdout = reader(child.stdout.take().expect("stdout is a pipe"));
    let stderr = reader(child.stderr.take().expect("stderr is a pipe"));
    let outcome = wait(&mut child, start, limits);
    if outcome.is_err() {
        child.kill().ok();
        child.wait().ok();
    }
    let [stdout, stderr] = [stdout, stderr].map(|thread| thread.join().expect("a reader"));
    writer.join().expect("a writer");
    match outcome {
        Ok(status) => Finished {
            status,
            stdout,
            stderr,
            time: start.elapsed(),
        },
        Err(broken) => panic!(
            "{command:?} {broken}\n--- stdout\n{}\n--- stderr\n{}",
            tail(&stdout),
            tail(&stderr)
        ),
    }
}

fn reader(mut from: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).ok();
        bytes
    })
}

fn tail(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(2000)..]).into_owned()
}

fn wait(child: &mut Child, start: Instant, limits: Limits) -> Result<ExitStatus, String> {
    let mut pause = Duration::from_micros(200);
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(status);
        }
        if start.elapsed() > limits.time {
            return Err(format!("ran for more than {:?}", limits.time));
        }
        let resident = peak_resident_bytes(child.id()).unwrap_or(0);
        if resident > limits.memory_bytes_max {
            return Err(format!(
                "took {} MiB of memory, and {} are allowed",
                resident >> 20,
                limits.memory_bytes_max >> 20
            ));
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// The most a live process has had resident so far, as Linux counts it.
fn peak_resident_bytes(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_heard() {
        let finished = run_with_input(&mut Command::new("cat"), b"abc", Limits::default()).ok();
        assert_eq!(finished.stdout, b"abc");
    }

    #[test]
    #[should_panic(expected = "ran for more than")]
    fn a_program_that_hangs_is_ended() {
        let limits = Limits {
            time: Duration::from_millis(50),
            ..Limits::default()
        };
        run(Command::new("sleep").arg("60"), limits);
    }
}
