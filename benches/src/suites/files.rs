//! What files cost a guest: a gigabyte written and read in small and in large calls, and files asked about and opened.
//!
//! The guests are written here, so that there is nothing between the loop and the call. Each measures its own loop and
//! checks every result; what it is not given in one call it asks for again, as programs do.
//!
//! The same calls are made natively, too, by this process: what the kernel takes of the time, which no sandbox can go
//! below.

use super::progress;
use crate::compared::Compared;
use crate::report::{Row, Suite, Target, Unit};
use ahead_bench::statistics::Times;
use anyhow::{Result, ensure};
use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// A guest: its name, what it does, and what is there for it.
struct Guest {
    name: &'static str,
    body: Body,
}

enum Body {
    /// Writes a file, or reads it, in calls of so many bytes.
    Write(u32),
    Read(u32),
    /// Asks about a file, or opens and closes it.
    Stat,
    Open,
}

const FILE_BYTES: u64 = 1 << 30;
const CALLS: u32 = 100_000;

/// The file that each of them uses.
const FILE: &str = "a/b/file";

/// A read follows the write of the same bytes, which leaves them in the page cache.
const GUESTS: [Guest; 6] = [
    Guest {
        name: "write 1 GiB, 4 KiB calls",
        body: Body::Write(4096),
    },
    Guest {
        name: "read 1 GiB, 4 KiB calls",
        body: Body::Read(4096),
    },
    Guest {
        name: "write 1 GiB, 1 MiB calls",
        body: Body::Write(1 << 20),
    },
    Guest {
        name: "read 1 GiB, 1 MiB calls",
        body: Body::Read(1 << 20),
    },
    Guest {
        name: "100,000 stats",
        body: Body::Stat,
    },
    Guest {
        name: "100,000 opens",
        body: Body::Open,
    },
];

pub fn measure_all(rounds: usize) -> Result<Suite> {
    let compared = Compared::find()?;
    let folder = tempfile::tempdir()?;
    let mut prepared: Vec<(&Guest, Vec<PathBuf>, Vec<Times>)> = Vec::new();
    let mut native = vec![Times::default(); GUESTS.len()];
    for (index, guest) in GUESTS.iter().enumerate() {
        let module = folder.path().join("module.wasm");
        std::fs::write(&module, wat::parse_str(guest.body.module())?)?;
        let artefacts = compared.compile_with_all(folder.path(), &index.to_string(), &module)?;
        let times = artefacts.iter().map(|_| Times::default()).collect();
        prepared.push((guest, artefacts, times));
    }
    for round in 1..=rounds {
        progress(&format!("round {round} of {rounds}"));
        // Engine by engine, so that each reads what it wrote, and in turns.
        let count = compared.engines.len();
        let mut order: Vec<usize> = (0..count).collect();
        order.rotate_left(round % count);
        for engine in order {
            let files = tempfile::tempdir_in(folder.path())?;
            std::fs::create_dir_all(files.path().join("a/b"))?;
            for (guest, artefacts, times) in &mut prepared {
                let peer = &*compared.engines[engine];
                let taken = compared.run(peer, &artefacts[engine], &[], Some(files.path()))?;
                guest.body.check(files.path())?;
                times[engine].push(taken);
            }
        }
        let files = tempfile::tempdir_in(folder.path())?;
        std::fs::create_dir_all(files.path().join("a/b"))?;
        for (guest, times) in GUESTS.iter().zip(&mut native) {
            times.push(guest.body.natively(&files.path().join(FILE))?);
            guest.body.check(files.path())?;
        }
    }
    let seconds = |times: &Times| times.least().unwrap_or_default().as_secs_f64();
    let row = |guest: &Guest, quantity, ours, theirs: Option<&Times>| Row {
        subject: guest.name.into(),
        quantity,
        unit: Unit::Seconds,
        ours: seconds(ours),
        theirs: theirs.map(seconds),
    };
    let mut rows: Vec<_> = prepared
        .iter()
        .map(|(guest, _, times)| row(guest, "time", &times[0], times.get(1)))
        .collect();
    let target = |row: &Row| Target {
        what: row.subject.clone(),
        at_most: 0.8,
        ratio: row.ratio(),
    };
    let targets = rows.iter().map(target).collect();
    let floor = |(guest, times)| row(guest, "of which natively", times, None);
    rows.extend(GUESTS.iter().zip(&native).map(floor));
    Ok(Suite {
        name: "files",
        title: format!(
            "least of {rounds} interleaved rounds, one process each, files in `{}`",
            std::env::temp_dir().display()
        ),
        ours: "ahead",
        theirs: compared.peer_title(),
        targets,
        rows,
    })
}

