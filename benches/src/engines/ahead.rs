//! Ourselves, through the same libraries that the `ahead` program is made of.

use super::{Engine, Stopwatch};
use ahead_compiler::Config;
use ahead_runtime::{Caller, Linker, Module, Store};
use ahead_targets::{CpuFeatures, Isa};
use ahead_wasi::{Access, Preopen, WasiConfig, WasiCtx};
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::time::Duration;

/// Ahead, with default settings but for this machine's CPU, as the peer has it.
pub struct Ahead;

struct Guest {
    wasi: WasiCtx,
    stopwatch: Stopwatch,
}

/// Opens an artefact that this run of the benchmarks made.
pub(crate) fn load(artefact: &Path) -> Result<Module> {
    // SAFETY: the file was made by `compile` below, or like it, in this run of the benchmarks.
    #[allow(unsafe_code)]
    let module = unsafe { Module::open(artefact) };
    Ok(module?)
}

impl Engine for Ahead {
    fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>> {
        let isa = Isa::host().context("not a machine that we compile for")?;
        let config = Config {
            cpu: CpuFeatures::parse(isa, "native")?,
            ..Config::for_target(isa)
        };
        Ok(ahead_compiler::compile(wasm, &config)?.shared_object())
    }

    fn open(&self, artefact: &Path) -> Result<()> {
        load(artefact).map(drop)
    }

    fn run(&self, artefact: &Path, directory: Option<&Path>, args: &[String]) -> Result<Duration> {
        let module = load(artefact)?;
        let mut config = WasiConfig::inherit_stdio();
        config.args = args.iter().map(|arg| arg.clone().into_bytes()).collect();
        if let Some(directory) = directory {
            let preopen = Preopen::open(directory, b".".to_vec(), Access::ReadWrite)?;
            config.preopens.push(preopen);
        }
        let mut linker = Linker::new();
        ahead_wasi::add_to_linker(&mut linker, |guest: &mut Guest| &mut guest.wasi);
        linker.func("bench", "start", |mut caller: Caller<'_, Guest>| {
            caller.data_mut().stopwatch.start();
        });
        linker.func("bench", "end", |mut caller: Caller<'_, Guest>| {
            caller.data_mut().stopwatch.stop();
        });
        let mut store = Store::new(Guest {
            wasi: WasiCtx::new(config)?,
            stopwatch: Stopwatch::default(),
        });
        let mut whole = Stopwatch::default();
        whole.start();
        let exit = ahead_wasi::run_command(&linker, &mut store, &module)?;
        whole.stop();
        ensure!(exit == 0, "exit code {exit}");
        let stopwatch = &store.data().stopwatch;
        stopwatch
            .elapsed()
            .or(whole.elapsed())
            .context("no time was taken")
    }
}
