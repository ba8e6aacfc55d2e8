//! Linking: what imports are given, what instances share, host functions as values.

mod embedder;

use ahead_runtime::{
    Bounds, Caller, Error, Extern, ExternRef, Func, FuncType, Global, GlobalType, Linker, RefType,
    Store, Table, TableType, Trap, TrapKind, Val, ValType,
};
use ahead_runtime::{Instance, Limits};
use embedder::{MODES, module};

fn i32s(values: &[i32]) -> Vec<Val> {
    values.iter().map(|&value| Val::I32(value)).collect()
}

fn call<T>(
    store: &mut Store<T>,
    instance: Instance,
    name: &str,
    params: &[Val],
) -> Result<Vec<Val>, Trap> {
    let func = instance
        .func(store, name)
        .unwrap_or_else(|| panic!("no `{name}`"));
    func.call(store, params)
}

#[test]
fn imports_that_are_missing_or_of_another_type_are_named() {
    let mut store = Store::new(());
    let mut linker = Linker::new();
    linker.func("env", "f", |_: Caller<'_, ()>, _: i32| {});
    let ty = GlobalType {
        value: ValType::I32,
        mutable: false,
    };
    let global = Global::new(&mut store, ty, Val::I32(1)).unwrap();
    linker.define("env", "g", global);
    let mut message = |import: &str| {
        let module = module(
            &format!("(module (import \"env\" {import}))"),
            Bounds::Guard,
        );
        linker
            .instantiate(&mut store, &module)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        message(r#""no\1b[31m\n" (func (result i64))"#),
        r"unknown import: `env`.`no\u{1b}[31m\u{a}` (a function [] -> [i64])"
    );
    assert_eq!(
        message(r#""f" (func (param i64))"#),
        "incompatible import type for `env`.`f`: the module wants a function [i64] -> [], \
         it is given a function [i32] -> []"
    );
    assert_eq!(
        message(r#""g" (global (mut i32))"#),
        "incompatible import type for `env`.`g`: the module wants a mutable global of type i32, \
         it is given an immutable global of type i32"
    );
    assert_eq!(
        message(r#""g" (memory 1)"#),
        "incompatible import type for `env`.`g`: the module wants a memory of 1.. pages, it is given a global"
    );
}

#[test]
fn instances_share_tables_functions_and_globals() {
    for bounds in MODES {
        let mut store = Store::new(());
        let mut linker = Linker::new();
        let first = module(
            r#"(module
              (global $own (mut i32) (i32.const 100))
              (global (export "count") (mut i64) (i64.const 5))
              (table (export "table") 4 funcref)
              (elem (i32.const 0) func $add)
              (func $add (param i32) (result i32)
                (global.set $own (i32.add (global.get $own) (local.get 0))) (global.get $own))
              (func (export "add") (param i32) (result i32) (call $add (local.get 0)))
              (func (export "call") (param i32 i32) (result i32)
                (call_indirect (param i32) (result i32) (local.get 1) (local.get 0))))"#,
            bounds,
        );
        let first = linker.instantiate(&mut store, &first).unwrap();
        linker.define_instance(&store, "first", first);
        let second = module(
            r#"(module
              (import "first" "add" (func $add (param i32) (result i32)))
              (import "first" "table" (table 4 funcref))
              (import "first" "count" (global $count (mut i64)))
              (elem (i32.const 1) func $double $add)
              (func $double (param i32) (result i32)
                (global.set $count (i64.add (global.get $count) (i64.const 1)))
                (i32.mul (local.get 0) (i32.const 2)))
              (func (export "call") (param i32 i32) (result i32)
                (call_indirect (param i32) (result i32) (local.get 1) (local.get 0)))
              (func (export "set") (table.set (i32.const 3) (ref.func $double))))"#,
            bounds,
        );
        let second = linker.instantiate(&mut store, &second).unwrap();
        for (instance, index, param, result) in [
            (first, 0, 1, 101),
            (second, 0, 1, 102),
            (first, 1, 21, 42),
            (second, 1, 21, 42),
            (first, 2, 8, 110),
        ] {
            let results = call(&mut store, instance, "call", &i32s(&[index, param])).unwrap();
            assert_eq!(results, i32s(&[result]), "{bounds}: element {index}");
        }
        let trap = call(&mut store, first, "call", &i32s(&[3, 1])).unwrap_err();
        assert_eq!(trap.trap_kind(), Some(TrapKind::UninitializedElement));
        call(&mut store, second, "set", &[]).unwrap();
        assert_eq!(
            call(&mut store, first, "call", &i32s(&[3, 5])).unwrap(),
            i32s(&[10])
        );
        let count = first.global(&store, "count").unwrap();
        assert_eq!(count.get(&store), Val::I64(8));
        count.set(&mut store, Val::I64(-1)).unwrap();
        call(&mut store, second, "call", &i32s(&[1, 1])).unwrap();
        assert_eq!(count.get(&store), Val::I64(0));
    }
}

/// References of a type, and references that are not null, are checked when the host passes them.
#[test]
fn typed_references_are_checked_where_they_come_in() {
    let wat = r#"(module
      (type $unary (func (param i32) (result i32)))
      (func (export "double") (type $unary) (i32.add (local.get 0) (local.get 0)))
      (func (export "nothing"))
      (func (export "apply") (param (ref $unary)) (result i32)
        (call_ref $unary (i32.const 21) (local.get 0)))
      (func (export "is_null") (param (ref null $unary)) (result i32) (ref.is_null (local.get 0)))
      (func (export "external") (param (ref extern)))
      (global (export "global") (mut (ref $unary)) (ref.func 0)))"#;
    let mut store = Store::new(());
    let instance = Linker::new()
        .instantiate(&mut store, &module(wat, Bounds::Guard))
        .unwrap();
    let func = |store: &Store<()>, name| instance.func(store, name).unwrap();
    let [double, nothing] = ["double", "nothing"].map(|name| func(&store, name));
    let apply = func(&store, "apply");
    let results = apply
        .call(&mut store, &[Val::FuncRef(Some(double))])
        .unwrap();
    assert_eq!(results, [Val::I32(42)]);
    for wrong in [
        Val::FuncRef(None),
        Val::FuncRef(Some(nothing)),
        Val::ExternRef(None),
    ] {
        let error = apply.call(&mut store, &[wrong]).unwrap_err().to_string();
        assert!(error.contains("(ref "), "{error}");
    }
    let is_null = func(&store, "is_null");
    let results = is_null.call(&mut store, &[Val::FuncRef(None)]).unwrap();
    assert_eq!(results, [Val::I32(1)]);
    let external = func(&store, "external");
    assert!(external.call(&mut store, &[Val::ExternRef(None)]).is_err());
    let global = instance.global(&store, "global").unwrap();
    assert!(global.set(&mut store, Val::FuncRef(None)).is_err());
    assert!(global.set(&mut store, Val::FuncRef(Some(nothing))).is_err());
    global.set(&mut store, Val::FuncRef(Some(double))).unwrap();

    // A host function of the type, made from the type that the guest's function says it has.
    let ty = double.ty(&store);
    let host = Func::new(&mut store, ty, |_, params, results| {
        results[0] = params[0];
        Ok(())
    });
    let results = apply.call(&mut store, &[Val::FuncRef(Some(host))]).unwrap();
    assert_eq!(results, [Val::I32(21)]);
}

/// A host function is put into a table before any module could call it there.
#[test]
fn host_functions_in_tables_are_called_once_a_module_can() {
    let mut store = Store::new(0);
    let ty = TableType::of(RefType::FUNC, Limits { min: 3, max: None });
    let table = Table::new(&mut store, ty, Val::FuncRef(None)).unwrap();
    let add = Func::wrap(&mut store, |mut caller: Caller<'_, i32>, by: i32| {
        *caller.data_mut() += by;
        *caller.data()
    });
    table.set(&mut store, 1, Val::FuncRef(Some(add))).unwrap();
    let wat = r#"(module
      (import "host" "table" (table 3 funcref))
      (func (export "call") (param i32 i32) (result i32)
        (call_indirect (param i32) (result i32) (local.get 1) (local.get 0)))
      (func (export "get") (param i32) (result funcref) (table.get (local.get 0)))
      (func (export "move") (table.copy (i32.const 2) (i32.const 1) (i32.const 1))))"#;
    let mut linker = Linker::new();
    linker.define("host", "table", table);
    let instance = linker
        .instantiate(&mut store, &module(wat, Bounds::Guard))
        .unwrap();
    assert_eq!(
        call(&mut store, instance, "call", &i32s(&[1, 4])).unwrap(),
        i32s(&[4])
    );
    call(&mut store, instance, "move", &[]).unwrap();
    assert_eq!(
        call(&mut store, instance, "call", &i32s(&[2, 6])).unwrap(),
        i32s(&[10])
    );
    assert_eq!(
        call(&mut store, instance, "get", &i32s(&[2])).unwrap(),
        [Val::FuncRef(Some(add))]
    );
    assert_eq!(table.get(&store, 2), Some(Val::FuncRef(Some(add))));
    // One that comes later finds the code there.
    let late = Func::wrap(&mut store, |_: Caller<'_, i32>, by: i32| by * 1000);
    table.set(&mut store, 0, Val::FuncRef(Some(late))).unwrap();
    assert_eq!(
        call(&mut store, instance, "call", &i32s(&[0, 2])).unwrap(),
        i32s(&[2000])
    );
}

#[test]
fn references_pass_through_the_guest_unchanged() {
    let wat = r#"(module
      (import "host" "look" (func $look (param externref funcref) (result funcref externref)))
      (table $t 1 externref)
      (func (export "same") (param externref funcref) (result funcref externref)
        (table.set $t (i32.const 0) (local.get 0))
        (call $look (table.get $t (i32.const 0)) (local.get 1)))
      (func (export "own") (result funcref) (ref.func $f))
      (func $f (export "f") (param i64) (result i64) (i64.add (local.get 0) (i64.const 1))))"#;
    for bounds in MODES {
        let mut linker = Linker::new();
        linker.func(
            "host",
            "look",
            |_: Caller<'_, ()>, word: Option<ExternRef>, func: Option<Func>| (func, word),
        );
        let mut store = Store::new(());
        let instance = linker
            .instantiate(&mut store, &module(wat, bounds))
            .unwrap();
        let func = instance.func(&store, "f").unwrap();
        let word = ExternRef::from_word(0xdead_beef_1234);
        for (func, word) in [(Some(func), word), (None, None)] {
            let params = [Val::ExternRef(word), Val::FuncRef(func)];
            let results = call(&mut store, instance, "same", &params).unwrap();
            assert_eq!(results, [Val::FuncRef(func), Val::ExternRef(word)]);
        }
        let results = call(&mut store, instance, "own", &[]).unwrap();
        assert_eq!(results, [Val::FuncRef(Some(func))]);
        assert_eq!(
            func.call(&mut store, &[Val::I64(41)]).unwrap(),
            [Val::I64(42)]
        );
        assert_eq!(func.ty(&store).to_string(), "[i64] -> [i64]");
    }
}

