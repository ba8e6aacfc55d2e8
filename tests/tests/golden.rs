//! Code that comes out, compared whole: `tests/golden/<topic>/<name>.wat`.
//!
//! A file says in its first lines which variants of it to compile, by name and flags:
//! ```text
//! ;; GOLDEN guard: --bounds guard
//! ;; GOLDEN explicit: --bounds explicit
//! ```
//! For each variant `<name>.<variant>.clif` holds the code before the code generator, which is to be the
//! same for every target, and `<name>.<variant>.<isa>.asm` the disassembly. `BLESS=1` rewrites them all.

use ahead_tests::{Limits, ahead, golden, process, workspace};
use std::path::Path;
use std::process::Command;

const TARGETS: [&str; 2] = ["x86_64", "aarch64"];

#[test]
fn golden() {
    let root = workspace().join("tests/golden");
    golden::for_each(&golden::files(&root, "wat"), check);
    golden::no_orphans(&root, "wat", &["clif", "asm"]);
}

fn check(file: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let mut count = 0;
    for line in golden::directives(&text, ";; GOLDEN") {
        let (variant, flags) = line
            .split_once(':')
            .ok_or_else(|| format!("cannot read `;; GOLDEN {line}`"))?;
        check_variant(file, variant.trim(), flags)?;
        count += 1;
    }
    if count == 0 {
        return Err("it has no `;; GOLDEN` line".into());
    }
    Ok(())
}

fn check_variant(file: &Path, variant: &str, flags: &str) -> Result<(), String> {
    let mut clifs = Vec::new();
    for target in TARGETS {
        let emit = |what| emit(file, target, what, flags);
        clifs.push(emit("clif")?);
        let path = file.with_extension(format!("{variant}.{target}.asm"));
        golden::compare(&path, &emit("asm")?)?;
    }
    let [first, rest @ ..] = &clifs[..] else {
        return Err("there are no targets".into());
    };
    if rest.iter().any(|other| other != first) {
        return Err(format!(
            "{variant}: the targets differ before code generation"
        ));
    }
    golden::compare(&file.with_extension(format!("{variant}.clif")), first)
}

fn emit(file: &Path, target: &str, what: &str, flags: &str) -> Result<String, String> {
    let mut command = Command::new(ahead());
    command
        .args(["compile", "--emit", what, "--target", target])
        .args(flags.split_whitespace())
        .arg(file);
    let finished = process::run(&mut command, Limits::default());
    if finished.code() != Some(0) {
        return Err(format!("{command:?} failed:\n{}", finished.stderr()));
    }
    Ok(finished.stdout())
}
