//! `ahead-fuzz differential`: modules run here by both engines.

use super::Tally;
use crate::outcome::Outcome;
use crate::{ahead, generator, wasmtime};
use ::wasmtime::Engine;
use ahead_compiler::Error;
use ahead_targets::Isa;
use anyhow::{Context, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

#[derive(Debug, clap::Args)]
pub struct Options {
    /// How many modules
    #[arg(long, default_value_t = 1000)]
    count: u64,
    /// The seed of the first one; the others follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads to use
    #[arg(long, default_value_t = 1)]
    jobs: u64,
}

/// How one module went.
enum Verdict {
    Agreed,
    Inconclusive,
    Refused,
    Mismatch(String),
}

pub fn execute(options: &Options) -> Result<ExitCode> {
    let engine = wasmtime::engine()?;
    let isa = Isa::host().context("this machine is none that code is made for")?;
    let next = AtomicU64::new(options.seed);
    let end = options.seed.saturating_add(options.count);
    let tally = Mutex::new(Tally::default());
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        break;
                    }
                    let verdict = judge(seed, isa, &engine);
                    let mut tally = tally.lock().expect("no thread panics with it");
                    match verdict {
                        Verdict::Agreed => tally.agreed += 1,
                        Verdict::Inconclusive => tally.inconclusive += 1,
                        Verdict::Refused => tally.refused += 1,
                        Verdict::Mismatch(message) => {
                            tally.mismatches += 1;
                            println!("seed {seed}: {message}");
                        }
                    }
                }
            });
        }
    });
    let tally = tally.into_inner().expect("no thread panics with it");
    Ok(tally.report())
}

fn judge(seed: u64, isa: Isa, engine: &Engine) -> Verdict {
    let Ok(wasm) = generator::module(seed) else {
        return Verdict::Refused;
    };
    let Some(theirs) = wasmtime::run(seed, engine, &wasm) else {
        return Verdict::Refused;
    };
    let ours = catch_unwind(AssertUnwindSafe(|| ours(seed, isa, &wasm)));
    match ours.unwrap_or_else(|_| Err("a panic".into())) {
        Err(message) => Verdict::Mismatch(message),
        Ok(None) => Verdict::Refused,
        Ok(Some(ours)) if ours.inconclusive || theirs.inconclusive => Verdict::Inconclusive,
        Ok(Some(ours)) => match ours.difference(&theirs) {
            None => Verdict::Agreed,
            Some((ours, theirs)) => {
                Verdict::Mismatch(format!("Ahead: {ours}\n    wasmtime: {theirs}"))
            }
        },
    }
}

/// `None` if a limit of ours refuses the module.
fn ours(seed: u64, isa: Isa, wasm: &[u8]) -> Result<Option<Outcome>, String> {
    match ahead_compiler::compile(wasm, &generator::config(seed, isa)) {
        Ok(artefact) => {
            let module =
                ahead::open(&artefact.shared_object()).map_err(|error| error.to_string())?;
            Ok(Some(ahead::run(seed, &module)))
        }
        Err(Error::Limit { .. }) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}
