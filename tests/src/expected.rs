//! What each module of the corpus is to do: `tests/corpus/expected.tsv`.
//!
//! Written by the oracle (`ahead-benches`, binary `oracle`), which runs a peer; read by the corpus tests. One
//! line a module, fields separated by tabs:
//!
//! ```text
//! path  does  args  env  exit  stdout-bytes  stdout-hash  note  directory
//! ```
//! Arguments and variables are separated by spaces, with spaces and everything unprintable in them as `%XX`.
//! The guest gets its path's last part as argument 0, an empty input, and, if there is one, the directory: written
//! `FROM::GUEST`, a copy of folder `FROM` of the corpus (a new one if that is empty), and what the guest calls it.

use crate::corpus::{Corpus, copy};
use crate::process::Finished;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// What a module is for the corpus tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// A command whose exit code and output are known.
    Run,
    /// The same, but it takes long: only with `--full`.
    RunLong,
    /// A command whose exit code is known, and whose output differs from run to run.
    Exit,
    /// The same, but it takes long.
    ExitLong,
    /// A command that does not end by itself.
    Endless,
    /// A command that opens files, of which nobody has said which.
    Files,
    /// Needs a proposal that is not built: named in the note.
    Proposal,
    /// Imports what no WASI has: named in the note.
    Imports,
    /// No command: no `_start` function is exported.
    Library,
    /// No core module, or not a valid one.
    Invalid,
}

const NAMES: &[(Does, &str)] = &[
    (Does::Run, "run"),
    (Does::RunLong, "run-long"),
    (Does::Exit, "exit"),
    (Does::ExitLong, "exit-long"),
    (Does::Endless, "endless"),
    (Does::Files, "files"),
    (Does::Proposal, "proposal"),
    (Does::Imports, "imports"),
    (Does::Library, "library"),
    (Does::Invalid, "invalid"),
];

impl Does {
    fn name(self) -> &'static str {
        let row = NAMES.iter().find(|row| row.0 == self);
        row.expect("every variant has a name").1
    }

    fn parse(name: &str) -> Option<Does> {
        NAMES.iter().find(|row| row.1 == name).map(|row| row.0)
    }

    /// Whether the compiler must take the module.
    pub fn compiles(self) -> bool {
        !matches!(self, Does::Proposal | Does::Invalid)
    }
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The module's path in the corpus.
    pub path: String,
    pub does: Does,
    pub args: Vec<String>,
    pub env: Vec<(String, String)>,
    /// 134 stands for a trap.
    pub exit: i32,
    pub stdout_bytes: usize,
    pub stdout_hash: u64,
    /// Why, where that is not plain.
    pub note: String,
    pub directory: Option<Directory>,
}

/// A directory that a program gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    /// A folder of the corpus, of which the program gets a copy; or nothing, for an empty one.
    pub from: String,
    /// What the guest calls it.
    pub guest: String,
}

impl Directory {
    pub fn parse(text: &str) -> Option<Directory> {
        let (from, guest) = text.split_once("::")?;
        Some(Directory {
            from: from.to_owned(),
            guest: guest.to_owned(),
        })
    }

    /// Makes it at `to`.
    ///
    /// # Panics
    /// If that cannot be done.
    pub fn make(&self, corpus: &Corpus, to: &Path) {
        if self.from.is_empty() {
            std::fs::create_dir(to).expect("a new folder");
        } else {
            copy(&corpus.path(&self.from), to);
        }
    }
}

impl Expected {
    /// Gives `ahead` the arguments that run `artefact` as is said here, in `scratch`, a folder that is empty.
    ///
    /// # Panics
    /// If the directory cannot be made.
    pub fn run_with(&self, ahead: &mut Command, corpus: &Corpus, artefact: &Path, scratch: &Path) {
        ahead.args(["run", "--bench"]).arg(artefact);
        for (name, value) in &self.env {
            ahead.args(["--env", &format!("{name}={value}")]);
        }
        if let Some(directory) = &self.directory {
            let host = scratch.join("given");
            directory.make(corpus, &host);
            let mut grant = OsString::from(host);
            grant.push(format!("::{}", directory.guest));
            // An emulator may have no `openat2`.
            ahead.arg("--fs-fallback").arg("--dir").arg(grant);
        }
        ahead.arg("--").args(&self.args);
    }

