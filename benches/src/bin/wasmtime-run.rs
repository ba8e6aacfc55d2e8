//! The least that `wasmtime run --allow-precompiled X.cwasm` has to do: map the artefact, link WASI, call
//! `_start`. Stands in for the wasmtime program where that is not installed; it does less, so a comparison with it
//! is the stricter one.

use std::path::Path;
use wasmtime::{Config, Engine, Linker, Module, Store};
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::{I32Exit, WasiCtxBuilder};

fn main() -> wasmtime::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let engine = Engine::new(&Config::new())?;
    // SAFETY: the file was made by this engine, in this run of the benchmarks.
    #[allow(unsafe_code)]
    let module = unsafe { Module::deserialize_file(&engine, Path::new(&args[0])) }?;
    let mut linker = Linker::<WasiP1Ctx>::new(&engine);
    p1::add_to_linker_sync(&mut linker, |ctx| ctx)?;
    let wasi = WasiCtxBuilder::new().inherit_stdio().args(&args).build_p1();
    let mut store = Store::new(&engine, wasi);
    let instance = linker.instantiate(&mut store, &module)?;
    let start = instance.get_typed_func::<(), ()>(&mut store, "_start")?;
    match start.call(&mut store, ()) {
        Err(error) if error.is::<I32Exit>() => {
            let code = error.downcast_ref::<I32Exit>().map_or(1, |exit| exit.0);
            std::process::exit(code)
        }
        outcome => outcome,
    }
}
