//! What Ahead's runtime makes of a module.

use crate::outcome::{self, Calls, Cause, Ended, Outcome};
use crate::random::Random;
use ahead_runtime::{
    Caller, Error, Extern, Global, ImportType, Instance, Linker, Memory, Module, Store,
    StoreConfig, Table, Tag, Trap, TrapKind, TrapReason, Val, ValType,
};

/// More than any function of a bounded module needs.
pub const STACK_BYTES: usize = 1 << 20;

/// Opens an artefact of our own compiler.
#[allow(unsafe_code)]
pub fn open(artefact: &[u8]) -> Result<Module, Error> {
    // SAFETY: the artefact is the compiler's own, made here or recorded by this program.
    unsafe { Module::from_bytes(artefact) }
}

/// Makes an instance, calls each exported function once, and looks at everything that is exported.
pub fn run(seed: u64, module: &Module) -> Outcome {
    let mut outcome = Outcome::default();
    let config = StoreConfig {
        stack_bytes_max: STACK_BYTES,
        ..StoreConfig::default()
    };
    let mut store = Store::with_config(Calls::new(seed), config);
    let instance =
        import(seed, &mut store, module).and_then(|linker| linker.instantiate(&mut store, module));
    match instance {
        Ok(instance) => {
            outcome.start(&Ended::Values(vec![]));
            call(seed, &mut store, instance, &mut outcome);
            look(&store, instance, &mut outcome);
        }
        Err(Error::Trap(trap)) => outcome.start(&trapped(&trap)),
        Err(_) => outcome.start(&Ended::Error),
    }
    outcome.imports(store.data());
    outcome
}

/// Makes what the module imports. What values there are follows from the seed.
fn import(seed: u64, store: &mut Store<Calls>, module: &Module) -> Result<Linker<Calls>, Error> {
    let mut linker = Linker::new();
    let mut random = Random::new(seed ^ 2);
    let interface = module.interface();
    for (index, import) in interface.imports.iter().enumerate() {
        let item: Extern = match import.ty {
            ImportType::Func(ty) => {
                let ty = interface.types[ty.index()].clone();
                let call =
                    move |mut caller: Caller<'_, Calls>, args: &[Val], results: &mut [Val]| {
                        let args = args.iter().map(show).collect();
                        let mut random = caller.data_mut().called(index, args);
                        for result in results {
                            *result = value(result.ty(), &mut random);
                        }
                        Ok(())
                    };
                linker.func_dynamic(&import.module, &import.name, ty, call);
                continue;
            }
            ImportType::Global(ty) => Global::new(store, ty, value(ty.value, &mut random))?.into(),
            ImportType::Memory(ty) => Memory::new(store, ty)?.into(),
            ImportType::Table(ty) => {
                let null = Val::default_for(ValType::Ref(ty.element));
                Table::new(store, ty, null)?.into()
            }
            ImportType::Tag(ty) => {
                let params = interface.types[ty.index()].params.clone();
                Tag::new(store, params).into()
            }
        };
        linker.define(&import.module, &import.name, item);
    }
    Ok(linker)
}

fn exports(store: &Store<Calls>, instance: Instance) -> Vec<Extern> {
    let exports = instance.exports(store);
    exports.map(|(_, item)| item).collect()
}

fn call(seed: u64, store: &mut Store<Calls>, instance: Instance, outcome: &mut Outcome) {
    let mut random = Random::new(seed ^ 1);
    for (index, item) in exports(store, instance).into_iter().enumerate() {
        let Extern::Func(func) = item else { continue };
        let ty = func.ty(store);
        let params: Vec<_> = ty.params.iter().map(|&ty| value(ty, &mut random)).collect();
        outcome.call(
            index,
            &match func.call(store, &params) {
                Ok(values) => Ended::Values(values.iter().map(show).collect()),
                Err(trap) => trapped(&trap),
            },
        );
    }
}

fn look(store: &Store<Calls>, instance: Instance, outcome: &mut Outcome) {
    for (index, item) in exports(store, instance).into_iter().enumerate() {
        match item {
            Extern::Global(global) => outcome.global(index, &show(&global.get(store))),
            Extern::Memory(memory) => {
                let mut bytes = vec![0; memory.raw(store).1];
                let read = memory.read(store, 0, &mut bytes);
                read.expect("as many bytes as it has");
                outcome.memory(index, memory.size(store), &bytes);
            }
            Extern::Table(table) => {
                let elements = (0..table.size(store)).map(|index| table.get(store, index));
                outcome.table(
                    index,
                    elements.map(|value| value.is_none_or(|value| is_null(&value))),
                );
            }
            _ => {}
        }
    }
}

