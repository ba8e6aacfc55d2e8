//! `run_command` and `initialize`: the conventions around a module, and a guest without a memory.

use crate::guest::compile;
use ahead_runtime::{Instance, Linker, Store, TrapKind, Val};
use ahead_wasi::{RunError, WasiConfig, WasiCtx, initialize, run_command};

fn linker() -> Linker<WasiCtx> {
    let mut linker = Linker::new();
    ahead_wasi::add_to_linker(&mut linker, |ctx| ctx);
    linker
}

fn store() -> Store<WasiCtx> {
    Store::new(WasiCtx::new(WasiConfig::default()).unwrap())
}

fn run(wat: &str) -> Result<i32, RunError> {
    run_command(&linker(), &mut store(), &compile(wat))
}

const EXIT: &str = r#"(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))"#;

#[test]
fn a_command_ends_by_returning_or_exiting() {
    assert_eq!(run(r#"(module (func (export "_start")))"#).unwrap(), 0);
    let exits = format!(
        r#"(module {EXIT} (func (export "_start") (call $exit (i32.const 42)) unreachable))"#
    );
    assert_eq!(run(&exits).unwrap(), 42);
    let exits_early = format!(
        r#"(module {EXIT} (func $init (call $exit (i32.const 7))) (start $init) (func (export "_start") unreachable))"#
    );
    assert_eq!(run(&exits_early).unwrap(), 7);
}

#[test]
fn a_trap_is_told_from_an_end() {
    let error = run(r#"(module (func $deep unreachable) (func (export "_start") (call $deep)))"#)
        .unwrap_err();
    let trap = error.trap().unwrap();
    assert_eq!(trap.trap_kind(), Some(TrapKind::Unreachable));
    assert_eq!(trap.backtrace()[0].func_name.as_deref(), Some("deep"));
    let error = run(r#"(module (func $init unreachable) (start $init) (func (export "_start")))"#)
        .unwrap_err();
    assert!(error.trap().is_some());
}

#[test]
fn what_is_no_command_is_refused() {
    for no_start in [
        r#"(module (func (export "main")))"#,
        r#"(module (memory (export "_start") 1))"#,
        // Refused before anything of it runs.
        r#"(module (func $init unreachable) (start $init))"#,
    ] {
        assert!(
            matches!(run(no_start), Err(RunError::NoStart)),
            "{no_start}"
        );
    }
    let error = run(r#"(module (func (export "_start") (result i32) (i32.const 0)))"#).unwrap_err();
    assert!(matches!(error, RunError::StartType(_)), "{error}");
}

#[test]
fn a_reactor_is_initialised() {
    let module = compile(
        r#"(module (global $ready (mut i32) (i32.const 0))
            (func (export "_initialize") (global.set $ready (i32.const 1)))
            (func (export "ready") (result i32) (global.get $ready)))"#,
    );
    let mut store = store();
    let instance: Instance = linker().instantiate(&mut store, &module).unwrap();
    initialize(&mut store, instance).unwrap();
    let ready = instance.func(&store, "ready").unwrap();
    assert_eq!(ready.call(&mut store, &[]).unwrap(), [Val::I32(1)]);
}

#[test]
fn a_guest_without_a_memory_gets_fault() {
    let code = run(&format!(
        r#"(module {EXIT}
            (import "wasi_snapshot_preview1" "random_get" (func $random_get (param i32 i32) (result i32)))
            (func (export "_start") (call $exit (call $random_get (i32.const 0) (i32.const 1)))))"#
    ));
    assert_eq!(
        code.unwrap(),
        i32::from(ahead_wasi::types::Errno::Fault.code())
    );
}