#[test]
fn values_of_all_types_cross_in_their_places() {
    let types = "i32 f64 i64 f32 i64 f32 f64 i32 f64 f64 i32 i64 f32 f64 i32 f64";
    let gets: String = (0..16)
        .map(|local| format!("(local.get {local})"))
        .collect();
    let wat = format!(
        r#"(module
          (import "host" "echo" (func $echo (param {types}) (result {types})))
          (func (export "run") (param {types}) (result {types}) (call $echo {gets})))"#
    );
    let ty: Vec<_> = types
        .split(' ')
        .map(|ty| match ty {
            "i32" => ValType::I32,
            "i64" => ValType::I64,
            "f32" => ValType::F32,
            _ => ValType::F64,
        })
        .collect();
    let ty = FuncType {
        params: ty.clone(),
        results: ty,
    };
    let values = ty.params.iter().enumerate().map(|(at, ty)| match ty {
        ValType::I32 => Val::I32(-(at as i32) - 1),
        ValType::I64 => Val::I64(i64::MIN + at as i64),
        // A signalling NaN keeps its bits.
        ValType::F32 => Val::F32(0x7fa0_0000 + at as u32),
        _ => Val::F64(0xfff4_0000_0000_0000 + at as u64),
    });
    let values: Vec<_> = values.collect();
    for bounds in MODES {
        let mut linker = Linker::new();
        linker.func_dynamic(
            "host",
            "echo",
            ty.clone(),
            |_: Caller<'_, ()>, params, results| {
                results.copy_from_slice(params);
                Ok(())
            },
        );
        let mut store = Store::new(());
        let instance = linker
            .instantiate(&mut store, &module(&wat, bounds))
            .unwrap();
        assert_eq!(call(&mut store, instance, "run", &values).unwrap(), values);
    }
}

