//! Shared memories at run time: guests of several threads in one memory, waiting and waking, growing, traps, and
//! hosts that look on.

mod embedder;

use ahead_runtime::{
    Bounds, Caller, Instance, Limits, Linker, Memory, MemoryType, Module, SharedMemory, Store,
    TrapKind, Val,
};
use embedder::module;

const MODES: [Bounds; 2] = [Bounds::Guard, Bounds::Explicit];

const GUEST: &str = r#"(module
  (import "host" "memory" (memory 1 10 shared))
  (export "memory" (memory 0))
  (func (export "count") (param $times i32)
    (loop $again
      (drop (i64.atomic.rmw.add (i32.const 64) (i64.const 1)))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1))))))
  (func (export "wait") (param $expected i32) (param $timeout i64) (result i32)
    (memory.atomic.wait32 (i32.const 0) (local.get $expected) (local.get $timeout)))
  (func (export "wait64") (param $at i32) (param $expected i64) (param $timeout i64) (result i32)
    (memory.atomic.wait64 (local.get $at) (local.get $expected) (local.get $timeout)))
  (func (export "set") (param i32) (i32.atomic.store (i32.const 0) (local.get 0)))
  (func (export "notify") (param i32) (result i32)
    (memory.atomic.notify (i32.const 0) (local.get 0)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "size") (result i32) (memory.size))
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "load_unaligned") (result i32) (i32.atomic.load (i32.const 2)))
  (func (export "fill") (param i32 i32 i32)
    (memory.fill (local.get 0) (local.get 1) (local.get 2)))
  (func (export "copy") (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2))))"#;

/// A store of this thread with an instance of the guest.
struct Thread {
    store: Store<()>,
    instance: Instance,
}

impl Thread {
    fn new(module: &Module, memory: &SharedMemory) -> Self {
        let mut store = Store::new(());
        let memory = Memory::of_shared(&mut store, memory).unwrap();
        let mut linker = Linker::new();
        linker.define("host", "memory", memory);
        let instance = linker.instantiate(&mut store, module).unwrap();
        Thread { store, instance }
    }

    fn call(&mut self, name: &str, params: &[Val]) -> Result<Vec<Val>, ahead_runtime::Trap> {
        let func = self.instance.func(&self.store, name).unwrap();
        func.call(&mut self.store, params)
    }

    fn trap(&mut self, name: &str, params: &[Val]) -> Option<TrapKind> {
        self.call(name, params).unwrap_err().trap_kind()
    }
}

fn ty() -> MemoryType {
    MemoryType {
        shared: true,
        ..MemoryType::of(Limits {
            min: 1,
            max: Some(10),
        })
    }
}

fn with_both_modes(act: impl Fn(&Module, &SharedMemory)) {
    for bounds in MODES {
        let memory = SharedMemory::new(ty(), 1 << 32).unwrap();
        act(&module(GUEST, bounds), &memory);
    }
}

#[test]
fn threads_count_together() {
    with_both_modes(|module, memory| {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    Thread::new(module, memory)
                        .call("count", &[Val::I32(10_000)])
                        .unwrap();
                });
            }
        });
        let mut store = Store::new(());
        let view = Memory::of_shared(&mut store, memory).unwrap();
        let mut bytes = [0; 8];
        view.read(&store, 64, &mut bytes).unwrap();
        assert_eq!(u64::from_le_bytes(bytes), 40_000);
        assert!(view.read(&store, 65_530, &mut bytes).is_err());
    });
}

#[test]
fn who_waits_is_woken() {
    with_both_modes(|module, memory| {
        std::thread::scope(|scope| {
            let waiters: Vec<_> = (0..3)
                .map(|_| {
                    scope.spawn(|| {
                        let mut thread = Thread::new(module, memory);
                        thread.call("wait", &[Val::I32(0), Val::I64(-1)]).unwrap()
                    })
                })
                .collect();
            let mut thread = Thread::new(module, memory);
            let mut woken = 0;
            while woken < 3 {
                let results = thread.call("notify", &[Val::I32(-1)]).unwrap();
                let [Val::I32(count)] = results[..] else {
                    panic!("{results:?}")
                };
                woken += count;
                std::thread::yield_now();
            }
            assert_eq!(woken, 3);
            for waiter in waiters {
                assert_eq!(waiter.join().unwrap(), [Val::I32(0)]);
            }
        });
    });
}

