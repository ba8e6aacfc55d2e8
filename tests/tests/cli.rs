//! The command line, by dropped files: `tests/cli/<topic>/<name>.wat`.
//!
//! A file says in its first lines what to run, and holds the module that it is run on:
//! ```text
//! ;; RUN: ahead compile trap.wat -o trap.so
//! ;; RUN[134]: ahead run trap.so
//! ```
//! The lines run one after the other in an empty folder with a copy of the file; the number is the exit
//! code, 0 if there is none. What they print, together, is compared with `<name>.stdout` and `<name>.stderr`.
//! The folder's path is `$DIR` there, a time that was measured `TIME`. Beside `ahead` a line can start with one of these:
//! ```text
//! patch FILE OFFSET HEX    overwrites bytes; a negative offset counts from the end
//! truncate FILE BYTES      cuts the file off
//! list                     prints the folder's files, so that nothing is left behind unseen
//! same FILE FILE           fails if they differ
//! show FILE                prints a file
//! write FILE WORDS...      appends a line to a file
//! cc WORDS...              the C compiler
//! ./FILE WORDS...          a program that was made before
//! ```

use ahead_tests::{Limits, ahead, golden, process, workspace};
use std::io::Write;
use std::path::Path;
use std::process::Command;

#[test]
fn cli() {
    let root = workspace().join("tests/cli");
    golden::for_each(&golden::files(&root, "wat"), check);
    golden::no_orphans(&root, "wat", &["stdout", "stderr"]);
}

fn check(file: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let name = file.file_name().ok_or("a file without a name")?;
    std::fs::copy(file, folder.path().join(name)).map_err(|error| error.to_string())?;
    let (mut stdout, mut stderr) = (String::new(), String::new());
    let mut count = 0;
    for line in golden::directives(&text, ";; RUN") {
        let (code, line) = expected_code(line)?;
        let words: Vec<_> = line.split_whitespace().collect();
        let said = step(folder.path(), &words)?;
        if said.code != code {
            return Err(format!(
                "`{line}` ended with {:?}, not {code:?}\n--- stdout\n{}\n--- stderr\n{}",
                said.code, said.stdout, said.stderr
            ));
        }
        stdout += &said.stdout;
        stderr += &said.stderr;
        count += 1;
    }
    if count == 0 {
        return Err("it has no `;; RUN:` line".into());
    }
    let path = folder.path().display().to_string();
    let normal = |text: String| without_measures(&text.replace(&path, "$DIR"));
    golden::compare(&file.with_extension("stdout"), &normal(stdout))?;
    golden::compare(&file.with_extension("stderr"), &normal(stderr))
}

/// The text without what depends on the machine. How deep a stack overflow gets depends on what the host had used of
/// the stack before: the frames that a backtrace leaves out are not counted. Nor is it said how long something took.
fn without_measures(text: &str) -> String {
    let line = |line: &str| match line.trim_start().strip_prefix("... and ") {
        Some(rest) if rest.ends_with(" more\n") => "      ... and more\n".to_owned(),
        _ if line.starts_with("bench: ") => "bench: TIME\n".to_owned(),
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Splits `[134]: ahead ...` or `: ahead ...`.
fn expected_code(line: &str) -> Result<(Option<i32>, &str), String> {
    let broken = || format!("cannot read `;; RUN{line}`");
    if let Some(rest) = line.strip_prefix(':') {
        return Ok((Some(0), rest.trim()));
    }
    let (code, rest) = line
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]:"))
        .ok_or_else(broken)?;
    Ok((Some(code.parse().map_err(|_| broken())?), rest.trim()))
}

struct Said {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Said {
    fn only(stdout: String) -> Said {
        Said {
            code: Some(0),
            stdout,
            stderr: String::new(),
        }
    }
}

fn step(folder: &Path, words: &[&str]) -> Result<Said, String> {
    let fail = |error: std::io::Error| format!("{words:?}: {error}");
    match words {
        ["patch", file, offset, hex] => {
            patch(&folder.join(file), offset, hex).map_err(|why| format!("{words:?}: {why}"))?;
            Ok(Said::only(String::new()))
        }
        ["truncate", file, bytes] => {
            let length = bytes
                .parse()
                .map_err(|error| format!("{words:?}: {error}"))?;
            let file = std::fs::File::options()
                .write(true)
                .open(folder.join(file))
                .map_err(fail)?;
            file.set_len(length).map_err(fail)?;
            Ok(Said::only(String::new()))
        }
        ["list"] => {
            let mut names = Vec::new();
            for entry in std::fs::read_dir(folder).map_err(fail)? {
                let entry = entry.map_err(fail)?;
                names.push(entry.file_name().to_string_lossy().into_owned() + "\n");
            }
            names.sort();
            Ok(Said::only(names.concat()))
        }
        ["write", file, line @ ..] => {
            let mut file = std::fs::File::options()
                .create(true)
                .append(true)
                .open(folder.join(file))
                .map_err(fail)?;
            writeln!(file, "{}", line.join(" ")).map_err(fail)?;
            Ok(Said::only(String::new()))
        }
        ["same", one, other] => {
            let read = |file| std::fs::read(folder.join(file)).map_err(fail);
            let code = if read(one)? == read(other)? { 0 } else { 1 };
            Ok(Said {
                code: Some(code),
                ..Said::only(String::new())
            })
        }
        ["show", file] => {
            let bytes = std::fs::read(folder.join(file)).map_err(fail)?;
            Ok(Said::only(String::from_utf8_lossy(&bytes).into_owned()))
        }
        ["ahead", rest @ ..] => Ok(run(Command::new(ahead()).args(rest), folder)),
        ["cc", rest @ ..] => Ok(run(Command::new("cc").args(rest), folder)),
        [program, rest @ ..] if program.starts_with("./") => {
            Ok(run(Command::new(folder.join(program)).args(rest), folder))
        }
        _ => Err(format!("no such step: {words:?}")),
    }
}

fn run(command: &mut Command, folder: &Path) -> Said {
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("AHEAD_LIB_DIR", ahead_tests::built::libraries())
        .env("COLUMNS", "100");
    let finished = process::run(command, Limits::default());
    Said {
        code: finished.code(),
        stdout: finished.stdout(),
        stderr: finished.stderr(),
    }
}

fn patch(file: &Path, offset: &str, hex: &str) -> Result<(), String> {
    let mut bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let offset: i64 = offset
        .parse()
        .map_err(|_| "an offset is a decimal number".to_owned())?;
    let start = if offset < 0 {
        bytes.len().checked_add_signed(offset as isize)
    } else {
        usize::try_from(offset).ok()
    };
    let new = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| error.to_string())?;
    let place = start.and_then(|start| bytes.get_mut(start..start + new.len()));
    place.ok_or("outside the file")?.copy_from_slice(&new);
    std::fs::write(file, bytes).map_err(|error| error.to_string())
}
