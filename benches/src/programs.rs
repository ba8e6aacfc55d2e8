//! What is measured: modules of the corpus, none of which was written here.

use anyhow::{Result, ensure};
use std::path::PathBuf;

/// Modules of about 1 MB: from Rust, TinyGo and C, without newer proposals.
pub const COMPILED: &[&str] = &[
    "wasi/sightglass/benchmarks__rust-html-rewriter__benchmark.wasm",
    "wasi/chicory/wasm-corpus__src__main__resources__compiled__javy-demo.js.javy.wasm",
    "wasi/sightglass/benchmarks__rust-compression__benchmark.wasm",
    "wasi/sightglass/benchmarks__tinygo__tinygo-json.wasm",
];

/// A program that is run.
#[derive(Clone, Copy, Debug)]
pub struct Program {
    pub name: &'static str,
    /// Path in the corpus.
    pub module: &'static str,
    pub args: &'static [&'static str],
}

const fn sightglass(name: &'static str, module: &'static str) -> Program {
    Program {
        name,
        module,
        args: &[],
    }
}

/// Programs that need no files. The sightglass ones mark the region to measure; `nestedloop` is not among them,
/// since both engines find that its loops do nothing.
pub const RUN: &[Program] = &[
    sightglass(
        "base64",
        "wasi/sightglass/benchmarks__shootout__shootout-base64.wasm",
    ),
    sightglass(
        "ed25519",
        "wasi/sightglass/benchmarks__shootout__shootout-ed25519.wasm",
    ),
    sightglass(
        "gimli",
        "wasi/sightglass/benchmarks__shootout__shootout-gimli.wasm",
    ),
    sightglass(
        "keccak",
        "wasi/sightglass/benchmarks__shootout__shootout-keccak.wasm",
    ),
    sightglass(
        "memmove",
        "wasi/sightglass/benchmarks__shootout__shootout-memmove.wasm",
    ),
    sightglass(
        "ratelimit",
        "wasi/sightglass/benchmarks__shootout__shootout-ratelimit.wasm",
    ),
    sightglass(
        "sieve",
        "wasi/sightglass/benchmarks__shootout__shootout-sieve.wasm",
    ),
    sightglass(
        "xblabla20",
        "wasi/sightglass/benchmarks__shootout__shootout-xblabla20.wasm",
    ),
    sightglass(
        "gcc-loops",
        "wasi/sightglass/benchmarks__gcc-loops__benchmark.wasm",
    ),
    Program {
        name: "binary-trees",
        module: "wasi/WAVM/Benchmarks__binary-trees.wasm",
        args: &["15"],
    },
    Program {
        name: "fannkuch-redux",
        module: "wasi/WAVM/Benchmarks__fannkuch-redux.wasm",
        args: &["9"],
    },
    Program {
        name: "mandelbrot",
        module: "wasi/WAVM/Benchmarks__mandelbrot.wasm",
        args: &["500"],
    },
    Program {
        name: "spectral-norm",
        module: "wasi/WAVM/Benchmarks__spectral-norm.wasm",
        args: &["500"],
    },
    Program {
        name: "c-ray",
        module: "wasi/wasm3/test__wasi__c-ray__c-ray.wasm",
        args: &[],
    },
    Program {
        name: "raymarcher",
        module: "wasi/wasm3/test__wasi__raymarcher__raymarcher.wasm",
        args: &[],
    },
    Program {
        name: "wasm3-fib",
        module: "wasi/wasm3/test__self-hosting__wasm3-fib.wasm",
        args: &["27"],
    },
    Program {
        name: "hashset",
        module: "wasi/wasm-micro-runtime/tests__standalone__hashset__HashSet.wasm",
        args: &[],
    },
    Program {
        name: "fasta",
        module: "wasi/wasm-micro-runtime/tests__standalone__fasta__fasta.wasm",
        args: &["500000"],
    },
];

/// Those of them that print how long something took: what they print is not compared.
pub const PRINT_TIMES: &[&str] = &["wasm3-fib", "hashset"];

/// Where the corpus is: `AHEAD_CORPUS`, or checked out beside the repository.
pub fn corpus() -> Result<PathBuf> {
    let root = match std::env::var_os("AHEAD_CORPUS") {
        Some(root) => PathBuf::from(root),
        None => PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus")),
    };
    ensure!(
        root.join("MANIFEST.tsv").is_file(),
        "no corpus at `{}`\n\nhint: set AHEAD_CORPUS to a folder with a MANIFEST.tsv",
        root.display()
    );
    Ok(root)
}
