//! Large programs that nobody wrote for us, over files: ripgrep, SQLite, the tests of Go's standard library.
//!
//! `scripts/programs.sh` builds them; `scripts/test.sh --full` does that first. Natively each runs with all the files
//! it can use, on aarch64 under qemu those that take little time there.

use ahead_tests::aarch64::Aarch64;
use ahead_tests::process::{Finished, Limits, run, run_with_input};
use ahead_tests::{ahead, skip, workspace};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMITS: Limits = Limits {
    time: Duration::from_secs(600),
    memory_bytes_max: 6 << 30,
};

/// Where a program runs, and what it is compiled for.
enum Machine {
    Host,
    Aarch64(Aarch64),
}

impl Machine {
    /// Both, as far as they are there.
    fn all() -> Vec<Machine> {
        let aarch64 = Aarch64::find_or_skip().map(Machine::Aarch64);
        [Machine::Host].into_iter().chain(aarch64).collect()
    }

    fn is_emulated(&self) -> bool {
        matches!(self, Machine::Aarch64(_))
    }

    fn compile(&self, module: &Path, scratch: &Path) -> PathBuf {
        let artefact = scratch.join("program.so");
        let mut compile = Command::new(ahead());
        compile.arg("compile").arg(module).arg("-o").arg(&artefact);
        if self.is_emulated() {
            compile.args(["--target", "aarch64"]);
        }
        run(&mut compile, LIMITS).ok();
        artefact
    }

    fn run(&self) -> Command {
        let mut command = match self {
            Machine::Host => Command::new(ahead()),
            Machine::Aarch64(aarch64) => aarch64.ahead(),
        };
        command.args(["run", "--fs-fallback"]);
        command
    }
}

/// Where the programs are.
fn programs() -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
    let folder = workspace().join(target).join("programs");
    if folder.join("goroot").is_file() {
        return Some(folder);
    }
    skip("large programs are not built; run scripts/programs.sh");
    None
}

fn grant(host: &Path, rest: &str) -> OsString {
    let mut grant = host.as_os_str().to_owned();
    grant.push(rest);
    grant
}

#[test]
fn ripgrep_finds_what_is_there() {
    let Some(programs) = programs() else { return };
    let sources = workspace().join("abi-shims/wasi/src");
    let mut expected: Vec<String> = std::fs::read_dir(&sources)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .filter_map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| line.contains("pub(crate) fn "));
            let name = path.file_name().unwrap().to_str().unwrap();
            Some(lines.count())
                .filter(|count| *count > 0)
                .map(|count| format!("{name}:{count}"))
        })
        .collect();
    expected.sort();
    for machine in Machine::all() {
        let scratch = tempfile::tempdir().unwrap();
        let artefact = machine.compile(&programs.join("ripgrep.wasm"), scratch.path());
        let mut command = machine.run();
        command.arg("--dir").arg(grant(&sources, "::.:ro"));
        command.arg(artefact).arg("--");
        command.args([
            "-c",
            "--sort",
            "path",
            "--max-depth",
            "1",
            r"pub\(crate\) fn ",
        ]);
        let found = run(&mut command, LIMITS).ok().stdout();
        let mut found: Vec<&str> = found.lines().collect();
        found.sort_unstable();
        assert_eq!(found, expected);
    }
}

/// The expected rows were told by SQLite built for Linux.
#[test]
fn sqlite_keeps_a_database() {
    let Some(programs) = programs() else { return };
    let beside = |name: &str| std::fs::read(workspace().join("tests/programs").join(name)).unwrap();
    let expected = String::from_utf8(beside("sqlite.expected")).unwrap();
    for machine in Machine::all() {
        let scratch = tempfile::tempdir().unwrap();
        let files = scratch.path().join("files");
        std::fs::create_dir(&files).unwrap();
        let artefact = machine.compile(&programs.join("sqlite.wasm"), scratch.path());
        let query = |sql: &[u8]| {
            let mut command = machine.run();
            command.arg("--dir").arg(grant(&files, "::."));
            command.arg(&artefact).args(["--", "test.db"]);
            run_with_input(&mut command, sql, LIMITS).ok().stdout()
        };
        assert_eq!(query(&beside("sqlite.sql")), expected);
        // By another process, from the disk; its journal is gone.
        let again = query(b"PRAGMA integrity_check; SELECT count(*) FROM t WHERE n <= 2;");
        assert_eq!(again, "ok\n14\n");
        assert_eq!(std::fs::read_dir(&files).unwrap().count(), 1);
    }
}

/// Tests that ask for what these runs do not have: files at the root of Go's distribution, which packages of it leave
/// out, and the root directory, which qemu takes for its own.
const GO_SKIPPED: &str = "^(TestFileReadDir|TestFileReaddir|TestFileReaddirnames|TestFileChdir)$";

/// Packages whose tests qemu runs in seconds.
const GO_UNDER_QEMU: &[&str] = &[
    "bufio",
    "encoding/csv",
    "io",
    "io/fs",
    "os",
    "path/filepath",
    "sort",
    "strings",
    "text/template",
];

#[test]
fn go_s_own_tests_pass() {
    let Some(programs) = programs() else { return };
    let root = std::fs::read_to_string(programs.join("goroot")).unwrap();
    let root = Path::new(root.trim());
    let mut failures = Vec::new();
    for machine in Machine::all() {
        let mut ran = 0;
        for entry in std::fs::read_dir(&programs).unwrap() {
            let module = entry.unwrap().path();
            let name = module.file_name().unwrap().to_str().unwrap();
            let Some(package) = name
                .strip_prefix("go-")
                .and_then(|name| name.strip_suffix(".wasm"))
            else {
                continue;
            };
            let package = package.replace('-', "/");
            if machine.is_emulated() && !GO_UNDER_QEMU.contains(&package.as_str()) {
                continue;
            }
            let finished = go_tests(&machine, &module, root, &package);
            if finished.code() != Some(0) || !finished.stdout().ends_with("PASS\n") {
                failures.push(format!(
                    "{package}: {}\n{}{}",
                    finished.status,
                    finished.stdout(),
                    finished.stderr()
                ));
            }
            ran += 1;
        }
        assert!(
            ran >= GO_UNDER_QEMU.len(),
            "only {ran} packages were tested"
        );
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn go_tests(machine: &Machine, module: &Path, root: &Path, package: &str) -> Finished {
    let scratch = tempfile::tempdir().unwrap();
    let artefact = machine.compile(module, scratch.path());
    let files = scratch.path().join("tmp");
    std::fs::create_dir(&files).unwrap();
    let mut command = machine.run();
    // Read-only but for what it makes itself; `/dev` for `/dev/null`.
    command.arg("--dir").arg(grant(root, ":ro"));
    command.arg("--dir").arg(grant(&files, "::/tmp"));
    command.args(["--dir", "/dev"]);
    let folder = root.join("src").join(package);
    for (name, value) in [("PWD", folder.as_path()), ("GOROOT", root)] {
        command
            .arg("--env")
            .arg(format!("{name}={}", value.display()));
    }
    command.arg(artefact);
    command.args(["--", "-test.short", "-test.skip", GO_SKIPPED]);
    run(&mut command, LIMITS)
}
