//! What wasmtime makes of a module.

use crate::ahead::STACK_BYTES;
use crate::outcome::{self, Calls, Cause, Ended, Outcome};
use crate::random::Random;
use anyhow::{Result, anyhow};
use wasmtime::{
    Caller, Config, Engine, Extern, ExternType, Func, Global, Instance, Memory, Module, OptLevel,
    Ref, SharedMemory, Store, Table, Tag, Trap, Val, ValType,
};

/// An engine with all proposals that it has, whose NaNs are canonical.
pub fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::None)
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        .max_wasm_stack(STACK_BYTES)
        .wasm_custom_page_sizes(true)
        .wasm_exceptions(true)
        .wasm_extended_const(true)
        .wasm_function_references(true)
        .wasm_memory64(true)
        .wasm_multi_memory(true)
        .wasm_relaxed_simd(true)
        .wasm_tail_call(true)
        .wasm_threads(true)
        .shared_memory(true)
        .wasm_wide_arithmetic(true);
    Engine::new(&config).map_err(|error| anyhow!("{error:#}"))
}

/// As [`crate::ahead::run`]; `None` for a module that the engine refuses.
pub fn run(seed: u64, engine: &Engine, wasm: &[u8]) -> Option<Outcome> {
    let module = Module::new(engine, wasm).ok()?;
    let mut outcome = Outcome::default();
    let mut store = Store::new(engine, Calls::new(seed));
    let instance = import(seed, &mut store, &module)
        .and_then(|imports| Instance::new(&mut store, &module, &imports));
    match instance {
        Ok(instance) => {
            outcome.start(&Ended::Values(vec![]));
            call(seed, &mut store, instance, &mut outcome);
            look(&mut store, instance, &mut outcome);
        }
        Err(error) => outcome.start(&ended(&error)),
    }
    outcome.imports(store.data());
    Some(outcome)
}

/// Makes what the module imports, as [`crate::ahead`] does.
fn import(seed: u64, store: &mut Store<Calls>, module: &Module) -> wasmtime::Result<Vec<Extern>> {
    let mut random = Random::new(seed ^ 2);
    let imports = module.imports().enumerate();
    imports
        .map(|(index, import)| {
            Ok(match import.ty() {
                ExternType::Func(ty) => {
                    let results: Vec<_> = ty.results().collect();
                    let call =
                        move |mut caller: Caller<'_, Calls>, args: &[Val], to: &mut [Val]| {
                            let args = args.iter().map(show).collect();
                            let mut random = caller.data_mut().called(index, args);
                            for (to, ty) in to.iter_mut().zip(&results) {
                                *to = value(ty, &mut random);
                            }
                            Ok(())
                        };
                    Func::new(&mut *store, ty, call).into()
                }
                ExternType::Global(ty) => {
                    let value = value(ty.content(), &mut random);
                    Global::new(&mut *store, ty, value)?.into()
                }
                ExternType::Memory(ty) if ty.is_shared() => {
                    SharedMemory::new(store.engine(), ty)?.into()
                }
                ExternType::Memory(ty) => Memory::new(&mut *store, ty)?.into(),
                ExternType::Table(ty) => {
                    let null = Ref::null(ty.element().heap_type());
                    Table::new(&mut *store, ty, null)?.into()
                }
                ExternType::Tag(ty) => Tag::new(&mut *store, &ty)?.into(),
            })
        })
        .collect()
}

fn exports(store: &mut Store<Calls>, instance: Instance) -> Vec<Extern> {
    let exports = instance.exports(store);
    exports.map(wasmtime::Export::into_extern).collect()
}

fn call(seed: u64, store: &mut Store<Calls>, instance: Instance, outcome: &mut Outcome) {
    let mut random = Random::new(seed ^ 1);
    for (index, item) in exports(store, instance).into_iter().enumerate() {
        let Extern::Func(func) = item else { continue };
        let ty = func.ty(&*store);
        let params: Vec<_> = ty.params().map(|ty| value(&ty, &mut random)).collect();
        let mut results = vec![Val::I32(0); ty.results().len()];
        outcome.call(
            index,
            &match func.call(&mut *store, &params, &mut results) {
                Ok(()) => Ended::Values(results.iter().map(show).collect()),
                Err(error) => ended(&error),
            },
        );
    }
}

