//! Traps: every kind, where they say they happened, and what is left afterwards.

mod embedder;

use ahead_runtime::{Bounds, Caller, Linker, Store, StoreConfig, Trap, TrapKind, Val};
use ahead_tests::{Limits, ahead, run, skip};
use embedder::{MODES, call, module};

/// A function per kind of trap; the parameter makes it trap.
const TRAPS: &str = r#"(module $traps
  (type $none (func))
  (memory (export "memory") 1 2)
  (table $table 2 funcref)
  (table $open (export "table") 2 4 funcref)
  (elem (table $open) (i32.const 0) func $other)
  (func $other (param i32))
  (func (export "unreachable") (param i32) (if (local.get 0) (then (unreachable))))
  (func (export "load") (param i32) (drop (i32.load offset=3 (local.get 0))))
  (func (export "far load") (param i32) (drop (i64.load offset=0xf0000000 (local.get 0))))
  (func (export "store") (param i32) (i64.store8 (local.get 0) (i64.const 1)))
  (func (export "divide") (param i32) (drop (i32.div_s (i32.const 1) (local.get 0))))
  (func (export "divide unsigned") (param i32)
    (drop (i64.rem_u (i64.const 1) (i64.extend_i32_u (local.get 0)))))
  (func (export "overflow") (param i32) (drop (i32.div_s (i32.const 0x80000000) (local.get 0))))
  (func (export "convert") (param i32) (drop (i32.trunc_f32_s (f32.div (f32.convert_i32_s (local.get 0)) (f32.const 0)))))
  (func (export "convert large") (param i32)
    (drop (i32.trunc_f64_u (f64.mul (f64.convert_i32_s (local.get 0)) (f64.const 1e30)))))
  (func (export "call") (param i32) (call_indirect $open (type $none) (local.get 0)))
  (func (export "copy") (param i32) (memory.copy (local.get 0) (i32.const 0) (i32.const 2)))
  (func (export "fill") (param i32) (memory.fill (local.get 0) (i32.const 1) (i32.const 2)))
  (func (export "table get") (param i32) (drop (table.get $open (local.get 0))))
  (func (export "table set") (param i32) (table.set $open (local.get 0) (ref.null func)))
  (func (export "table fill") (param i32) (table.fill $open (local.get 0) (ref.null func) (i32.const 2)))
  (func $recurse (export "recurse") (param i32) (call $recurse (i32.add (local.get 0) (i32.const 1))) (call $recurse (local.get 0))))"#;

const CASES: &[(&str, i32, TrapKind)] = &[
    ("unreachable", 1, TrapKind::Unreachable),
    ("load", 65_530, TrapKind::MemoryOutOfBounds),
    ("load", -1, TrapKind::MemoryOutOfBounds),
    ("far load", 0, TrapKind::MemoryOutOfBounds),
    ("far load", -1, TrapKind::MemoryOutOfBounds),
    ("store", 65_536, TrapKind::MemoryOutOfBounds),
    ("store", i32::MIN, TrapKind::MemoryOutOfBounds),
    ("divide", 0, TrapKind::IntegerDivideByZero),
    ("divide unsigned", 0, TrapKind::IntegerDivideByZero),
    ("overflow", -1, TrapKind::IntegerOverflow),
    ("convert", 0, TrapKind::InvalidConversionToInteger),
    ("convert", 1, TrapKind::IntegerOverflow),
    ("convert large", 1, TrapKind::IntegerOverflow),
    ("call", 0, TrapKind::IndirectCallTypeMismatch),
    ("call", 1, TrapKind::UninitializedElement),
    ("call", 2, TrapKind::UndefinedElement),
    ("call", -1, TrapKind::UndefinedElement),
    ("copy", 65_535, TrapKind::MemoryOutOfBounds),
    ("fill", -1, TrapKind::MemoryOutOfBounds),
    ("table get", 2, TrapKind::TableOutOfBounds),
    ("table set", -1, TrapKind::TableOutOfBounds),
    ("table fill", 1, TrapKind::TableOutOfBounds),
    ("recurse", 0, TrapKind::StackOverflow),
];

