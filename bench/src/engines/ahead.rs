//! Ourselves, through the same libraries that the `ahead` program is made of.

use super::{Engine, Way};
use crate::child::Step;
use crate::filter::{LoadedFilter, Mix, driver::Driver};
use crate::program::Program;
use crate::value::{Type, Value};
use crate::worker::{self, Embedded, Instance, Loaded, Repeat, Task, Worker};
use ahead_compiler::Config;
use ahead_proxy_wasm::Filter;
use ahead_runtime::{Bounds, Caller, Func, Linker, Module, Store, Val};
use ahead_targets::{CpuFeatures, Isa};
use ahead_wasi::{Access, Limits, Preopen, WasiConfig, WasiCtx};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::time::{Duration, Instant};

/// How we compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// Guard pages, this machine's CPU: what the peers that compile on this machine have as well.
    Guard,
    /// Checks in the code.
    Explicit,
    /// Guard pages, for any CPU of the target: what `ahead compile` makes without `--cpu`.
    Baseline,
}

impl Variant {
    pub const ALL: [Variant; 3] = [Variant::Guard, Variant::Explicit, Variant::Baseline];

    pub fn name(self) -> &'static str {
        match self {
            Variant::Guard => "ahead",
            Variant::Explicit => "ahead-explicit",
            Variant::Baseline => "ahead-baseline",
        }
    }

    fn about(self) -> &'static str {
        match self {
            Variant::Guard => "guard pages, `--cpu native`",
            Variant::Explicit => "`--bounds explicit`, `--cpu native`",
            Variant::Baseline => "guard pages, any CPU of the target",
        }
    }

    fn config(self) -> Result<Config> {
        let isa = Isa::host().context("not a machine that we compile for")?;
        let mut config = Config::for_target(isa);
        if self != Variant::Baseline {
            config.cpu = CpuFeatures::parse(isa, "native")?;
        }
        config.bounds = match self {
            Variant::Explicit => Bounds::Explicit,
            Variant::Guard | Variant::Baseline => Bounds::Guard,
        };
        Ok(config)
    }
}

/// The engine as the parent sees it.
#[derive(Clone, Debug)]
pub struct Ahead {
    worker: Worker,
    variant: Variant,
    about: String,
}

impl Ahead {
    /// `own` is a program that gives [`serve`] what follows the words [`worker::COMMAND`].
    pub fn new(own: &Path, variant: Variant) -> Ahead {
        Ahead {
            worker: Worker {
                program: own.to_owned(),
                words: vec![worker::COMMAND.into(), variant.name().into()],
            },
            variant,
            about: format!("Ahead {}, {}", env!("CARGO_PKG_VERSION"), variant.about()),
        }
    }
}

impl Engine for Ahead {
    fn name(&self) -> &str {
        self.variant.name()
    }

    fn about(&self) -> &str {
        &self.about
    }

    fn way(&self) -> Way {
        Way::Ahead
    }

    fn compile(&self, program: &Program, output: &Path, folder: &Path) -> Result<Option<Step>> {
        let task = Task::Compile {
            module: program.module.clone(),
            output: output.to_owned(),
        };
        self.worker.step(&task, folder).map(Some)
    }

    fn once(&self, program: &Program, code: &Path, folder: &Path) -> Result<Step> {
        let task = Task::Once {
            code: code.to_owned(),
            program: program.clone(),
        };
        self.worker.step(&task, folder)
    }

    fn repeat(
        &self,
        program: &Program,
        code: &Path,
        how: &Repeat,
        folder: &Path,
    ) -> Result<Option<Step>> {
        let task = Task::Repeat {
            code: code.to_owned(),
            program: program.clone(),
            how: *how,
            stdout: folder.join("stdout"),
        };
        self.worker.step(&task, folder).map(Some)
    }

    fn task(&self, task: &Task, folder: &Path) -> Result<Option<Step>> {
        self.worker.step(task, folder).map(Some)
    }
}

/// The child's side: `args` are those behind [`worker::COMMAND`]. Gives the exit code that the program ended with.
pub fn serve(args: &[std::ffi::OsString]) -> Result<i32> {
    let [name, task, record] = args else {
        bail!("a worker is given an engine, a task and where to leave its record");
    };
    let variant = Variant::ALL
        .into_iter()
        .find(|variant| name == variant.name())
        .with_context(|| format!("no engine `{}`", name.to_string_lossy()))?;
    let record = worker::serve(&InProcess { variant }, task.as_ref(), record.as_ref())?;
    Ok(record.exit.unwrap_or(0))
}

