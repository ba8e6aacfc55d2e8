//! The phases in their order, and what comes out of them.

use crate::codegen::{self, Generator};
use crate::config::{Config, Phase, Progress, Quiet};
use crate::error::Error;
use crate::function::{self, FunctionContexts};
use crate::link::{self, Linked};
use crate::{emit, module, optimise};
use ahead_artifact::{DefinedFuncIndex, FuncIndex, Interface};
use cranelift_codegen::ir::Function;
use std::fmt::Write;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Compiles a module.
pub fn compile(wasm: &[u8], config: &Config) -> Result<Artifact, Error> {
    compile_with(wasm, config, &Quiet)
}

/// Compiles a module and tells `progress` how it goes. As many threads are used as rayon has.
pub fn compile_with(
    wasm: &[u8],
    config: &Config,
    progress: &dyn Progress,
) -> Result<Artifact, Error> {
    let mut timings = Vec::with_capacity(Phase::ALL.len());

    progress.phase(Phase::Module);
    let start = Instant::now();
    let module = module::parse(wasm, config)?;
    let wall = start.elapsed();
    timings.push((Phase::Module, wall, wall));

    progress.phase(Phase::Function);
    let start = Instant::now();
    let code = codegen::generate(&module, config, progress)?;
    let wall = start.elapsed();
    let times = code.times;
    let total = times.function + times.optimise + times.codegen;
    for (phase, cpu) in [
        (Phase::Function, times.function),
        (Phase::Optimise, times.optimise),
        (Phase::Codegen, times.codegen),
    ] {
        // They run interleaved: each is given its share of the time that passed.
        let share = cpu.as_secs_f64() / total.as_secs_f64().max(f64::MIN_POSITIVE);
        timings.push((phase, wall.mul_f64(share), cpu));
    }

    progress.phase(Phase::Link);
    let start = Instant::now();
    let linked = link::link(module, code, config)?;
    let wall = start.elapsed();
    timings.push((Phase::Link, wall, wall));

    Ok(Artifact {
        linked,
        timings,
        emitted: Mutex::default(),
        all_timings: OnceLock::new(),
    })
}

/// The CLIF of the functions that `functions` asks for, by index and name, as it goes to code generation.
/// Each is headed by a comment that names the function.
pub fn clif(
    wasm: &[u8],
    config: &Config,
    functions: &dyn Fn(FuncIndex, Option<&str>) -> bool,
) -> Result<String, Error> {
    let module = module::parse(wasm, config)?;
    let generator = Generator::new(config)?;
    let mut contexts = FunctionContexts::default();
    let mut function = Function::new();
    let mut text = String::new();
    for body in 0..module.bodies.len() {
        let defined = DefinedFuncIndex::new(body);
        let index = module.func_index(defined);
        if !functions(index, module.function_name(index)) {
            continue;
        }
        function::translate(
            &module,
            config,
            generator.isa(),
            defined,
            &mut contexts,
            &mut function,
        )?;
        optimise::run(&mut function, &module, config);
        if !text.is_empty() {
            text.push('\n');
        }
        let ty = module.func_type(index);
        // Writing to a string does not fail.
        let _ = writeln!(text, "; {} : {ty}", module.label(index));
        let _ = write!(text, "{}", function.display());
    }
    Ok(text)
}

/// A compiled module, to be written in one form or another.
pub struct Artifact {
    linked: Linked,
    timings: Vec<(Phase, Duration, Duration)>,
    /// Time spent in emitting so far.
    emitted: Mutex<Duration>,
    all_timings: OnceLock<Vec<(Phase, Duration, Duration)>>,
}

impl Artifact {
    /// An ELF shared object that any process can map: no dependencies, no relocations to apply.
    pub fn shared_object(&self) -> Vec<u8> {
        self.timed(|| emit::shared_object(&self.linked))
    }

    /// A relocatable ELF object whose symbols start with `prefix`, each exported function among them.
    pub fn object(&self, prefix: &str) -> Result<Vec<u8>, Error> {
        self.timed(|| emit::object(&self.linked, prefix))
    }

