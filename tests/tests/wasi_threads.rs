//! Programs with threads: those of the community's suite, guests of `tests/threads/`, Rust's standard library and C's
//! pthreads, each as a module, as an artefact and as an executable, and as an executable under qemu.
//!
//! A guest of `tests/threads/*.wat` says in its first lines what is expected of it:
//! ```text
//! ;; EXIT: 134                  exit code, 0 if it does not say
//! ;; OPTIONS: --max-threads 8   for `ahead run`, or kept in the executable
//! ;; SAYS: boom                 is in what it prints to standard error
//! ;; STDOUT-OF: x               standard output is this, over and over
//! ```

use ahead_tests::aarch64::Aarch64;
use ahead_tests::corpus::Corpus;
use ahead_tests::{Finished, Limits, ahead, golden, run, skip, workspace};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// A guest that does not end in this time does not end.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(60),
    memory_bytes_max: 4 << 30,
};

/// A program, and what is expected of it.
#[derive(Default)]
struct Guest {
    module: PathBuf,
    exit: i32,
    options: Vec<String>,
    says: Vec<String>,
    stdout_of: Option<String>,
    stdout: Option<&'static str>,
    stdin: Stdin,
}

/// What the program's standard input is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stdin {
    #[default]
    Empty,
    /// A pipe that nothing comes through.
    Silent,
}

impl Guest {
    fn of_file(path: &Path) -> Guest {
        let text = std::fs::read_to_string(path).expect("a guest");
        let lines = |name: &str| -> Vec<String> {
            golden::directives(&text, &format!(";; {name}: "))
                .map(|value| value.trim().to_owned())
                .collect()
        };
        let exit = lines("EXIT");
        Guest {
            module: path.to_owned(),
            exit: exit.first().map_or(0, |code| code.parse().expect("a code")),
            options: lines("OPTIONS")
                .iter()
                .flat_map(|line| line.split(' ').map(str::to_owned))
                .collect(),
            says: lines("SAYS"),
            stdout_of: lines("STDOUT-OF").pop(),
            ..Guest::default()
        }
    }

    fn name(&self) -> String {
        let name = self.module.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Says what was not as expected.
    fn disagreement(&self, how: &str, finished: &Finished) -> Option<String> {
        let (stdout, stderr) = (finished.stdout(), finished.stderr());
        let is_of = |part: &String| !stdout.is_empty() && stdout.replace(part, "").is_empty();
        let as_expected = finished.code() == Some(self.exit)
            && self.says.iter().all(|part| stderr.contains(part))
            && self.stdout_of.as_ref().is_none_or(is_of)
            && self.stdout.is_none_or(|expected| stdout == expected);
        (!as_expected).then(|| {
            format!(
                "{}, {how}: {}\n{stdout}\n{stderr}",
                self.name(),
                finished.status
            )
        })
    }

    /// Runs it in all ways that this machine has, each in a folder of its own.
    fn judge(&self, failures: &mut Vec<String>) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut judge = |how: &str, command: &mut Command| {
            let command = match self.stdin {
                Stdin::Empty => command,
                Stdin::Silent => &mut with_silent_input(command),
            };
            let finished = run(command.current_dir(folder.path()), LIMITS);
            failures.extend(self.disagreement(how, &finished));
        };
        let run_it = |file: &Path| {
            let mut command = Command::new(ahead());
            command.arg("run").args(&self.options).arg(file);
            command
        };
        judge("module", &mut run_it(&self.module));
        for (how, bounds) in [("guard", "guard"), ("explicit", "explicit")] {
            let artefact = folder.path().join("guest.so");
            compile(&self.module, &artefact, &["--bounds", bounds]);
            judge(how, &mut run_it(&artefact));
        }
        let program = folder.path().join("guest");
        let options: Vec<&str> = self.options.iter().map(String::as_str).collect();
        compile(&self.module, &program, &options);
        judge("executable", &mut Command::new(&program));
        if let Some(aarch64) = Aarch64::find_or_skip() {
            let mut options = options;
            let libraries = aarch64.folder().to_str().expect("a path in UTF-8");
            options.extend(["--target", "aarch64", "--runtime-lib", libraries]);
            // Which has no `openat2`.
            options.push("--fs-fallback");
            compile(&self.module, &program, &options);
            judge("executable under qemu", &mut aarch64.command(&program));
        }
    }
}