#[test]
fn every_kind_of_trap_is_told_by_its_name() {
    for bounds in MODES {
        let module = module(TRAPS, bounds);
        let mut store = Store::new(());
        let instance = Linker::new().instantiate(&mut store, &module).unwrap();
        for &(export, param, kind) in CASES {
            let func = instance.func(&store, export).unwrap();
            let trap = func.call(&mut store, &[Val::I32(param)]).unwrap_err();
            assert_eq!(
                trap.trap_kind(),
                Some(kind),
                "{export}({param}) with {bounds}"
            );
            let frame = trap
                .backtrace()
                .first()
                .unwrap_or_else(|| panic!("{export}: no frame"));
            assert_eq!(frame.module.as_deref(), Some("traps"), "{export}");
        }
        // The instance is as usable as before.
        let func = instance.func(&store, "load").unwrap();
        assert!(func.call(&mut store, &[Val::I32(65_529)]).is_ok());
    }
}

#[test]
fn a_backtrace_names_functions_and_offsets() {
    let wat = r#"(module $names
      (func $inner (param i32) (drop (i32.div_u (i32.const 1) (local.get 0))))
      (func $middle (param i32) (call $inner (local.get 0)) (call $inner (local.get 0)))
      (func (export "run") (call $middle (i32.const 0)) (call $middle (i32.const 0))))"#;
    let trap = call(wat, Bounds::Guard, "run", &[]).unwrap_err();
    let names: Vec<_> = trap
        .backtrace()
        .iter()
        .map(|frame| frame.func_name.as_deref())
        .collect();
    assert_eq!(names[..2], [Some("inner"), Some("middle")], "{trap}");
    assert_eq!(trap.backtrace().len(), 3, "{trap}");
    assert!(
        trap.backtrace()
            .iter()
            .all(|frame| frame.wasm_offset.is_some()),
        "{trap}"
    );
    let text = trap.to_string();
    assert!(
        text.starts_with("wasm trap: integer divide by zero\n   0:   0x"),
        "{text}"
    );
    assert!(text.contains(" names!middle\n"), "{text}");
}

#[test]
fn deep_recursion_is_a_trap_on_small_stacks_too() {
    let overflow = |stack_bytes_max| {
        let config = StoreConfig {
            stack_bytes_max,
            ..StoreConfig::default()
        };
        let mut store = Store::with_config((), config);
        let instance = Linker::new()
            .instantiate(&mut store, &module(TRAPS, Bounds::Guard))
            .unwrap();
        let func = instance.func(&store, "recurse").unwrap();
        for _ in 0..3 {
            let trap = func.call(&mut store, &[Val::I32(0)]).unwrap_err();
            assert_eq!(trap.trap_kind(), Some(TrapKind::StackOverflow));
            assert!(trap.to_string().contains(" more"), "{trap}");
        }
    };
    overflow(64 << 10);
    overflow(usize::MAX);
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    thread
        .spawn(move || overflow(1 << 20))
        .unwrap()
        .join()
        .unwrap();
}

/// The main thread's stack is what its limit says, and what a program asks for beyond that is there.
#[test]
fn deep_recursion_is_a_trap_whatever_the_main_thread_has() {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("traps.so");
    std::fs::write(&program, embedder::artefact(TRAPS, Bounds::Guard)).unwrap();
    const NOT_ALLOWED: i32 = 77;
    for limit in ["1024", "8192", "1000000", "unlimited"] {
        for option in [None, Some("64K"), Some("100M"), Some("600M")] {
            let mut shell = std::process::Command::new("sh");
            shell.args(["-c", "ulimit -S -s $0 || exit 77; exec \"$@\"", limit]);
            shell.arg(ahead()).arg("run").arg(&program);
            shell.args(["--invoke", "recurse", "0"]);
            if let Some(size) = option {
                shell.args(["--max-stack", size]);
            }
            let finished = run(&mut shell, Limits::default());
            if finished.code() == Some(NOT_ALLOWED) {
                skip(&format!("`ulimit -s {limit}` is beyond the hard limit"));
                continue;
            }
            let said = finished.with_code(134).stderr();
            assert!(
                said.starts_with("error: wasm trap: call stack exhausted"),
                "{said}"
            );
        }
    }
}

