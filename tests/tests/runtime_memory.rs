//! Linear memories and tables at run time: first contents, growing, limits, reuse, scarce address space.

mod embedder;

use ahead_runtime::{Bounds, Extern, Limits, Linker, Memory, MemoryType, Store, StoreConfig, Val};
use embedder::{MODES, module};
use std::process::Command;

/// A module with `bytes` bytes of data at 65,536, none of them zero.
fn with_data(bytes: usize) -> String {
    let data: String = (0..bytes)
        .map(|at| format!("\\{:02x}", at % 251 + 1))
        .collect();
    format!(
        r#"(module
          (memory (export "memory") 8 40)
          (data (i32.const 65536) "{data}")
          (data (i32.const 16) "small")
          (func (export "load") (param i32) (result i32) (i32.load8_u (local.get 0)))
          (func (export "store") (param i32 i32) (i32.store8 (local.get 0) (local.get 1)))
          (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0))))"#
    )
}

#[test]
fn first_contents_are_private_and_survive_growing() {
    const BYTES: usize = 200_001;
    for bounds in MODES {
        let module = module(&with_data(BYTES), bounds);
        for round in 0..3 {
            let mut store = Store::new(());
            let instance = Linker::new().instantiate(&mut store, &module).unwrap();
            let memory = instance.memory(&store, "memory").unwrap();
            let grow = instance
                .func(&store, "grow")
                .unwrap()
                .typed::<i32, i32>(&store)
                .unwrap();
            let check = |store: &Store<()>| {
                let bytes = memory.data(store);
                assert_eq!(&bytes[16..21], b"small", "{bounds}");
                let data = &bytes[65_536..65_536 + BYTES];
                assert!(
                    data.iter()
                        .enumerate()
                        .all(|(at, &byte)| byte as usize == at % 251 + 1),
                    "{bounds} {round}"
                );
                assert!(
                    bytes[65_536 + BYTES..].iter().all(|&byte| byte == 0),
                    "{bounds} {round}"
                );
            };
            check(&store);
            for (delta, before) in [(1, 8), (0, 9), (20, 9), (11, 29)] {
                assert_eq!(grow.call(&mut store, delta).unwrap(), before);
                check(&store);
            }
            assert_eq!(grow.call(&mut store, 1).unwrap(), -1);
            assert_eq!(grow.call(&mut store, -1).unwrap(), -1);
            assert_eq!(memory.size(&store), 40);
            // The next instance must not see this.
            memory.data_mut(&mut store).fill(0xee);
        }
    }
}

/// A page at a time, with an image that is a mapping of its own in the middle.
#[test]
fn growing_page_by_page_keeps_everything() {
    let wat = with_data(100_000).replace("8 40", "8 1000");
    for bounds in MODES {
        let mut store = Store::new(());
        let instance = Linker::new()
            .instantiate(&mut store, &module(&wat, bounds))
            .unwrap();
        let memory = instance.memory(&store, "memory").unwrap();
        for page in 8..1000u64 {
            memory
                .write(&mut store, page * 65_536 - 2, &[1, 2])
                .unwrap();
            assert_eq!(memory.grow(&mut store, 1), Some(page));
        }
        let bytes = memory.data(&store);
        for page in 8..1000 {
            assert_eq!(
                bytes[page * 65_536 - 2..][..3],
                [1, 2, 0],
                "{bounds}, page {page}"
            );
        }
        let data = &bytes[65_536..165_536];
        assert!(
            data.iter()
                .enumerate()
                .all(|(at, &byte)| byte as usize == at % 251 + 1)
        );
    }
}

#[test]
fn the_end_of_a_memory_moves_with_its_size() {
    for bounds in MODES {
        let mut store = Store::new(());
        let instance = Linker::new()
            .instantiate(&mut store, &module(&with_data(1), bounds))
            .unwrap();
        let func = |name| instance.func(&store, name).unwrap();
        let (load, grow) = (func("load"), func("grow"));
        for pages in 8..12 {
            let end = pages * 65_536;
            assert_eq!(
                load.call(&mut store, &[Val::I32(end - 1)]).unwrap(),
                [Val::I32(0)]
            );
            assert!(load.call(&mut store, &[Val::I32(end)]).is_err());
            grow.call(&mut store, &[Val::I32(1)]).unwrap();
        }
    }
}

