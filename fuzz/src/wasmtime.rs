//! What wasmtime makes of a module.

use crate::ahead::STACK_BYTES;
use crate::outcome::{self, Cause, Ended, Outcome};
use crate::random::Random;
use anyhow::{Result, anyhow};
use wasmtime::{
    Config, Engine, Extern, Instance, Linker, Module, OptLevel, Ref, Store, Trap, Val, ValType,
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
        .wasm_wide_arithmetic(true);
    Engine::new(&config).map_err(|error| anyhow!("{error:#}"))
}

/// As [`crate::ahead::run`]; `None` for a module that the engine refuses.
pub fn run(seed: u64, engine: &Engine, wasm: &[u8]) -> Option<Outcome> {
    let module = Module::new(engine, wasm).ok()?;
    let mut outcome = Outcome::default();
    let mut store = Store::new(engine, ());
    let instance = match Linker::new(engine).instantiate(&mut store, &module) {
        Ok(instance) => instance,
        Err(error) => {
            outcome.start(&ended(&error));
            return Some(outcome);
        }
    };
    outcome.start(&Ended::Values(vec![]));
    call(seed, &mut store, instance, &mut outcome);
    look(&mut store, instance, &mut outcome);
    Some(outcome)
}

fn exports(store: &mut Store<()>, instance: Instance) -> Vec<Extern> {
    let exports = instance.exports(store);
    exports.map(wasmtime::Export::into_extern).collect()
}

fn call(seed: u64, store: &mut Store<()>, instance: Instance, outcome: &mut Outcome) {
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

fn look(store: &mut Store<()>, instance: Instance, outcome: &mut Outcome) {
    for (index, item) in exports(store, instance).into_iter().enumerate() {
        match item {
            Extern::Global(global) => outcome.global(index, &show(&global.get(&mut *store))),
            Extern::Memory(memory) => {
                outcome.memory(index, memory.size(&*store), memory.data(&*store));
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
        Trap::MemoryOutOfBounds => Cause::Memory,
        Trap::TableOutOfBounds => Cause::Table,
        Trap::IndirectCallToNull => Cause::NullElement,
        Trap::BadSignature => Cause::Signature,
        Trap::IntegerDivisionByZero => Cause::DivideByZero,
        Trap::IntegerOverflow => Cause::Overflow,
        Trap::BadConversionToInteger => Cause::Conversion,
        Trap::NullReference => Cause::Null,
        Trap::HeapMisaligned => Cause::Unaligned,
        _ => Cause::Other,
    })
}