#[test]
fn host_functions_see_the_memory_of_the_instance_that_calls() {
    let wat = r#"(module
      (import "host" "sum" (func $sum (param i32 i32) (result i32)))
      (memory (export "memory") 1)
      (data (i32.const 10) "\01\02\03\04")
      (func (export "run") (param i32 i32) (result i32) (call $sum (local.get 0) (local.get 1))))"#;
    let mut linker = Linker::new();
    linker.func(
        "host",
        "sum",
        |mut caller: Caller<'_, Vec<u32>>, at: u32, bytes: u32| -> Result<u32, Trap> {
            let (mut memory, calls) = caller.memory_and_data();
            let sum = memory
                .slice(at, bytes)?
                .iter()
                .map(|&byte| u32::from(byte))
                .sum();
            memory.write_u32(0u32, sum)?;
            calls.push(sum);
            Ok(sum)
        },
    );
    let mut store = Store::new(Vec::new());
    let module = module(wat, Bounds::Guard);
    let one = linker.instantiate(&mut store, &module).unwrap();
    let two = linker.instantiate(&mut store, &module).unwrap();
    two.memory(&store, "memory")
        .unwrap()
        .write(&mut store, 10, &[100])
        .unwrap();
    assert_eq!(
        call(&mut store, one, "run", &i32s(&[10, 4])).unwrap(),
        i32s(&[10])
    );
    assert_eq!(
        call(&mut store, two, "run", &i32s(&[10, 4])).unwrap(),
        i32s(&[109])
    );
    let trap = call(&mut store, one, "run", &i32s(&[65_535, 2])).unwrap_err();
    assert!(
        trap.message().contains("2 bytes at address 0xffff"),
        "{trap}"
    );
    assert_eq!(store.data(), &[10, 109]);
    let mut bytes = [0; 4];
    two.memory(&store, "memory")
        .unwrap()
        .read(&store, 0, &mut bytes)
        .unwrap();
    assert_eq!(bytes, [109, 0, 0, 0]);
}