#[test]
fn a_store_limits_its_memories_and_tables() {
    let wat = r#"(module
      (memory 1) (table 1 funcref)
      (func (export "grow memory") (param i32) (result i32) (memory.grow (local.get 0)))
      (func (export "grow table") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))"#;
    for bounds in MODES {
        let config = StoreConfig {
            memory_bytes_max: 3 * 65_536,
            table_elements_max: 5,
            ..StoreConfig::default()
        };
        let mut store = Store::with_config((), config);
        let instance = Linker::new()
            .instantiate(&mut store, &module(wat, bounds))
            .unwrap();
        let mut grow = |what, by| {
            let func = instance.func(&store, what).unwrap();
            func.call(&mut store, &[Val::I32(by)]).unwrap()
        };
        assert_eq!(grow("grow memory", 2), [Val::I32(1)]);
        assert_eq!(grow("grow memory", 1), [Val::I32(-1)]);
        assert_eq!(grow("grow table", 4), [Val::I32(1)]);
        assert_eq!(grow("grow table", 1), [Val::I32(-1)]);
        let large = module("(module (memory 4))", bounds);
        let error = Linker::new()
            .instantiate(&mut store, &large)
            .unwrap_err()
            .to_string();
        assert_eq!(error, "a memory of 4 pages is beyond the limit of 3");
    }
}

/// A memory of the host, imported by two instances; each sees what the other does.
#[test]
fn instances_share_an_imported_memory() {
    let wat = r#"(module
      (import "host" "memory" (memory 1 10))
      (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
      (func (export "store") (param i32 i32) (i32.store (local.get 0) (local.get 1)))
      (func (export "grow") (result i32) (memory.grow (i32.const 1))))"#;
    for bounds in MODES {
        let mut store = Store::new(());
        let limits = Limits {
            min: 1,
            max: Some(5),
        };
        let memory = Memory::new(&mut store, MemoryType::of(limits)).unwrap();
        let mut linker = Linker::new();
        linker.define("host", "memory", memory);
        let module = module(wat, bounds);
        let [one, two] = [0; 2].map(|_| linker.instantiate(&mut store, &module).unwrap());
        let mut call = |instance: ahead_runtime::Instance, name, params: &[i32]| {
            let params: Vec<_> = params.iter().map(|&param| Val::I32(param)).collect();
            let func = instance.func(&store, name).unwrap();
            func.call(&mut store, &params)
                .map(|results| results.first().copied())
        };
        assert!(call(two, "load", &[65_536]).is_err());
        assert_eq!(call(one, "grow", &[]).unwrap(), Some(Val::I32(1)));
        call(one, "store", &[65_536, 77]).unwrap();
        assert_eq!(call(two, "load", &[65_536]).unwrap(), Some(Val::I32(77)));
        assert_eq!(memory.size(&store), 2);
    }
}

/// What one guest left behind, no later one finds.
#[test]
fn memories_are_zero_however_often_they_are_reused() {
    let wat = r#"(module (memory (export "memory") 2) (table (export "table") 4 externref)
      (global (export "global") (mut i64) (i64.const 0)))"#;
    for bounds in MODES {
        let module = module(wat, bounds);
        for round in 0..200 {
            let mut store = Store::new(());
            let instance = Linker::new().instantiate(&mut store, &module).unwrap();
            let memory = instance.memory(&store, "memory").unwrap();
            assert!(
                memory.data(&store).iter().all(|&byte| byte == 0),
                "{bounds}, round {round}"
            );
            memory.grow(&mut store, 1).unwrap();
            memory.data_mut(&mut store).fill(0xa5);
            let Some(Extern::Table(table)) = instance.export(&store, "table") else {
                panic!("a table")
            };
            assert_eq!(table.get(&store, 3), Some(Val::ExternRef(None)));
            table
                .set(
                    &mut store,
                    3,
                    Val::ExternRef(ahead_runtime::ExternRef::from_word(9)),
                )
                .unwrap();
        }
    }
}

/// Where this test runs itself again with little address space.
const SCARCE: &str = "AHEAD_TEST_SCARCE_ADDRESS_SPACE";

#[test]
fn scarce_address_space_is_named_and_explicit_bounds_get_along() {
    let name = "scarce_address_space_is_named_and_explicit_bounds_get_along";
    if std::env::var_os(SCARCE).is_none() {
        let program = std::env::current_exe().unwrap();
        let output = Command::new("sh")
            .args([
                "-c",
                "ulimit -v 3000000 && exec \"$0\" --exact \"$1\" --nocapture",
            ])
            .arg(program)
            .arg(name)
            .env(SCARCE, "1")
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        return;
    }
    let wat = with_data(100_000);
    let mut store = Store::new(());
    let error = Linker::new()
        .instantiate(&mut store, &module(&wat, Bounds::Guard))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the limit of address space is 3072000000 bytes"),
        "{error}"
    );
    assert!(error.contains("--bounds explicit"), "{error}");
    let instance = Linker::new()
        .instantiate(&mut store, &module(&wat, Bounds::Explicit))
        .unwrap();
    let grow = instance.func(&store, "grow").unwrap();
    assert_eq!(
        grow.call(&mut store, &[Val::I32(20)]).unwrap(),
        [Val::I32(8)]
    );
}
