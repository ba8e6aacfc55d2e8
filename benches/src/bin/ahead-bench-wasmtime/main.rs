//! wasmtime as an engine of `ahead bench`: a program of its own, so that `ahead` does not carry another engine.
//! `ahead-bench-wasmtime VARIANT TASK RECORD` serves one of `ahead-bench`'s tasks; `--version` says what is in it.
//!
//! Filters run under our own host, whose sources `peers/wasmtime/` compiles against wasmtime.

mod filter;

use ahead_bench::engines::wasmtime::Variant;
use ahead_bench::filter::{LoadedFilter, Mix};
use ahead_bench::program::Program;
use ahead_bench::value::{Type, Value};
use ahead_bench::worker::{self, Embedded, Instance, Loaded};
use anyhow::{Context, Result, anyhow, bail};
use std::path::Path;
use std::time::{Duration, Instant};
use wasmtime::{
    Caller, Config, Engine, Extern, Func, InstancePre, Linker, Memory, Module, Store, Strategy, Val,
};
use wasmtime_wasi::p0;
use wasmtime_wasi::p1::{self, WasiP1Ctx};
use wasmtime_wasi::p2::pipe::MemoryInputPipe;
use wasmtime_wasi::{FsPerms, I32Exit, WasiCtxBuilder};

/// Which the workspace's manifest pins; the crate does not say.
const VERSION: &str = "48";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match &args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--version"] => {
            println!("wasmtime {VERSION}");
            Ok(())
        }
        [variant, task, record] => {
            let variant = Variant::ALL.into_iter().find(|one| one.name() == *variant);
            let peer = Peer::new(variant.context("no such variant")?)?;
            let record = worker::serve(&peer, Path::new(task), Path::new(record))?;
            std::process::exit(record.exit.unwrap_or(0));
        }
        _ => bail!("usage: ahead-bench-wasmtime VARIANT TASK RECORD"),
    }
}

/// wasmtime's errors are its own type.
fn flat(error: wasmtime::Error) -> anyhow::Error {
    anyhow!("{error:?}")
}

/// wasmtime with its default settings for this machine, but for the compiler.
struct Peer {
    engine: Engine,
    variant: Variant,
}

impl Peer {
    fn new(variant: Variant) -> Result<Peer> {
        let mut config = Config::new();
        if variant == Variant::Winch {
            config.strategy(Strategy::Winch);
        }
        let engine = Engine::new(&config).map_err(flat)?;
        Ok(Peer { engine, variant })
    }
}

impl Embedded for Peer {
    fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>> {
        self.engine.precompile_module(wasm).map_err(flat)
    }

    fn load(&self, code: &Path, program: &Program) -> Result<Box<dyn Loaded>> {
        let module = if self.variant == Variant::Precompiled {
            // SAFETY: the file was made by `compile` above, in this run of the measurement.
            #[allow(unsafe_code)]
            let module = unsafe { Module::deserialize_file(&self.engine, code) };
            module
        } else {
            Module::from_file(&self.engine, code)
        };
        let module = module.map_err(flat)?;
        let mut linker = Linker::<Guest>::new(&self.engine);
        let froms: Vec<_> = module
            .imports()
            .map(|import| import.module().to_owned())
            .collect();
        let imports_from = |name: &str| froms.iter().any(|from| from == name);
        if imports_from("wasi_unstable") {
            p0::add_to_linker_sync(&mut linker, |guest| &mut guest.wasi).map_err(flat)?;
        }
        if imports_from("wasi_snapshot_preview1") {
            p1::add_to_linker_sync(&mut linker, |guest| &mut guest.wasi).map_err(flat)?;
        }
        linker
            .func_wrap("bench", "start", |mut caller: Caller<'_, Guest>| {
                caller.data_mut().started = Some(Instant::now());
            })
            .and_then(|linker| {
                linker.func_wrap("bench", "end", |mut caller: Caller<'_, Guest>| {
                    let guest = caller.data_mut();
                    guest.region = guest.started.map(|started| started.elapsed());
                })
            })
            .and_then(|linker| linker.func_wrap("host", "call", |value: i32| value))
            .map_err(flat)?;
        let ready = linker.instantiate_pre(&module).map_err(flat)?;
        Ok(Box::new(Ready {
            engine: self.engine.clone(),
            ready,
            program: program.clone(),
        }))
    }

    fn filter(&self, code: &Path, mix: &Mix) -> Result<Box<dyn LoadedFilter>> {
        ahead_runtime_on_wasmtime::run_on(self.engine.clone());
        let module = if self.variant == Variant::Precompiled {
            // SAFETY: as in `load`.
            #[allow(unsafe_code)]
            let module = unsafe { ahead_runtime_on_wasmtime::Module::open(code) };
            module
        } else {
            ahead_runtime_on_wasmtime::Module::compile(code)
        };
        let filter = filter::abi::Filter::new(module?)?;
        Ok(Box::new(filter::driver::Driver::new(filter, mix)))
    }
}