/// What an instantiation wrote before it trapped stays, and its functions stay callable.
#[test]
fn an_instantiation_that_traps_leaves_what_it_has_done() {
    let mut store = Store::new(());
    let mut linker = Linker::new();
    let host = module(
        r#"(module (table (export "t") 2 funcref) (memory (export "m") 1))"#,
        Bounds::Guard,
    );
    let host = linker.instantiate(&mut store, &host).unwrap();
    linker.define_instance(&store, "host", host);
    let failing = |rest: &str| {
        format!(
            r#"(module
              (import "host" "t" (table 2 funcref)) (import "host" "m" (memory 1))
              (func $seven (result i32) (i32.const 7)) (func $start unreachable)
              (elem (i32.const 1) $seven) (data (i32.const 4) "x") {rest})"#
        )
    };
    for (rest, kind) in [
        ("(start $start)", TrapKind::Unreachable),
        ("(elem (i32.const 2) $seven)", TrapKind::TableOutOfBounds),
        (
            "(data (i32.const 65536) \"y\")",
            TrapKind::MemoryOutOfBounds,
        ),
    ] {
        let error = linker
            .instantiate(&mut store, &module(&failing(rest), Bounds::Guard))
            .unwrap_err();
        let Error::Trap(trap) = error else {
            panic!("{error}")
        };
        assert_eq!(trap.trap_kind(), Some(kind));
        let Some(Extern::Table(table)) = host.export(&store, "t") else {
            panic!("a table")
        };
        let Some(Val::FuncRef(Some(func))) = table.get(&store, 1) else {
            panic!("a function")
        };
        assert_eq!(func.call(&mut store, &[]).unwrap(), i32s(&[7]));
        table.set(&mut store, 1, Val::FuncRef(None)).unwrap();
    }
}