#[test]
fn waiting_ends_at_once_or_in_time() {
    with_both_modes(|module, memory| {
        let mut thread = Thread::new(module, memory);
        let mut wait = |expected, timeout| {
            thread
                .call("wait", &[Val::I32(expected), Val::I64(timeout)])
                .unwrap()
        };
        assert_eq!(wait(1, -1), [Val::I32(1)]);
        assert_eq!(wait(1, i64::MIN), [Val::I32(1)]);
        assert_eq!(wait(1, i64::MAX), [Val::I32(1)]);
        assert_eq!(wait(0, 0), [Val::I32(2)]);
        assert_eq!(wait(0, 1_000), [Val::I32(2)]);
        let mut wait64 = |at| thread.call("wait64", &[Val::I32(at), Val::I64(1), Val::I64(0)]);
        assert_eq!(wait64(65_528).unwrap(), [Val::I32(1)]);
        let kind = |at, thread: &mut Thread| {
            thread.trap("wait64", &[Val::I32(at), Val::I64(1), Val::I64(0)])
        };
        assert_eq!(kind(65_536, &mut thread), Some(TrapKind::MemoryOutOfBounds));
        assert_eq!(kind(-8, &mut thread), Some(TrapKind::MemoryOutOfBounds));
        assert_eq!(kind(4, &mut thread), Some(TrapKind::UnalignedAtomic));
        assert_eq!(
            thread.trap("load_unaligned", &[]),
            Some(TrapKind::UnalignedAtomic)
        );
    });
}

/// What one thread grows, all others have, and beyond it they trap.
#[test]
fn growing_is_seen_by_all() {
    with_both_modes(|module, memory| {
        let mut one = Thread::new(module, memory);
        let beyond = |thread: &mut Thread, at| thread.trap("load", &[Val::I32(at)]);
        assert_eq!(beyond(&mut one, 65_536), Some(TrapKind::MemoryOutOfBounds));
        std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| {
                    let mut other = Thread::new(module, memory);
                    for _ in 0..3 {
                        let before = other.call("grow", &[]).unwrap();
                        let Val::I32(before) = before[0] else {
                            panic!()
                        };
                        other.call("load", &[Val::I32(before << 16)]).unwrap();
                    }
                });
            }
        });
        assert_eq!(one.call("size", &[]).unwrap(), [Val::I32(10)]);
        assert_eq!(one.call("grow", &[]).unwrap(), [Val::I32(-1)]);
        one.call("load", &[Val::I32(655_356)]).unwrap();
        let last = beyond(&mut one, 655_357);
        assert_eq!(last, Some(TrapKind::MemoryOutOfBounds));
        one.call("fill", &[Val::I32(655_000), Val::I32(7), Val::I32(360)])
            .unwrap();
        one.call("copy", &[Val::I32(1), Val::I32(655_000), Val::I32(300)])
            .unwrap();
        let load = one.call("load", &[Val::I32(200)]).unwrap();
        assert_eq!(load, [Val::I32(0x0707_0707)]);
        let past = [Val::I32(655_000), Val::I32(7), Val::I32(361)];
        assert_eq!(one.trap("fill", &past), Some(TrapKind::MemoryOutOfBounds));
        assert_eq!(one.trap("copy", &past), Some(TrapKind::MemoryOutOfBounds));
    });
}

/// A memory that a module makes and exports goes on when the store that made it is gone.
#[test]
fn a_memory_outlives_the_store_that_made_it() {
    let wat = r#"(module
      (memory (export "memory") 1 10 shared)
      (data (i32.const 8) "made here")
      (func (export "load") (result i64) (i64.load (i32.const 8)))
      (func (export "grow") (result i32) (memory.grow (i32.const 2))))"#;
    for bounds in MODES {
        let memory = {
            let mut store = Store::new(());
            let instance = Linker::new()
                .instantiate(&mut store, &module(wat, bounds))
                .unwrap();
            let grow = instance.func(&store, "grow").unwrap();
            assert_eq!(grow.call(&mut store, &[]).unwrap(), [Val::I32(1)]);
            let load = instance.func(&store, "load").unwrap();
            let word = Val::I64(i64::from_le_bytes(*b"made her"));
            assert_eq!(load.call(&mut store, &[]).unwrap(), [word]);
            let memory = instance.memory(&store, "memory").unwrap();
            memory.shared(&store).unwrap()
        };
        assert_eq!(memory.pages(), 3);
        let mut thread = Thread::new(&module(GUEST, bounds), &memory);
        let loaded = thread.call("load", &[Val::I32(13)]).unwrap();
        assert_eq!(loaded, [Val::I32(i32::from_le_bytes(*b"here"))]);
    }
}

/// A host function sees copies, and what it writes arrives.
#[test]
fn host_functions_work_on_copies() {
    let wat = r#"(module
      (import "host" "double" (func $double (param i32 i32)))
      (memory (export "memory") 1 1 shared)
      (func (export "run") (result i32)
        (i32.store (i32.const 100) (i32.const 0x04030201))
        (call $double (i32.const 100) (i32.const 4))
        (i32.load (i32.const 100))))"#;
    let mut linker = Linker::new();
    linker.func(
        "host",
        "double",
        |mut caller: Caller<'_, ()>, at: u32, bytes: u32| -> Result<(), ahead_runtime::Trap> {
            let mut memory = caller.memory();
            assert!(memory.is_shared());
            for byte in memory.slice_mut(at, bytes)? {
                *byte *= 2;
            }
            Ok(())
        },
    );
    for bounds in MODES {
        let mut store = Store::new(());
        let instance = linker
            .instantiate(&mut store, &module(wat, bounds))
            .unwrap();
        let run = instance.func(&store, "run").unwrap();
        let results = run.call(&mut store, &[]).unwrap();
        assert_eq!(results, [Val::I32(0x0806_0402)]);
    }
}
