//! The peer: wasmtime as a crate, with its default settings for this machine.

use super::{Engine, Stopwatch};
use anyhow::{Context, Result, anyhow};
use std::path::Path;
use std::time::Duration;
use wasmtime::{Caller, Linker, Module, Store};
use wasmtime_wasi::p0;
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtxBuilder};

/// wasmtime, set up once in a process.
pub struct Wasmtime {
    engine: wasmtime::Engine,
}

struct Guest {
    wasi: WasiP1Ctx,
    stopwatch: Stopwatch,
}

impl Wasmtime {
    pub fn new() -> Result<Self> {
        let engine = wasmtime::Engine::new(&wasmtime::Config::new()).map_err(flat)?;
        Ok(Wasmtime { engine })
    }

    fn load(&self, artefact: &Path) -> Result<Module> {
        // SAFETY: the file was made by `compile` below, in this run of the benchmarks.
        #[allow(unsafe_code)]
        let module = unsafe { Module::deserialize_file(&self.engine, artefact) };
        module.map_err(flat)
    }
}

/// wasmtime's errors are its own type.
fn flat(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:?}")
}

impl Engine for Wasmtime {
    fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>> {
        self.engine.precompile_module(wasm).map_err(flat)
    }

    fn open(&self, artefact: &Path) -> Result<()> {
        self.load(artefact).map(drop)
    }

    fn run(&self, artefact: &Path, directory: Option<&Path>, args: &[String]) -> Result<Duration> {
        let module = self.load(artefact)?;
        let mut linker = Linker::<Guest>::new(&self.engine);
        p0::add_to_linker_sync(&mut linker, |guest| &mut guest.wasi).map_err(flat)?;
        p1::add_to_linker_sync(&mut linker, |guest| &mut guest.wasi).map_err(flat)?;
        linker
            .func_wrap("bench", "start", |mut caller: Caller<'_, Guest>| {
                caller.data_mut().stopwatch.start();
            })
            .and_then(|linker| {
                linker.func_wrap("bench", "end", |mut caller: Caller<'_, Guest>| {
                    caller.data_mut().stopwatch.stop();
                })
            })
            .map_err(flat)?;
        let mut wasi = WasiCtxBuilder::new();
        // As the wasmtime program has it: a call is then made where it is, not on a thread of its own.
        wasi.inherit_stdio()
            .args(args)
            .allow_blocking_current_thread(true);
        if let Some(directory) = directory {
            wasi.preopened_dir(directory, ".", FsPerms::ReadWrite)
                .map_err(flat)?;
        }
        let wasi = wasi.build_p1();
        let guest = Guest {
            wasi,
            stopwatch: Stopwatch::default(),
        };
        let mut store = Store::new(&self.engine, guest);
        let mut whole = Stopwatch::default();
        whole.start();
        let outcome = linker
            .instantiate(&mut store, &module)
            .and_then(|instance| instance.get_typed_func::<(), ()>(&mut store, "_start"))
            .and_then(|start| start.call(&mut store, ()));
        whole.stop();
        if let Err(error) = outcome {
            match error.downcast_ref::<I32Exit>() {
                Some(I32Exit(0)) => {}
                _ => return Err(flat(error)),
            }
        }
        let stopwatch = &store.data().stopwatch;
        stopwatch
            .elapsed()
            .or(whole.elapsed())
            .context("no time was taken")
    }
}