/// Modules may go before their instances, and stores in any order.
#[test]
fn instances_keep_their_modules() {
    let wat = r#"(module (func $f (export "run") (param i32) (result i32)
        (if (result i32) (local.get 0) (then (call $f (i32.sub (local.get 0) (i32.const 1)))) (else (unreachable)))))"#;
    let mut stores: Vec<_> = (0..8)
        .map(|_| {
            let mut store = Store::new(());
            let instance = Linker::new()
                .instantiate(&mut store, &module(wat, Bounds::Guard))
                .unwrap();
            (store, instance)
        })
        .collect();
    while let Some((mut store, instance)) = stores.pop() {
        let trap = call(&mut store, instance, "run", &i32s(&[3])).unwrap_err();
        assert_eq!(trap.backtrace().len(), 4);
        drop(store);
        if stores.len() > 3 {
            drop(stores.remove(0));
        }
    }
}

/// Vectors as parameters, results, globals and constants, between host, guest and instances.
#[test]
fn vectors_cross_every_boundary() {
    const UP: u128 = 0x0f0e_0d0c_0b0a_0908_0706_0504_0302_0100;
    for bounds in MODES {
        let mut store = Store::new(());
        let mut linker = Linker::new();
        linker.func(
            "host",
            "add",
            |_: Caller<'_, ()>, left: u128, right: u128| left.wrapping_add(right),
        );
        let ty = FuncType {
            params: [ValType::V128, ValType::I32].repeat(6),
            results: [ValType::I32, ValType::V128].repeat(6),
        };
        linker.func_dynamic("host", "reverse", ty, |_, params, results| {
            results.copy_from_slice(params);
            results.reverse();
            Ok(())
        });
        let global = GlobalType {
            value: ValType::V128,
            mutable: true,
        };
        let global = Global::new(&mut store, global, Val::V128(UP)).unwrap();
        linker.define("host", "global", global);
        let first = module(
            r#"(module
              (import "host" "add" (func $add (param v128 v128) (result v128)))
              (import "host" "global" (global $global (mut v128)))
              (global $constant (export "constant") v128 (v128.const i64x2 1 0x8000000000000000))
              (func (export "sum") (param v128) (result v128)
                (global.set $global (call $add (local.get 0) (global.get $constant)))
                (global.get $global)))"#,
            bounds,
        );
        let first = linker.instantiate(&mut store, &first).unwrap();
        linker.define_instance(&store, "first", first);
        let second = module(
            r#"(module
              (type $many (func
                (param v128 i32 v128 i32 v128 i32 v128 i32 v128 i32 v128 i32)
                (result i32 v128 i32 v128 i32 v128 i32 v128 i32 v128 i32 v128)))
              (import "host" "reverse" (func $reverse (type $many)))
              (import "first" "sum" (func $sum (param v128) (result v128)))
              (import "first" "constant" (global $copy v128))
              (global (export "own") v128 (global.get $copy))
              (func (export "twice") (param v128) (result v128) (call $sum (call $sum (local.get 0))))
              (func (export "reverse") (type $many)
                (call $reverse
                  (local.get 0) (local.get 1) (local.get 2) (local.get 3) (local.get 4) (local.get 5)
                  (local.get 6) (local.get 7) (local.get 8) (local.get 9) (local.get 10) (local.get 11))))"#,
            bounds,
        );
        let second = linker.instantiate(&mut store, &second).unwrap();
        let constant = 1 | 1 << 127;
        let twice = second.func(&store, "twice").unwrap();
        let twice = twice.typed::<u128, u128>(&store).unwrap();
        assert_eq!(twice.call(&mut store, UP).unwrap(), UP + 2);
        assert_eq!(global.get(&store), Val::V128(UP + 2));
        let Some(Extern::Global(own)) = second.export(&store, "own") else {
            panic!("an exported global")
        };
        assert_eq!(own.get(&store), Val::V128(constant));
        let params: Vec<_> = (0..6)
            .flat_map(|i: i32| [Val::V128(UP.rotate_left(8 * i as u32)), Val::I32(i)])
            .collect();
        let mut reversed = params.clone();
        reversed.reverse();
        assert_eq!(
            call(&mut store, second, "reverse", &params).unwrap(),
            reversed
        );
    }
}
