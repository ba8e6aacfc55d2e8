//! Every module of the corpus that is no filter does what `tests/corpus/expected.tsv` says, compiled for this machine, in
//! both bounds modes, and compiles for aarch64 as well.
//!
//! The list comes from another engine (see `ahead_tests::expected`). A module that is not in it fails, so that a
//! larger corpus is not taken for a tested one.

use ahead_tests::corpus::Corpus;
use ahead_tests::expected::{self, Does, Expected};
use ahead_tests::process::{Finished, Limits, run};
use ahead_tests::{ahead, full, workspace};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Duration;

const LIMITS: Limits = Limits {
    time: Duration::from_secs(300),
    memory_bytes_max: 4 << 30,
};

/// A program that takes another engine a minute and a half takes several on a machine that does something else as well.
const LIMITS_OF_LONG: Limits = Limits {
    time: Duration::from_secs(1800),
    ..LIMITS
};

fn list() -> Vec<Expected> {
    let file = workspace().join("tests/corpus/expected.tsv");
    expected::read(&std::fs::read_to_string(file).unwrap())
}

#[test]
fn every_module_is_listed() {
    let Some(corpus) = Corpus::find_or_skip() else {
        return;
    };
    let there: BTreeSet<String> = corpus.listed().into_iter().collect();
    let listed: BTreeSet<String> = list().into_iter().map(|row| row.path).collect();
    let unlisted: Vec<_> = there.difference(&listed).collect();
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(unlisted.is_empty(), "run the oracle for {unlisted:?}");
    assert!(gone.is_empty(), "the corpus no longer has {gone:?}");
}

#[test]
fn modules_do_what_they_do_elsewhere_guard() {
    judge_all(Machine::Host { bounds: "guard" });
}

#[test]
fn modules_do_what_they_do_elsewhere_explicit() {
    judge_all(Machine::Host { bounds: "explicit" });
}

/// What then runs there is in `aarch64.rs`.
#[test]
fn modules_compile_for_aarch64() {
    judge_all(Machine::Aarch64);
}

/// What modules are compiled for.
#[derive(Clone, Copy, Debug)]
enum Machine {
    /// This one: those that are programs run, too.
    Host {
        bounds: &'static str,
    },
    Aarch64,
}

impl Machine {
    fn options(self) -> [&'static str; 2] {
        match self {
            Machine::Host { bounds } => ["--bounds", bounds],
            Machine::Aarch64 => ["--target", "aarch64"],
        }
    }
}

/// Judges all rows on all cores, and reports all that went wrong.
fn judge_all(machine: Machine) {
    let Some(corpus) = Corpus::find_or_skip() else {
        return;
    };
    let list = list();
    let rows = Mutex::new(list.iter());
    let outcomes = Mutex::new((0, 0, Vec::new()));
    let work = || {
        let folder = tempfile::tempdir().unwrap();
        loop {
            let Some(row) = rows.lock().unwrap().next() else {
                return;
            };
            let outcome = judge(&corpus, row, machine, folder.path());
            let mut outcomes = outcomes.lock().unwrap();
            match outcome {
                Ok(Judged::Compiled) => outcomes.0 += 1,
                Ok(Judged::Ran) => outcomes.1 += 1,
                Err(why) => outcomes.2.push(format!("{}: {why}", row.path)),
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, |cores| cores.get()) {
            scope.spawn(work);
        }
    });
    let (compiled, ran, failures) = outcomes.into_inner().unwrap();
    println!(
        "corpus, {machine:?}: {ran} ran and agreed, {compiled} more only compiled or were refused"
    );
    assert!(
        failures.is_empty(),
        "{} failed:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

enum Judged {
    Compiled,
    Ran,
}

fn judge(
    corpus: &Corpus,
    row: &Expected,
    machine: Machine,
    folder: &Path,
) -> Result<Judged, String> {
    let artefact = folder.join("module.so");
    let mut compile = Command::new(ahead());
    compile
        .arg("compile")
        .arg(corpus.path(&row.path))
        .arg("-o")
        .arg(&artefact);
    let compiled = run(compile.args(machine.options()), LIMITS);
    if !row.does.compiles() {
        return refused(&compiled, row).map(|()| Judged::Compiled);
    }
    if compiled.code() != Some(0) {
        return Err(format!("does not compile: {}", compiled.stderr()));
    }
    let limits = match row.does {
        _ if matches!(machine, Machine::Aarch64) => return Ok(Judged::Compiled),
        Does::Run | Does::Exit => LIMITS,
        Does::RunLong | Does::ExitLong if full() => LIMITS_OF_LONG,
        _ => return Ok(Judged::Compiled),
    };
    let scratch = tempfile::tempdir().unwrap();
    let mut command = Command::new(ahead());
    row.run_with(&mut command, corpus, &artefact, scratch.path());
    match row.disagreement(corpus, &run(&mut command, limits)) {
        None => Ok(Judged::Ran),
        Some(why) => Err(why),
    }
}

/// What is not built or not valid is refused with a message, which names what it is that is not built; it compiling is
/// news that the list must hear of.
fn refused(compiled: &Finished, row: &Expected) -> Result<(), String> {
    let said = compiled.stderr();
    let reason = match row.does {
        Does::Proposal => " proposal, which is not built yet",
        _ if row.note == "a component" => "the component-model proposal",
        _ => "error: ",
    };
    let is_refused = said.starts_with("error: ") && !said.contains("panicked at");
    match compiled.code() {
        Some(1) if is_refused && said.contains(reason) => Ok(()),
        Some(0) => Err(format!(
            "compiles, though it {:?}: run the oracle",
            row.does
        )),
        _ => Err(format!("was to be refused: {}\n{said}", compiled.status)),
    }
}