    /// What is not as is said here, or in the corpus of its benchmarks.
    pub fn disagreement(&self, corpus: &Corpus, ran: &Finished) -> Option<String> {
        if ran.code() != Some(self.exit) {
            return Some(format!(
                "ended with {}, not {}\n{}",
                ran.status,
                self.exit,
                ran.stderr()
            ));
        }
        if !matches!(self.does, Does::Run | Does::RunLong) {
            return None;
        }
        if ran.stdout.len() != self.stdout_bytes || hash(&ran.stdout) != self.stdout_hash {
            let start: String = ran.stdout().chars().take(300).collect();
            return Some(format!(
                "printed {} bytes that differ from the {} expected: {start}",
                ran.stdout.len(),
                self.stdout_bytes
            ));
        }
        // One that fails for want of its input says so in its own way.
        if self.exit != 0 {
            return None;
        }
        let expected = corpus.benchmark(&self.path)?.stderr?;
        let said: String = ran
            .stderr()
            .split_inclusive('\n')
            .filter(|line| !line.starts_with("bench: "))
            .collect();
        let same = said.trim_end() == String::from_utf8_lossy(&expected).trim_end();
        (!same).then(|| format!("said something else than its benchmark says: {said}"))
    }
}

/// 64-bit FNV-1a: tells outputs apart, defends against nobody.
pub fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'%' | b'\x00'..=b' ' | b'\x7f'..=b'\xff' => {
                write!(out, "%{byte:02x}").expect("a String")
            }
            _ => out.push(byte.into()),
        }
    }
    out
}

fn unescape(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next(), rest.next()].map(|digit| digit.expect("two digits after `%`"));
        let digits = std::str::from_utf8(&digits).expect("hexadecimal digits");
        bytes.push(u8::from_str_radix(digits, 16).expect("hexadecimal digits"));
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// The list as text.
pub fn write(list: &[Expected]) -> String {
    let mut out = String::from(
        "# Written by the oracle; see docs/guides/testing.md.\n\
         # path\tdoes\targs\tenv\texit\tstdout-bytes\tstdout-hash\tnote\tdirectory\n",
    );
    for row in list {
        let args: Vec<_> = row.args.iter().map(|arg| escape(arg)).collect();
        let env: Vec<_> = row
            .env
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
            .collect();
        let directory = row.directory.as_ref();
        let directory = directory.map(|dir| format!("{}::{}", dir.from, dir.guest));
        let directory = directory.unwrap_or_default();
        let fields = [
            row.path.as_str(),
            row.does.name(),
            &args.join(" "),
            &env.join(" "),
            &row.exit.to_string(),
            &row.stdout_bytes.to_string(),
            &format!("{:016x}", row.stdout_hash),
            &row.note,
            &directory,
        ];
        out.push_str(fields.join("\t").trim_end());
        out.push('\n');
    }
    out
}

/// Reads the list.
///
/// # Panics
/// If a line is not of the form above.
pub fn read(text: &str) -> Vec<Expected> {
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| parse_line(line).unwrap_or_else(|| panic!("bad line in the list: {line}")))
        .collect()
}

fn parse_line(line: &str) -> Option<Expected> {
    let mut fields = line.split('\t');
    let path = fields.next()?.to_owned();
    let does = Does::parse(fields.next()?)?;
    let words = |field: &str| -> Vec<String> { field.split_whitespace().map(unescape).collect() };
    let args = words(fields.next()?);
    let env = fields
        .next()?
        .split_whitespace()
        .map(|pair| pair.split_once('='))
        .map(|pair| pair.map(|(name, value)| (unescape(name), unescape(value))))
        .collect::<Option<_>>()?;
    Some(Expected {
        path,
        does,
        args,
        env,
        exit: fields.next()?.parse().ok()?,
        stdout_bytes: fields.next()?.parse().ok()?,
        stdout_hash: u64::from_str_radix(fields.next()?, 16).ok()?,
        note: fields.next().unwrap_or_default().to_owned(),
        directory: match fields.next() {
            Some(directory) => Some(Directory::parse(directory)?),
            None => None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let row = Expected {
            path: "a/b.wasm".into(),
            does: Does::ExitLong,
            args: vec!["one".into(), "the \"second\" 100%".into()],
            env: vec![("c".into(), "new\nline = ü".into())],
            exit: 134,
            stdout_bytes: 5,
            stdout_hash: hash(b"hello"),
            note: "prints times".into(),
            directory: Directory::parse("a/files::/"),
        };
        let bare = Expected {
            args: vec![],
            env: vec![],
            note: String::new(),
            directory: None,
            ..row.clone()
        };
        let unnoted = Expected {
            note: String::new(),
            directory: Directory::parse("::."),
            ..row.clone()
        };
        let list = [row, bare, unnoted];
        assert_eq!(read(&write(&list)), list);
    }

    #[test]
    fn the_hash_is_fnv() {
        assert_eq!(hash(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(hash(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