impl Body {
    /// The guest's module. [`FILE`] is below the directory, descriptor 3.
    fn module(&self) -> String {
        const CREAT_TRUNC: u32 = 9;
        let (oflags, rights) = match self {
            Body::Write(_) => (CREAT_TRUNC, 1 << 6),
            _ => (0, 1 << 1),
        };
        let open = format!(
            "(call $path_open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 8) (i32.const {oflags})
               (i64.const {rights}) (i64.const 0) (i32.const 0) (i32.const 8))"
        );
        let close = "(call $fd_close (i32.load (i32.const 8)))";
        let (before, step) = match self {
            Body::Write(bytes) => (checked(&open), transfer("fd_write", *bytes)),
            Body::Read(bytes) => (checked(&open), transfer("fd_read", *bytes)),
            Body::Stat => (
                String::new(),
                once(&checked(
                    "(call $path_filestat_get (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 8) (i32.const 64))",
                )),
            ),
            Body::Open => (String::new(), once(&(checked(&open) + &checked(close)))),
        };
        let total = match self {
            Body::Write(_) | Body::Read(_) => FILE_BYTES,
            Body::Stat | Body::Open => CALLS.into(),
        };
        format!(
            r#"(module
  (import "bench" "start" (func $start))
  (import "bench" "end" (func $end))
  (import "wasi_snapshot_preview1" "path_open"
    (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_filestat_get"
    (func $path_filestat_get (param i32 i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_close" (func $fd_close (param i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 32)
  (data (i32.const 16) "{FILE}")
  (func (export "_start")
    (local $left i64)
    (local.set $left (i64.const {total}))
    (memory.fill (i32.const 65536) (i32.const 1) (i32.const 1048576))
    {before}
    (call $start)
    (loop $again
      {step}
      (br_if $again (i64.ne (local.get $left) (i64.const 0))))
    (call $end)))"#
        )
    }

    /// The same calls without a guest.
    fn natively(&self, path: &Path) -> Result<Duration> {
        let mut buffer = match self {
            Body::Write(bytes) | Body::Read(bytes) => vec![1; *bytes as usize],
            Body::Stat | Body::Open => Vec::new(),
        };
        let calls = match self {
            Body::Write(bytes) | Body::Read(bytes) => FILE_BYTES / u64::from(*bytes),
            Body::Stat | Body::Open => CALLS.into(),
        };
        let mut file = match self {
            Body::Write(_) => File::create(path)?,
            _ => File::open(path)?,
        };
        let start = Instant::now();
        for _ in 0..calls {
            match self {
                Body::Write(_) => file.write_all(&buffer)?,
                Body::Read(_) => file.read_exact(&mut buffer)?,
                Body::Stat => drop(black_box(path.metadata()?)),
                Body::Open => drop(black_box(File::open(path)?)),
            }
        }
        Ok(start.elapsed())
    }

    /// Whether the guest did what it was measured at.
    fn check(&self, files: &Path) -> Result<()> {
        let bytes = files.join("a/b/file").metadata()?.len();
        ensure!(bytes == FILE_BYTES, "{bytes} bytes were written");
        Ok(())
    }
}

/// Traps if the call gives an error.
fn checked(call: &str) -> String {
    format!("(if {call} (then unreachable))")
}

fn once(act: &str) -> String {
    format!("{act} (local.set $left (i64.sub (local.get $left) (i64.const 1)))")
}

/// Moves up to `bytes` bytes; none at all, before the end, is an error.
fn transfer(function: &str, bytes: u32) -> String {
    let call = format!(
        "(call ${function} (i32.load (i32.const 8)) (i32.const 32) (i32.const 1) (i32.const 40))"
    );
    format!(
        "(i32.store (i32.const 32) (i32.const 65536)) (i32.store (i32.const 36) (i32.const {bytes}))
      {}
      (if (i32.eqz (i32.load (i32.const 40))) (then unreachable))
      (local.set $left (i64.sub (local.get $left) (i64.load32_u (i32.const 40))))",
        checked(&call)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_guests_are_modules() {
        for guest in GUESTS {
            let wat = guest.body.module();
            wat::parse_str(&wat).unwrap_or_else(|error| panic!("{}: {error}", guest.name));
        }
    }
}
