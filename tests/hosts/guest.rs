//! Runs a WASI command as `ahead run` does, with the two functions added that benchmark programs call around the
//! region to measure: `guest ARTEFACT [NAME=VALUE]... -- [ARGUMENT]...`.

use ahead_runtime::{Linker, Module, Store};
use ahead_wasi::{WasiConfig, WasiCtx};
use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(code as u8),
        Err(error) => {
            eprintln!("error: {error}");
            let trapped = error
                .downcast_ref::<ahead_wasi::RunError>()
                .is_some_and(|error| error.trap().is_some());
            ExitCode::from(if trapped { 134 } else { 1 })
        }
    }
}

fn run() -> Result<i32, Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let artefact = words.next().ok_or("no artefact is named")?;
    let artefact = Path::new(&artefact);
    let mut config = WasiConfig::inherit_stdio();
    for pair in words.by_ref().take_while(|word| word != "--") {
        let (name, value) = pair.split_once('=').ok_or("a variable without `=`")?;
        config.env.push((name.into(), value.into()));
    }
    let name = artefact.file_name().unwrap_or_default().to_string_lossy();
    config.args.push(name.into_owned().into_bytes());
    config.args.extend(words.map(String::into_bytes));

    // SAFETY: the tests name artefacts that the compiler under test has just made.
    #[allow(unsafe_code)]
    let module = unsafe { Module::open(artefact) }?;
    let mut linker = Linker::new();
    ahead_wasi::add_to_linker(&mut linker, |ctx| ctx);
    linker.func("bench", "start", |_: ahead_runtime::Caller<'_, WasiCtx>| {});
    linker.func("bench", "end", |_: ahead_runtime::Caller<'_, WasiCtx>| {});
    let mut store = Store::new(WasiCtx::new(config)?);
    Ok(ahead_wasi::run_command(&linker, &mut store, &module)?)
}