/// The command, with a pipe as its input that is open for longer than it runs.
fn with_silent_input(command: &Command) -> Command {
    let mut bash = Command::new("bash");
    bash.args(["-c", r#"exec "$@" < <(sleep 20 2>/dev/null)"#, "bash"]);
    bash.arg(command.get_program()).args(command.get_args());
    bash
}

fn compile(module: &Path, to: &Path, options: &[&str]) {
    let mut compile = Command::new(ahead());
    compile.arg("compile").arg(module).arg("-o").arg(to);
    run(compile.args(options), Limits::default()).ok();
}

fn judge_all(guests: &[Guest]) {
    let mut failures = Vec::new();
    for guest in guests {
        guest.judge(&mut failures);
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

#[test]
fn guests_do_as_they_say() {
    let files = golden::files(&workspace().join("tests/threads"), "wat");
    let guests: Vec<Guest> = files.iter().map(|file| Guest::of_file(file)).collect();
    assert!(guests.len() >= 12, "only {} guests", guests.len());
    judge_all(&guests);
}

/// The community's programs for wasi-threads, each with the exit code that it is to have.
const SUITE: &[(&str, i32)] = &[
    ("thread_spawn-simple", 0),
    ("wasi_threads_exit_main_busy", 99),
    ("wasi_threads_exit_main_wasi_read", 99),
    ("wasi_threads_exit_nonmain_busy", 99),
    ("wasi_threads_exit_nonmain_wasi_read", 99),
    ("wasi_threads_return_main_block", 0),
    ("wasi_threads_return_main_wasi", 0),
    ("wasi_threads_spawn", 22),
];

#[test]
fn the_suite_s_programs_do_as_they_must() {
    let Some(corpus) = Corpus::find_or_skip() else {
        return;
    };
    let folder = "features/wasi-testsuite-threads";
    assert_eq!(corpus.modules(folder).len(), SUITE.len());
    let guest = |&(name, exit)| Guest {
        module: corpus.path(&format!("{folder}/{name}.wasm")),
        exit,
        stdin: Stdin::Silent,
        ..Guest::default()
    };
    judge_all(&SUITE.iter().map(guest).collect::<Vec<_>>());
}

const TARGET: &str = "wasm32-wasip1-threads";

/// The folder of the target's libraries, the C library among them; or says what is missing.
fn wasi_threads() -> Option<PathBuf> {
    let sysroot = Command::new("rustc").args(["--print", "sysroot"]).output();
    let found = sysroot.ok().and_then(|output| {
        let sysroot = String::from_utf8(output.stdout).ok()?;
        let folder = Path::new(sysroot.trim()).join(format!("lib/rustlib/{TARGET}/lib"));
        folder.exists().then_some(folder)
    });
    if found.is_none() {
        skip("no Rust for wasm32-wasip1-threads; `rustup target add` it");
    }
    found
}

#[test]
fn rust_s_standard_library_has_threads() {
    if wasi_threads().is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let module = folder.path().join("std.wasm");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "-O", "--target", TARGET]);
    rustc.arg(workspace().join("tests/threads/std.rs"));
    run(rustc.arg("-o").arg(&module), Limits::default()).ok();
    judge_all(&[Guest {
        module,
        options: vec!["--dir".into(), ".::/".into()],
        stdout: Some("sum 31996000\nlocked 36000 8000\nlines 400\nchurned 19900\ndone\n"),
        ..Guest::default()
    }]);
}

#[test]
fn c_has_pthreads() {
    let Some(libraries) = wasi_threads() else {
        return;
    };
    let libraries = libraries.join("self-contained");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (object, module) = (folder.path().join("p.o"), folder.path().join("p.wasm"));
    let mut clang = Command::new("clang-19");
    clang.args([
        "--target=wasm32-wasip1-threads",
        "-pthread",
        "-O2",
        "-nostdinc",
        "-c",
    ]);
    clang.arg(workspace().join("tests/threads/pthreads.c"));
    if clang.arg("-o").arg(&object).status().is_err() {
        skip("no clang-19");
        return;
    }
    let mut link = Command::new("wasm-ld-19");
    link.args(["--shared-memory", "--import-memory", "--export-memory"]);
    link.args(["--max-memory=67108864", "-L"]).arg(&libraries);
    link.arg(libraries.join("crt1-command.o")).arg(&object);
    run(link.args(["-lc", "-o"]).arg(&module), Limits::default()).ok();
    judge_all(&[Guest {
        module,
        exit: 3,
        stdout: Some("counter 8000 sum 8120 mine 0\n"),
        ..Guest::default()
    }]);
}