/// Host and guest call each other until the guest runs out of stack; each level sees the trap.
#[test]
fn host_and_guest_nest_until_the_stack_ends() {
    let wat = r#"(module $nest
      (import "host" "again" (func $again (param i32)))
      (func (export "run") (param i32) (call $again (i32.add (local.get 0) (i32.const 1)))))"#;
    let mut linker = Linker::new();
    linker.func(
        "host",
        "again",
        |mut caller: Caller<'_, i32>, depth: i32| {
            *caller.data_mut() = depth;
            let run = caller.export("run").unwrap().func().unwrap();
            run.call(&mut caller, &[Val::I32(depth)]).map(drop)
        },
    );
    let nest = move |stack_bytes_max| {
        let config = StoreConfig {
            stack_bytes_max,
            ..StoreConfig::default()
        };
        let mut store = Store::with_config(0, config);
        let module = module(wat, Bounds::Guard);
        let instance = linker.instantiate(&mut store, &module).unwrap();
        let run = instance.func(&store, "run").unwrap();
        let trap = run.call(&mut store, &[Val::I32(0)]).unwrap_err();
        assert_eq!(trap.trap_kind(), Some(TrapKind::StackOverflow));
        let depth = *store.data();
        assert!(depth > 20, "{depth} levels");
        // One frame for each level, across all activations, as far as a trap keeps frames.
        let frames = trap.backtrace().len() as i32;
        assert!(frames >= depth.min(1024), "{frames} frames, {depth} levels");
    };
    nest.clone()(1 << 20);
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    thread
        .spawn(move || nest(usize::MAX))
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn host_functions_that_fail_or_panic_are_traps_with_a_backtrace() {
    let wat = r#"(module $m
      (import "host" "fail" (func $fail (param i32) (result i64)))
      (func $inner (param i32) (result i64) (call $fail (local.get 0)))
      (func (export "run") (param i32) (result i64) (i64.add (i64.const 1) (call $inner (local.get 0)))))"#;
    let mut linker = Linker::new();
    linker.func(
        "host",
        "fail",
        |_: Caller<'_, ()>, what: i32| -> Result<i64, Trap> {
            let kept = vec![1, 2, 3];
            match what {
                0 => Ok(41),
                1 => Err(Trap::host(format!("failed with {kept:?}"))),
                2 => Err(Trap::exit(7)),
                3 => Err(Trap::new(TrapKind::Unreachable)),
                _ => panic!("on purpose, with {kept:?}"),
            }
        },
    );
    for bounds in MODES {
        let mut store = Store::new(());
        let instance = linker
            .instantiate(&mut store, &module(wat, bounds))
            .unwrap();
        let run = instance
            .func(&store, "run")
            .unwrap()
            .typed::<i32, i64>(&store)
            .unwrap();
        let mut fails = |what| run.call(&mut store, what).unwrap_err();
        let trap = fails(1);
        assert_eq!(trap.message(), "failed with [1, 2, 3]");
        let names: Vec<_> = trap
            .backtrace()
            .iter()
            .map(|frame| frame.func_name.as_deref())
            .collect();
        assert_eq!(names[0], Some("inner"), "{trap}");
        assert_eq!(names.len(), 2, "{trap}");
        assert_eq!(fails(2).exit_status(), Some(7));
        assert_eq!(fails(3).trap_kind(), Some(TrapKind::Unreachable));
        assert!(fails(4).message().contains("on purpose, with [1, 2, 3]"));
        assert_eq!(run.call(&mut store, 0).unwrap(), 42);
    }
}

#[test]
fn a_host_function_called_by_the_host_may_fail() {
    let mut store = Store::new(());
    let fail = ahead_runtime::Func::wrap(
        &mut store,
        |_: Caller<'_, ()>, by: i32| -> Result<i32, Trap> {
            if by == 0 {
                Err(Trap::exit(1))
            } else {
                Ok(100 / by)
            }
        },
    );
    assert_eq!(
        fail.call(&mut store, &[Val::I32(7)]).unwrap(),
        [Val::I32(14)]
    );
    assert_eq!(
        fail.call(&mut store, &[Val::I32(0)])
            .unwrap_err()
            .exit_status(),
        Some(1)
    );
    assert!(fail.call(&mut store, &[Val::I64(0)]).is_err());
    assert!(fail.call(&mut store, &[]).is_err());
}

#[test]
fn traps_on_many_threads_do_not_meet() {
    let module = module(TRAPS, Bounds::Guard);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..50 {
                    let mut store = Store::new(());
                    let instance = Linker::new().instantiate(&mut store, &module).unwrap();
                    let (export, param, kind) = CASES[round % CASES.len()];
                    let func = instance.func(&store, export).unwrap();
                    let trap = func.call(&mut store, &[Val::I32(param)]).unwrap_err();
                    assert_eq!(trap.trap_kind(), Some(kind));
                }
            });
        }
    });
}