struct Ready {
    engine: Engine,
    ready: InstancePre<Guest>,
    program: Program,
}

struct Guest {
    wasi: WasiP1Ctx,
    started: Option<Instant>,
    region: Option<Duration>,
}

impl Ready {
    fn wasi(&self) -> Result<WasiP1Ctx> {
        let mut wasi = WasiCtxBuilder::new();
        wasi.inherit_stdout()
            .inherit_stderr()
            .args(&self.program.words());
        if let Some(path) = &self.program.stdin {
            // Its own reader of standard input would read ahead, and into the next iteration's.
            wasi.stdin(MemoryInputPipe::new(std::fs::read(path)?));
        }
        for (name, value) in &self.program.env {
            wasi.env(name, value);
        }
        for dir in &self.program.dirs {
            let perms = match dir.read_only {
                true => FsPerms::ReadOnly,
                false => FsPerms::ReadWrite,
            };
            wasi.preopened_dir(&dir.host, &dir.guest, perms)
                .map_err(flat)?;
        }
        // As its own command line has it.
        wasi.allow_blocking_current_thread(true);
        Ok(wasi.build_p1())
    }
}

impl Loaded for Ready {
    fn instantiate(&self) -> Result<Box<dyn Instance + '_>> {
        let guest = Guest {
            wasi: self.wasi()?,
            started: None,
            region: None,
        };
        let mut store = Store::new(&self.engine, guest);
        let instance = self.ready.instantiate(&mut store).map_err(flat)?;
        let memory = match instance.get_export(&mut store, "memory") {
            Some(Extern::Memory(memory)) => Some(memory),
            _ => None,
        };
        Ok(Box::new(Running {
            store,
            instance,
            memory,
            call: None,
            results: Vec::new(),
        }))
    }
}

struct Running {
    store: Store<Guest>,
    instance: wasmtime::Instance,
    memory: Option<Memory>,
    call: Option<(Func, Vec<Val>)>,
    results: Vec<Val>,
}

impl Instance for Running {
    fn start(&mut self) -> Result<i32> {
        let start = self
            .instance
            .get_typed_func::<(), ()>(&mut self.store, "_start")
            .map_err(flat)?;
        match start.call(&mut self.store, ()) {
            Ok(()) => Ok(0),
            Err(error) => match error.downcast_ref::<I32Exit>() {
                Some(exit) => Ok(exit.0),
                None => Err(flat(error)),
            },
        }
    }

    fn prepare(&mut self, export: &str, args: &[Value]) -> Result<()> {
        if let Some(initialize) = self.instance.get_func(&mut self.store, "_initialize") {
            initialize
                .call(&mut self.store, &[], &mut [])
                .map_err(flat)?;
        }
        let func = self.instance.get_func(&mut self.store, export);
        let func = func.with_context(|| format!("no function `{export}` is exported"))?;
        let count = func.ty(&self.store).results().len();
        self.results = vec![Val::I32(0); count];
        let args = args.iter().map(|value| match value.ty {
            Type::I32 => Val::I32(value.bits as u32 as i32),
            Type::I64 => Val::I64(value.bits as i64),
            Type::F32 => Val::F32(value.bits as u32),
            Type::F64 => Val::F64(value.bits),
        });
        self.call = Some((func, args.collect()));
        Ok(())
    }

    fn call(&mut self) -> Result<()> {
        let (func, args) = self.call.as_ref().context("nothing is prepared")?;
        func.call(&mut self.store, args, &mut self.results)
            .map_err(flat)
    }

    fn results(&self) -> Result<Vec<Value>> {
        let value = |value: &Val| {
            let (ty, bits) = match value {
                Val::I32(value) => (Type::I32, u64::from(*value as u32)),
                Val::I64(value) => (Type::I64, *value as u64),
                Val::F32(bits) => (Type::F32, u64::from(*bits)),
                Val::F64(bits) => (Type::F64, *bits),
                _ => bail!("a result is no number"),
            };
            Ok(Value { ty, bits })
        };
        self.results.iter().map(value).collect()
    }

    fn memory(&self) -> Option<&[u8]> {
        Some(self.memory?.data(&self.store))
    }

    fn region(&self) -> Option<Duration> {
        self.store.data().region
    }
}
