//! Phase 4: CLIF to [`CompiledFunction`]s, on all threads.
//!
//! A function goes through the phases `function`, `optimise` and `codegen` in one go on one thread, and its
//! CLIF is dropped before the next one starts: what is kept of it is plain data. Trampolines and thunks are
//! CLIF of our own and go the same way. Where code ends up, and what it refers to, is `link`'s.

mod effort;
mod frame;
mod function;
mod generator;
pub mod trampoline;
mod try_call;
mod workers;

pub use frame::{DATA_ALIGN, sleb128, uleb128};
pub use function::{CompiledFunction, Nest, Symbol};
pub use generator::{Failure, Generator};

use crate::config::{Config, Progress};
use crate::error::{Error, FunctionLabel};
use crate::function::{FunctionContexts, translate};
use crate::module::ModuleInfo;
use crate::optimise;
use ahead_artifact::{DefinedFuncIndex, FuncIndex, TypeIndex};
use cranelift_codegen::Context;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// The machine code of a module, not yet placed.
#[derive(Debug, Default)]
pub struct Code {
    /// By [`DefinedFuncIndex`].
    pub functions: Vec<CompiledFunction>,
    /// In the order of [`crate::module::facts::Facts::thunks`].
    pub thunks: Vec<CompiledFunction>,
    /// In the order of [`crate::module::facts::Facts::entry_types`].
    pub entries: Vec<CompiledFunction>,
    /// In the order of [`crate::module::facts::Facts::hostcall_types`].
    pub hostcalls: Vec<CompiledFunction>,
    pub times: Times,
}

/// Time spent in the phases that run function by function, summed over threads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    pub function: Duration,
    pub optimise: Duration,
    pub codegen: Duration,
}

/// One piece of code to be made.
#[derive(Clone, Copy)]
enum Job {
    Function(DefinedFuncIndex),
    Thunk(FuncIndex),
    Entry(TypeIndex),
    Hostcall(TypeIndex),
}

/// What a thread allocates once.
struct Worker {
    context: Context,
    functions: FunctionContexts,
}

impl Worker {
    fn new() -> Self {
        Worker {
            context: Context::new(),
            functions: FunctionContexts::default(),
        }
    }
}

/// Generates all code of a module.
pub fn generate(
    module: &ModuleInfo<'_>,
    config: &Config,
    progress: &dyn Progress,
) -> Result<Code, Error> {
    let generator = Generator::new(config)?;
    let facts = &module.facts;
    let functions =
        (0..module.bodies.len()).map(|index| Job::Function(DefinedFuncIndex::new(index)));
    let jobs: Vec<Job> = functions
        .chain(facts.thunks.iter().copied().map(Job::Thunk))
        .chain(facts.entry_types.iter().copied().map(Job::Entry))
        .chain(facts.hostcall_types.iter().copied().map(Job::Hostcall))
        .collect();
    // Largest first, so that no thread is left alone with a large function at the end.
    let mut order: Vec<u32> = (0..jobs.len()).map(|job| job as u32).collect();
    order.sort_by_key(|&job| {
        let body = module.bodies.get(job as usize).map(|body| body.range());
        let bytes = body.map_or(0, |body| body.end - body.start);
        std::cmp::Reverse(bytes)
    });

    let clock = Clock::default();
    let done = AtomicUsize::new(0);
    // The pool is not used, its size is: who limits rayon's threads limits these.
    let threads = rayon::current_num_threads();
    let mut compiled = workers::run(&order, threads, Worker::new, |worker, job| {
        let label = || match jobs[job] {
            Job::Function(function) => Some(module.label(module.func_index(function))),
            Job::Thunk(function) => Some(module.label(function)),
            Job::Entry(_) | Job::Hostcall(_) => None,
        };
        // A panic is a bug of ours, or of the code generator, that this module leads to. It must not take
        // the caller down, and its report must say where to look.
        let result = catch_unwind(AssertUnwindSafe(|| {
            compile(
                &generator, module, config, jobs[job], worker, &clock, &label,
            )
        }));
        progress.functions(done.fetch_add(1, Ordering::Relaxed) + 1, jobs.len());
        result.unwrap_or_else(|panic| {
            *worker = Worker::new();
            Err(Failure::Bug(panic_message(&*panic)).within(label()))
        })
    })?;

    let mut rest = compiled.split_off(module.bodies.len());
    let mut entries = rest.split_off(facts.thunks.len());
    let hostcalls = entries.split_off(facts.entry_types.len());
    Ok(Code {
        functions: compiled,
        thunks: rest,
        entries,
        hostcalls,
        times: clock.times(),
    })
}

fn compile(
    generator: &Generator,
    module: &ModuleInfo<'_>,
    config: &Config,
    job: Job,
    worker: &mut Worker,
    clock: &Clock,
    label: &dyn Fn() -> Option<FunctionLabel>,
) -> Result<CompiledFunction, Error> {
    let Worker { context, functions } = worker;
    context.clear();
    let start = Instant::now();
    let result = match job {
        Job::Function(function) => {
            let isa = generator.isa();
            translate(module, config, isa, function, functions, &mut context.func)?;
            let translated = Instant::now();
            optimise::run(&mut context.func, module, config);
            let optimised = Instant::now();
            let result = generator.generate(context);
            clock.function.add(translated - start);
            clock.optimise.add(optimised - translated);
            clock.codegen.add(optimised.elapsed());
            return result.map_err(|failure| failure.within(label()));
        }
        Job::Thunk(function) => {
            let ty = module.func_type(function);
            let import = module.layout.func_import(function);
            let import = import.ok_or_else(|| {
                Failure::Bug("a thunk for a function with a body".into()).within(label())
            })?;
            generator.generate_blank(context, |blank| trampoline::thunk(ty, import, blank))
        }
        Job::Entry(ty) => {
            let ty = &module.interface.types[ty.index()];
            generator.generate_blank(context, |blank| trampoline::entry(ty, blank))
        }
        Job::Hostcall(ty) => {
            let ty = &module.interface.types[ty.index()];
            generator.generate_blank(context, |blank| trampoline::hostcall(ty, blank))
        }
    };
    clock.codegen.add(start.elapsed());
    result.map_err(|failure| failure.within(label()))
}

/// What a panic said.
fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let message = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    message.unwrap_or("panic without a message").to_owned()
}

/// Sums times over threads.
#[derive(Default)]
struct Clock {
    function: Sum,
    optimise: Sum,
    codegen: Sum,
}

impl Clock {
    fn times(&self) -> Times {
        Times {
            function: self.function.duration(),
            optimise: self.optimise.duration(),
            codegen: self.codegen.duration(),
        }
    }
}

/// Nanoseconds.
#[derive(Default)]
struct Sum(AtomicU64);

impl Sum {
    fn add(&self, duration: Duration) {
        let nanoseconds = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.0.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    fn duration(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}