struct InProcess {
    variant: Variant,
}

/// A module of ours with all that its program is given.
struct Ready {
    module: Module,
    linker: Linker<Guest>,
    program: Program,
}

struct Guest {
    wasi: WasiCtx,
    started: Option<Instant>,
    region: Option<Duration>,
}

/// Makes the artefact of a module.
pub fn compile(wasm: &[u8], variant: Variant) -> Result<Vec<u8>> {
    Ok(ahead_compiler::compile(wasm, &variant.config()?)?.shared_object())
}

/// Opens an artefact that was made by [`compile`], in this run of a measurement.
pub fn load(artefact: &Path) -> Result<Module> {
    // SAFETY: whoever calls this made the file with the compiler, a moment ago.
    #[allow(unsafe_code)]
    let module = unsafe { Module::open(artefact) };
    Ok(module?)
}

impl Embedded for InProcess {
    fn compile(&self, wasm: &[u8]) -> Result<Vec<u8>> {
        compile(wasm, self.variant)
    }

    fn load(&self, code: &Path, program: &Program) -> Result<Box<dyn Loaded>> {
        let module = load(code)?;
        let mut linker = Linker::new();
        let imports = &module.interface().imports;
        let imports_from = |name: &str| imports.iter().any(|import| import.module == name);
        ahead_wasi::add_imports_to_linker(&mut linker, &module, |guest: &mut Guest| {
            &mut guest.wasi
        });
        if imports_from("bench") {
            linker.func("bench", "start", |mut caller: Caller<'_, Guest>| {
                caller.data_mut().started = Some(Instant::now());
            });
            linker.func("bench", "end", |mut caller: Caller<'_, Guest>| {
                let guest = caller.data_mut();
                guest.region = guest.started.map(|started| started.elapsed());
            });
        }
        if imports_from("host") {
            linker.func("host", "call", |_: Caller<'_, Guest>, value: i32| value);
        }
        Ok(Box::new(Ready {
            module,
            linker,
            program: program.clone(),
        }))
    }

    fn filter(&self, code: &Path, mix: &Mix) -> Result<Box<dyn LoadedFilter>> {
        Ok(Box::new(Driver::new(Filter::new(load(code)?)?, mix)))
    }
}

impl Ready {
    fn wasi(&self) -> Result<WasiCtx> {
        let words = self.program.words().into_iter();
        let env = self.program.env.iter();
        let mut config = WasiConfig {
            args: words.map(String::into_bytes).collect(),
            env: env
                .map(|(name, value)| (name.clone().into_bytes(), value.clone().into_bytes()))
                .collect(),
            ..WasiConfig::inherit_stdio()
        };
        for dir in &self.program.dirs {
            let access = match dir.read_only {
                true => Access::ReadOnly,
                false => Access::ReadWrite,
            };
            let guest = dir.guest.clone().into_bytes();
            config
                .preopens
                .push(Preopen::open(&dir.host, guest, access)?);
        }
        Ok(WasiCtx::new(config)?)
    }
}

impl Loaded for Ready {
    fn instantiate(&self) -> Result<Box<dyn Instance + '_>> {
        let guest = Guest {
            wasi: self.wasi()?,
            started: None,
            region: None,
        };
        // A program's, as `ahead run` has it.
        let mut store = Store::with_config(guest, Limits::default().store());
        let instance = self.linker.instantiate(&mut store, &self.module)?;
        Ok(Box::new(Running {
            store,
            instance,
            call: None,
            results: Vec::new(),
        }))
    }
}

struct Running {
    store: Store<Guest>,
    instance: ahead_runtime::Instance,
    call: Option<(Func, Vec<Val>)>,
    results: Vec<Val>,
}

impl Instance for Running {
    fn start(&mut self) -> Result<i32> {
        let start = self.instance.func(&self.store, "_start");
        let start = start.context("the module exports no `_start`")?;
        match start.call(&mut self.store, &[]) {
            Ok(_) => Ok(0),
            Err(trap) => trap.exit_status().ok_or_else(|| trap.into()),
        }
    }

    fn prepare(&mut self, export: &str, args: &[Value]) -> Result<()> {
        ahead_wasi::initialize(&mut self.store, self.instance)?;
        let func = self.instance.func(&self.store, export);
        let func = func.with_context(|| format!("no function `{export}` is exported"))?;
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
        self.results = func.call(&mut self.store, args)?;
        Ok(())
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
        let memory = self.instance.memory(&self.store, "memory")?;
        Some(memory.data(&self.store))
    }

    fn region(&self) -> Option<Duration> {
        self.store.data().region
    }
}
