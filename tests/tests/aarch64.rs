//! aarch64, end to end on another machine: compiled here, run under qemu by the aarch64 runtime.
//!
//! The specification's suite under qemu is in `spec.rs`; here are the three kinds of output and real programs.

use ahead_tests::aarch64::Aarch64;
use ahead_tests::corpus::Corpus;
use ahead_tests::expected::{self, Does};
use ahead_tests::process::{Finished, Limits, run};
use ahead_tests::{ahead, full, samples, workspace};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const LIMITS: Limits = Limits {
    time: Duration::from_secs(600),
    memory_bytes_max: 6 << 30,
};

/// Corpus programs that run under qemu in every test run: C, Rust, TinyGo, Zig and AssemblyScript; integers, floats,
/// tables, traps, files. `--full` runs all.
const SUBSET: &[&str] = &[
    "features/",
    "wasi/WAVM/Benchmarks__binary-trees.wasm",
    "wasi/WAVM/Benchmarks__spectral-norm.wasm",
    "wasi/chicory/wasm-corpus__src__main__resources__compiled__hello-wasi.wat.wasm",
    "wasi/sightglass/benchmarks__blake3-scalar__benchmark.wasm",
    "wasi/sightglass/benchmarks__quicksort__benchmark.wasm",
    "wasi/sightglass/benchmarks__richards__benchmark.wasm",
    "wasi/sightglass/benchmarks__rust-html-rewriter__benchmark.wasm",
    "wasi/sightglass/benchmarks__tinygo__tinygo-json.wasm",
    "wasi/wasi-testsuite/assemblyscript/",
    "wasi/wasi-testsuite/c/",
    "wasi/wasi-testsuite/rust/",
    "wasi/wasm-micro-runtime/tests__standalone__fasta__fasta.wasm",
    "wasi/wasm-micro-runtime/tests__standalone__string-view__test_string_view.wasm",
    "wasi/wasm3/test__self-hosting__wasm3-fib.wasm",
    "wasi/wasmer-js/",
    "wasi/wasmi/",
    "wasi/wazero/",
];

/// Compiles for aarch64.
fn compile(module: &Path, output: &Path, options: &[&str]) -> Finished {
    let mut command = Command::new(ahead());
    command.arg("compile").arg(module).arg("-o").arg(output);
    run(command.args(["--target", "aarch64"]).args(options), LIMITS).ok()
}

#[test]
fn a_shared_object_runs() {
    let Some(aarch64) = Aarch64::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (module, artefact) = (
        folder.path().join("hello.wat"),
        folder.path().join("hello.so"),
    );
    std::fs::write(&module, samples::HELLO).unwrap();
    for bounds in ["guard", "explicit"] {
        compile(&module, &artefact, &["--bounds", bounds]);
        let finished = run(aarch64.ahead().arg("run").arg(&artefact), LIMITS).ok();
        assert_eq!(finished.stdout(), "hello\n", "{bounds}");
    }
}

#[test]
fn traps_have_a_backtrace() {
    let Some(aarch64) = Aarch64::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (module, artefact) = (
        folder.path().join("trap.wat"),
        folder.path().join("trap.so"),
    );
    let cases = [
        (
            "(drop (i32.load (i32.const -4)))",
            "out of bounds memory access",
        ),
        (
            "(drop (i32.div_s (i32.const 1) (global.get $zero)))",
            "integer divide by zero",
        ),
        ("(call $inner)", "stack"),
        ("unreachable", "unreachable"),
    ];
    for bounds in ["guard", "explicit"] {
        for (body, message) in cases {
            let wat = format!(
                "(module (memory 1) (global $zero (mut i32) (i32.const 0))
                   (func $inner {body}) (func $outer (export \"_start\") (call $inner)))"
            );
            std::fs::write(&module, wat).unwrap();
            compile(&module, &artefact, &["--bounds", bounds]);
            let said = run(aarch64.ahead().arg("run").arg(&artefact), LIMITS)
                .with_code(134)
                .stderr();
            for part in [message, "inner"] {
                assert!(
                    said.contains(part),
                    "{bounds}, {body}: no `{part}` in\n{said}"
                );
            }
        }
    }
}

#[test]
fn an_executable_runs() {
    let Some(aarch64) = Aarch64::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let (module, program) = (folder.path().join("hello.wat"), folder.path().join("hello"));
    std::fs::write(&module, samples::HELLO).unwrap();
    let libraries = aarch64.folder().to_str().unwrap();
    compile(&module, &program, &["--runtime-lib", libraries]);
    let finished = run(&mut aarch64.command(&program), LIMITS).ok();
    assert_eq!(finished.stdout(), "hello\n");
}

#[test]
fn an_object_links_into_a_c_program() {
    let Some(aarch64) = Aarch64::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::write(
        at("sum.wat"),
        "(module (func (export \"add\") (param i32 i32) (result i32)
        (i32.add (local.get 0) (local.get 1))))",
    )
    .unwrap();
    compile(
        &at("sum.wat"),
        &at("sum.o"),
        &["--prefix", "sum", "--header", at("sum.h").to_str().unwrap()],
    );
    std::fs::write(
        at("main.c"),
        r#"#include "sum.h"
           #include <ahead.h>
           #include <stdio.h>
           int main(void) {
             ahead_module_t *module;
             ahead_instance_t *instance;
             ahead_store_t *store = ahead_store_new(NULL, NULL);
             ahead_linker_t *linker = ahead_linker_new();
             if (ahead_module_adopt(&sum_module, &module)) return 1;
             if (ahead_linker_instantiate(linker, store, module, &instance)) return 2;
             int32_t sum = 0;
             if (sum_add(instance, 40, 2, &sum)) return 3;
             printf("%d\n", sum);
             return 0;
           }"#,
    )
    .unwrap();
    let mut cc = aarch64.cc();
    cc.arg("-I")
        .arg(workspace().join("runtime-support/capi/include"));
    cc.arg("-o")
        .arg(at("main"))
        .arg(at("main.c"))
        .arg(at("sum.o"))
        .arg(aarch64.folder().join("libahead.a"));
    run(cc.args(["-lpthread", "-ldl", "-lm"]), LIMITS).ok();
    let finished = run(&mut aarch64.command(&at("main")), LIMITS).ok();
    assert_eq!(finished.stdout(), "42\n");
}

#[test]
fn corpus_programs_agree() {
    let (Some(aarch64), Some(corpus)) = (Aarch64::find_or_skip(), Corpus::find_or_skip()) else {
        return;
    };
    let list = std::fs::read_to_string(workspace().join("tests/corpus/expected.tsv")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let artefact = folder.path().join("module.so");
    let (mut ran, mut failures) = (0, Vec::new());
    for row in expected::read(&list) {
        let chosen = full() || SUBSET.iter().any(|prefix| row.path.starts_with(prefix));
        if !chosen || !matches!(row.does, Does::Run | Does::Exit) {
            continue;
        }
        compile(&corpus.path(&row.path), &artefact, &[]);
        let scratch = tempfile::tempdir().unwrap();
        let mut command = aarch64.ahead();
        row.run_with(&mut command, &corpus, &artefact, scratch.path());
        let finished = run(&mut command, LIMITS);
        let wrong = row.disagreement(&corpus, &finished);
        failures.extend(wrong.map(|why| format!("{}: {why}", row.path)));
        ran += 1;
    }
    println!("{ran} corpus programs ran under qemu");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(ran >= 20, "only {ran} programs ran");
}