    /// The C header for [`Self::object`] with the same prefix.
    pub fn c_header(&self, prefix: &str) -> Result<String, Error> {
        self.timed(|| emit::c_header(&self.linked, prefix))
    }

    /// A relocatable ELF object with a `main` that runs the module as a WASI command. To be linked with the
    /// runtime.
    pub fn executable_object(&self) -> Vec<u8> {
        self.timed(|| emit::executable_object(&self.linked))
    }

    /// Phase, time that passed, and time that processors spent. What has been emitted up to the first call
    /// counts as the last phase.
    pub fn timings(&self) -> &[(Phase, Duration, Duration)] {
        self.all_timings.get_or_init(|| {
            let emitted = *self.emitted.lock().unwrap_or_else(PoisonError::into_inner);
            let mut timings = self.timings.clone();
            timings.push((Phase::Emit, emitted, emitted));
            timings
        })
    }

    /// What the module imports, exports and defines.
    pub fn interface(&self) -> &Interface {
        &self.linked.interface
    }

    fn timed<T>(&self, emit: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = emit();
        *self.emitted.lock().unwrap_or_else(PoisonError::into_inner) += start.elapsed();
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ahead_targets::Isa;

    const MODULE: &str = r#"(module $sample
        (import "host" "log" (func $log (param i32)))
        (memory (export "memory") 1)
        (data (i32.const 16) "hello")
        (table 2 funcref) (elem (i32.const 0) $double $log)
        (func $double (export "double") (param i32) (result i32)
            (i32.mul (local.get 0) (i32.const 2)))
        (func (export "through") (param i32)
            (call_indirect (param i32) (local.get 0) (i32.const 1))))"#;

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let wasm = wat::parse_str(MODULE).unwrap();
        for isa in Isa::ALL {
            let on_threads = |threads: usize| {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
                let config = Config::for_target(isa);
                let artifact = pool.build().unwrap().install(|| compile(&wasm, &config));
                let artifact = artifact.unwrap();
                (artifact.shared_object(), artifact.object("m").unwrap())
            };
            assert!(on_threads(1) == on_threads(3), "{isa}");
        }
    }

    #[test]
    fn clif_is_headed_by_the_function() {
        let wasm = wat::parse_str(MODULE).unwrap();
        let only = |_: FuncIndex, name: Option<&str>| name == Some("double");
        let text = clif(&wasm, &Config::default(), &only).unwrap();
        assert!(text.starts_with("; function 1 `double` : [i32] -> [i32]\n"));
        assert_eq!(text.matches("function u0:").count(), 1, "{text}");
    }

    #[test]
    fn phases_and_functions_are_told() {
        #[derive(Default)]
        struct Told {
            phases: Mutex<Vec<Phase>>,
            last: Mutex<Option<(usize, usize)>>,
        }
        impl Progress for Told {
            fn phase(&self, phase: Phase) {
                self.phases.lock().unwrap().push(phase);
            }
            fn functions(&self, done: usize, total: usize) {
                let mut last = self.last.lock().unwrap();
                *last = (*last).max(Some((done, total)));
            }
        }
        let told = Told::default();
        let wasm = wat::parse_str(MODULE).unwrap();
        let artifact = compile_with(&wasm, &Config::default(), &told).unwrap();
        let phases = told.phases.into_inner().unwrap();
        assert_eq!(phases, [Phase::Module, Phase::Function, Phase::Link]);
        let (done, total) = told.last.into_inner().unwrap().unwrap();
        assert!(done == total && total >= 2);
        artifact.shared_object();
        let timed: Vec<_> = artifact.timings().iter().map(|timing| timing.0).collect();
        assert_eq!(timed, Phase::ALL);
    }

    #[test]
    fn an_error_in_a_body_ends_the_compilation() {
        let wasm = wat::parse_str("(module (func) (func $bad (drop)))").unwrap();
        let error = compile(&wasm, &Config::default()).err().unwrap();
        assert!(
            error.to_string().starts_with("function 1 `bad`: "),
            "{error}"
        );
    }
}
