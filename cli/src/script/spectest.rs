//! The module `spectest`, which the suite's scripts import from. It prints nothing.

use ahead_runtime::{
    AddressType, Caller, Error, Extern, Global, GlobalType, Limits, Linker, Memory, MemoryType,
    RefType, Store, Table, TableType, Val,
};

const NAME: &str = "spectest";

/// Defines `spectest` for one script.
pub fn define(store: &mut Store<()>, linker: &mut Linker<()>) -> Result<(), Error> {
    linker.func(NAME, "print", |_: Caller<'_, ()>| {});
    linker.func(NAME, "print_i32", |_: Caller<'_, ()>, _: i32| {});
    linker.func(NAME, "print_i64", |_: Caller<'_, ()>, _: i64| {});
    linker.func(NAME, "print_f32", |_: Caller<'_, ()>, _: f32| {});
    linker.func(NAME, "print_f64", |_: Caller<'_, ()>, _: f64| {});
    linker.func(
        NAME,
        "print_i32_f32",
        |_: Caller<'_, ()>, _: i32, _: f32| {},
    );
    linker.func(
        NAME,
        "print_f64_f64",
        |_: Caller<'_, ()>, _: f64, _: f64| {},
    );
    for (name, value) in [
        ("global_i32", Val::I32(666)),
        ("global_i64", Val::I64(666)),
        ("global_f32", Val::from(666.6f32)),
        ("global_f64", Val::from(666.6f64)),
    ] {
        let ty = GlobalType {
            value: value.ty(),
            mutable: false,
        };
        let global = Global::new(store, ty, value)?;
        linker.define(NAME, name, Extern::Global(global));
    }
    let limits = |min, max| Limits {
        min,
        max: Some(max),
    };
    let table_type = TableType::of(RefType::FUNC, limits(10, 20));
    let table = Table::new(store, table_type, Val::FuncRef(None))?;
    linker.define(NAME, "table", Extern::Table(table));
    let table_type = TableType {
        address: AddressType::I64,
        ..table_type
    };
    let table = Table::new(store, table_type, Val::FuncRef(None))?;
    linker.define(NAME, "table64", Extern::Table(table));
    let memory = Memory::new(store, MemoryType::of(limits(1, 2)))?;
    linker.define(NAME, "memory", Extern::Memory(memory));
    let memory_type = MemoryType {
        shared: true,
        ..MemoryType::of(limits(1, 2))
    };
    let memory = Memory::new(store, memory_type)?;
    linker.define(NAME, "shared_memory", Extern::Memory(memory));
    Ok(())
}
