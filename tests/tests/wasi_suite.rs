//! The WASI test suite of the WebAssembly community: programs, each with what it must print and exit with.
//!
//! Every program runs natively, with the kernel's lookup of paths, and again with `openat2` taken away and ours in
//! its place; and on aarch64 under qemu, which has no `openat2`. The programs are not part of the repository.

use ahead_tests::aarch64::Aarch64;
use ahead_tests::corpus::{Corpus, copy};
use ahead_tests::{Limits, ahead, run, skip, workspace};
use serde_json::Value;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many programs the suite has.
const PROGRAMS: usize = 72;

/// A program of the suite and what is expected of it.
struct Program {
    /// Its path in the corpus.
    name: String,
    path: PathBuf,
    /// Defaults hold for what it does not say.
    specification: Value,
}

impl Program {
    fn all(corpus: &Corpus) -> Vec<Program> {
        let modules = corpus.modules("wasi/wasi-testsuite").into_iter();
        let programs = modules.map(|name| {
            let path = corpus.path(&name);
            let specification = match fs::read(path.with_extension("json")) {
                Ok(json) => serde_json::from_slice(&json).expect("a specification is JSON"),
                Err(_) => Value::Null,
            };
            Program {
                name,
                path,
                specification,
            }
        });
        programs.collect()
    }

    fn text(&self, key: &str) -> &str {
        self.specification[key].as_str().unwrap_or_default()
    }

    /// Options for `ahead run`; its directory is copied, since programs change it.
    fn options(&self, scratch: &Path) -> Vec<OsString> {
        let mut options = Vec::new();
        for (name, value) in self.specification["env"].as_object().into_iter().flatten() {
            let value = value.as_str().expect("a variable is a string");
            options.extend(["--env".into(), format!("{name}={value}").into()]);
        }
        if let Some(root) = self.specification["root"].as_str() {
            let from = self.path.with_file_name(root);
            let to = scratch.join("root");
            copy(&from, &to);
            let mut dir = to.into_os_string();
            dir.push("::/");
            options.extend(["--dir".into(), dir]);
        }
        options
    }

    fn args(&self) -> impl Iterator<Item = &str> {
        let args = self.specification["args"].as_array().into_iter().flatten();
        args.map(|arg| arg.as_str().expect("an argument is a string"))
    }

    /// Runs `file`, this program or what it was compiled to; says what was not as expected.
    fn check(&self, mut command: Command, options: &[&str], file: &Path) -> Option<String> {
        let scratch = tempfile::tempdir().expect("a temporary directory");
        command.arg("run").args(options);
        command.args(self.options(scratch.path())).arg(file);
        command.arg("--").args(self.args());
        let finished = run(&mut command, Limits::default());
        let code = self.specification["exit_code"].as_i64().unwrap_or(0);
        let as_expected = finished.code().map(i64::from) == Some(code)
            && (self.text("stdout").is_empty() || finished.stdout() == self.text("stdout"));
        if as_expected {
            return None;
        }
        Some(format!(
            "{}: {}\n{}{}",
            self.name,
            finished.status,
            finished.stdout(),
            finished.stderr()
        ))
    }
}

fn report(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{} of {PROGRAMS} programs failed:\n\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

fn programs() -> Option<Vec<Program>> {
    let programs = Program::all(&Corpus::find_or_skip()?);
    assert_eq!(programs.len(), PROGRAMS);
    Some(programs)
}

/// Compiles a program for `target`.
fn compiled(program: &Program, target: &[&str], to: &Path) {
    let mut compile = Command::new(ahead());
    compile.arg("compile").arg(&program.path).arg("-o").arg(to);
    run(compile.args(target), Limits::default()).ok();
}

#[test]
fn programs_do_as_they_must() {
    let Some(programs) = programs() else { return };
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let file = scratch.path().join("program.so");
    let mut failures = Vec::new();
    for program in &programs {
        compiled(program, &[], &file);
        failures.extend(program.check(Command::new(ahead()), &[], &file));
    }
    report(&failures);
}

/// Makes `hosts/without_openat2.c`; gives a command that runs `ahead` with `openat2` failing with `errno`.
fn ahead_without_openat2(folder: &Path, errno: &str) -> Option<Command> {
    let program = folder.join("without_openat2");
    let mut cc = Command::new("cc");
    cc.arg(workspace().join("tests/hosts/without_openat2.c"));
    run(cc.arg("-o").arg(&program), Limits::default()).ok();
    let mut try_it = Command::new(&program);
    let tried = run(try_it.args([errno, "true"]), Limits::default());
    if tried.code() != Some(0) {
        skip("this system has no filters for system calls");
        return None;
    }
    let mut command = Command::new(program);
    command.arg(errno).arg(ahead());
    Some(command)
}

const ENOSYS: &str = "38";
const EPERM: &str = "1";

#[test]
fn programs_do_as_they_must_without_openat2() {
    let Some(programs) = programs() else { return };
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let file = scratch.path().join("program.so");
    let mut failures = Vec::new();
    for program in &programs {
        let Some(command) = ahead_without_openat2(scratch.path(), ENOSYS) else {
            return;
        };
        compiled(program, &[], &file);
        failures.extend(program.check(command, &["--fs-fallback"], &file));
    }
    report(&failures);
}

/// Nobody gets the slower lookup who did not ask for it; who has no directories does not need any.
#[test]
fn without_openat2_the_fallback_has_to_be_asked_for() {
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let module = scratch.path().join("nothing.wat");
    fs::write(&module, "(module (func (export \"_start\")))").expect("a module");
    for errno in [ENOSYS, EPERM] {
        let ahead = |options: &[&str]| {
            let mut command = ahead_without_openat2(scratch.path(), errno)?;
            command.arg("run").arg(&module).args(options);
            command.current_dir(scratch.path());
            Some(run(&mut command, Limits::default()))
        };
        let Some(refused) = ahead(&["--dir", "."]) else {
            return;
        };
        let said = refused.refused();
        assert!(
            said.contains("`openat2`") && said.contains("`--fs-fallback`"),
            "{said}"
        );
        for options in [&["--dir", ".", "--fs-fallback"][..], &[]] {
            ahead(options).expect("it could be run before").ok();
        }
    }
}

#[test]
fn programs_do_as_they_must_on_aarch64() {
    let Some(programs) = programs() else { return };
    let Some(aarch64) = Aarch64::find_or_skip() else {
        return;
    };
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let file = scratch.path().join("program.so");
    let mut failures = Vec::new();
    for program in &programs {
        compiled(program, &["--target", "aarch64"], &file);
        failures.extend(program.check(aarch64.ahead(), &["--fs-fallback"], &file));
    }
    report(&failures);
}