fn look(store: &mut Store<Calls>, instance: Instance, outcome: &mut Outcome) {
    for (index, item) in exports(store, instance).into_iter().enumerate() {
        match item {
            Extern::Global(global) => outcome.global(index, &show(&global.get(&mut *store))),
            Extern::Memory(memory) => {
                outcome.memory(index, memory.size(&*store), memory.data(&*store));
            }
            Extern::SharedMemory(memory) => {
                let copy = copy(store, &memory).expect("a module that copies a memory");
                outcome.memory(index, memory.size(), copy.data(&*store));
            }
            Extern::Table(table) => {
                let elements: Vec<_> = (0..table.size(&*store))
                    .map(|index| {
                        table
                            .get(&mut *store, index)
                            .is_none_or(|value| value.is_null())
                    })
                    .collect();
                outcome.table(index, elements.into_iter());
            }
            _ => {}
        }
    }
}

/// A copy of a shared memory in one that is not, made by a guest: the host may not look into a shared one.
fn copy(store: &mut Store<Calls>, memory: &SharedMemory) -> Result<Memory> {
    let ty = memory.ty();
    let (index, page) = (if ty.is_64() { "i64" } else { "i32" }, ty.page_size());
    let (pages, max) = (memory.size(), ty.maximum().unwrap_or(memory.size()));
    let wasm = wat::parse_str(format!(
        r#"(module
          (import "" "" (memory $from {index} {pages} {max} shared (pagesize {page})))
          (memory $to (export "copy") {index} {pages} (pagesize {page}))
          (func (export "run")
            (memory.copy $to $from ({index}.const 0) ({index}.const 0) ({index}.const {}))))"#,
        memory.data_size()
    ))?;
    let failed = |error: wasmtime::Error| anyhow!("{error:#}");
    let module = Module::new(store.engine(), wasm).map_err(failed)?;
    let instance = Instance::new(&mut *store, &module, &[memory.clone().into()]).map_err(failed)?;
    let run = instance
        .get_typed_func::<(), ()>(&mut *store, "run")
        .map_err(failed)?;
    run.call(&mut *store, ()).map_err(failed)?;
    let copy = instance.get_memory(&mut *store, "copy");
    copy.ok_or_else(|| anyhow!("no copy"))
}

/// The argument that [`crate::ahead`] has, too.
fn value(ty: &ValType, random: &mut Random) -> Val {
    match ty {
        ValType::I32 => Val::I32(random.bits() as i32),
        ValType::I64 => Val::I64(random.bits() as i64),
        ValType::F32 => Val::F32(random.bits() as u32),
        ValType::F64 => Val::F64(random.bits()),
        ValType::V128 => {
            let bits = u128::from(random.bits()) << 64 | u128::from(random.bits());
            Val::V128(bits.into())
        }
        ValType::Ref(ty) => Ref::null(ty.heap_type()).into(),
    }
}

fn show(value: &Val) -> String {
    match value {
        Val::I32(value) => outcome::i32(*value),
        Val::I64(value) => outcome::i64(*value),
        Val::F32(bits) => outcome::f32(*bits),
        Val::F64(bits) => outcome::f64(*bits),
        Val::V128(bits) => outcome::v128(bits.as_u128()),
        other => outcome::reference(other.ref_().is_none_or(|value| value.is_null())),
    }
}

fn ended(error: &wasmtime::Error) -> Ended {
    if error.is::<wasmtime::ThrownException>() {
        return Ended::Trap(Cause::Exception);
    }
    let Some(trap) = error.downcast_ref::<Trap>() else {
        return Ended::Error;
    };
    Ended::Trap(match trap {
        Trap::StackOverflow => return Ended::StackOverflow,
        Trap::UnreachableCodeReached => Cause::Unreachable,
        Trap::MemoryOutOfBounds | Trap::HeapMisaligned => Cause::Memory,
        Trap::TableOutOfBounds => Cause::Table,
        Trap::IndirectCallToNull => Cause::NullElement,
        Trap::BadSignature => Cause::Signature,
        Trap::IntegerDivisionByZero => Cause::DivideByZero,
        Trap::IntegerOverflow => Cause::Overflow,
        Trap::BadConversionToInteger => Cause::Conversion,
        Trap::NullReference => Cause::Null,
        _ => Cause::Other,
    })
}