/// An argument. References are null.
fn value(ty: ValType, random: &mut Random) -> Val {
    match ty {
        ValType::I32 => Val::I32(random.bits() as i32),
        ValType::I64 => Val::I64(random.bits() as i64),
        ValType::F32 => Val::F32(random.bits() as u32),
        ValType::F64 => Val::F64(random.bits()),
        ValType::V128 => Val::V128(u128::from(random.bits()) << 64 | u128::from(random.bits())),
        ValType::Ref(_) => Val::default_for(ty),
    }
}

fn is_null(value: &Val) -> bool {
    matches!(
        value,
        Val::FuncRef(None) | Val::ExternRef(None) | Val::ExnRef(None)
    )
}

fn show(value: &Val) -> String {
    match *value {
        Val::I32(value) => outcome::i32(value),
        Val::I64(value) => outcome::i64(value),
        Val::F32(bits) => outcome::f32(bits),
        Val::F64(bits) => outcome::f64(bits),
        Val::V128(bits) => outcome::v128(bits),
        _ => outcome::reference(is_null(value)),
    }
}

fn trapped(trap: &Trap) -> Ended {
    let kind = match trap.kind() {
        TrapReason::Kind(kind) => kind,
        TrapReason::Exception(_) => return Ended::Trap(Cause::Exception),
        _ => return Ended::Trap(Cause::Other),
    };
    Ended::Trap(match kind {
        TrapKind::StackOverflow => return Ended::StackOverflow,
        TrapKind::Unreachable => Cause::Unreachable,
        TrapKind::MemoryOutOfBounds | TrapKind::UnalignedAtomic => Cause::Memory,
        TrapKind::TableOutOfBounds | TrapKind::UndefinedElement => Cause::Table,
        TrapKind::UninitializedElement => Cause::NullElement,
        TrapKind::IndirectCallTypeMismatch => Cause::Signature,
        TrapKind::IntegerDivideByZero => Cause::DivideByZero,
        TrapKind::IntegerOverflow => Cause::Overflow,
        TrapKind::InvalidConversionToInteger => Cause::Conversion,
        TrapKind::NullReference
        | TrapKind::NullFunctionReference
        | TrapKind::NullExceptionReference => Cause::Null,
        TrapKind::UncaughtException => Cause::Exception,
        _ => Cause::Other,
    })
}

#[cfg(all(test, feature = "compiler"))]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_tells_everything_that_is_exported() {
        let wasm = wat::parse_str(
            r#"(module
              (memory (export "m") 1 2 (pagesize 1))
              (global (export "g") (mut f32) (f32.const 1))
              (table (export "t") 2 funcref)
              (func (export "f") (param i64) (result i64 f64)
                (memory.fill (i32.const 0) (i32.const 7) (i32.const 1))
                (local.get 0) (f64.const -0))
              (func (export "beyond") (drop (i32.load (i32.const 0))))
              (func (export "none") (call_indirect (i32.const 1))))"#,
        )
        .unwrap();
        let config = crate::generator::config(1, ahead_targets::Isa::host().unwrap());
        let artefact = ahead_compiler::compile(&wasm, &config).unwrap();
        let outcome = run(1, &open(&artefact.shared_object()).unwrap());
        assert_eq!(outcome.lines.len(), 8, "{outcome:?}");
        assert_eq!(outcome.lines[0], "start ok");
        assert!(outcome.lines[1].starts_with("call 3: i64 "));
        assert!(outcome.lines[1].ends_with(", f64 0x8000000000000000"));
        assert_eq!(outcome.lines[2], "call 4: trap Memory");
        assert_eq!(outcome.lines[3], "call 5: trap NullElement");
        // FNV-1a of the byte 7.
        assert_eq!(outcome.lines[4], "memory 0: 1 pages, 0xaf63ba4c8601b2c6");
        assert_eq!(outcome.lines[5], "global 1: f32 0x3f800000");
        assert!(outcome.lines[6].starts_with("table 2: 2 elements, "));
        assert_eq!(outcome.lines[7], "imports: 0 calls");
    }
}
