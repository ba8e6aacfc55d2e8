//! Programs that throw, as clang compiles them: C++ exceptions, and `setjmp` with `longjmp`, by the instructions that
//! toolchains emit today (`tests/exceptions/`). What they print is theirs and no engine's: it follows from the sources.

use ahead_tests::aarch64::Aarch64;
use ahead_tests::{Limits, ahead, run, skip, workspace};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles sources without a C library and links them, into `folder`; or says what is missing.
fn build(sources: &[&str], options: &[&str], folder: &Path) -> Option<PathBuf> {
    let mut link = Command::new("wasm-ld-19");
    link.args(["--no-entry", "--export=_start", "--export-memory"]);
    for source in sources {
        let object = folder.join(source).with_extension("o");
        let mut clang = Command::new("clang-19");
        clang.args(["--target=wasm32-unknown-unknown", "-O2", "-nostdlib"]);
        clang.args(["-Wall", "-Wextra", "-Werror"]).args(options);
        clang
            .arg("-c")
            .arg(workspace().join("tests/exceptions").join(source));
        clang.arg("-o").arg(&object);
        if Command::new("clang-19").arg("--version").output().is_err() {
            skip("no clang-19");
            return None;
        }
        run(&mut clang, Limits::default()).ok();
        link.arg(object);
    }
    let module = folder.join("guest.wasm");
    run(link.arg("-o").arg(&module), Limits::default()).ok();
    Some(module)
}

/// Runs a guest in both bounds modes, optimised and not, here and under qemu.
fn prints(module: &Path, expected: &str) {
    let expected = workspace().join("tests/exceptions").join(expected);
    let expected = std::fs::read_to_string(expected).expect("what it prints");
    let artefact = module.with_extension("so");
    let aarch64 = Aarch64::find_or_skip();
    let mut machines = vec![None];
    machines.extend(aarch64.as_ref().map(Some));
    for machine in machines {
        for options in [
            ["--bounds", "guard"],
            ["--bounds", "explicit"],
            ["-O", "none"],
        ] {
            let mut compile = Command::new(ahead());
            compile.arg("compile").arg(module).arg("-o").arg(&artefact);
            compile.args(options);
            let mut command = match machine {
                None => Command::new(ahead()),
                Some(aarch64) => {
                    compile.args(["--target", "aarch64"]);
                    aarch64.ahead()
                }
            };
            run(&mut compile, Limits::default()).ok();
            let ran = run(command.arg("run").arg(&artefact), Limits::default()).ok();
            assert_eq!(ran.stdout(), expected, "{options:?}");
        }
    }
}

#[test]
fn cxx_programs_throw_and_catch() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = ["-std=c++20", "-fwasm-exceptions"];
    if let Some(module) = build(&["cxx.cpp", "runtime.cpp"], &options, folder.path()) {
        prints(&module, "cxx.expected");
    }
}

#[test]
fn c_programs_jump() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let options = ["-mexception-handling", "-mllvm", "-wasm-enable-sjlj"];
    if let Some(module) = build(&["longjmp.c", "setjmp.c"], &options, folder.path()) {
        prints(&module, "longjmp.expected");
    }
}
