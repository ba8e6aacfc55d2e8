//! Whatever lengths a guest passes to WASI, the host allocates less than a stated amount for a call.
//!
//! An allocator that counts stands in front of the system's. The guest has a memory large enough that absurd lengths
//! are in bounds, so that no check of addresses hides what would be allocated for them. It is of one thread or shared:
//! to a shared one there are no references, and what is read and written goes through copies.

use ahead_runtime::{Bounds, Instance, Linker, Store, Val, ValType};
use ahead_wasi::table::{FUNCTIONS, Function};
use ahead_wasi::types::Version;
use ahead_wasi::{Access, Blocking, PathLookup, Preopen, Trace, WasiConfig, WasiCtx};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use std::alloc::System;
use std::net::{TcpListener, TcpStream};

#[allow(dead_code, reason = "other tests use the rest of it")]
mod embedder;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What docs/concepts/wasi.md promises: all allocations of a call together stay below this.
const CAP_BYTES: usize = 1 << 20;

/// Pages and bytes of the guest's memory.
const PAGES: u64 = 4096;
const END: i64 = (PAGES as i64) << 16;

/// Where there is a list of buffers, 8 bytes each: 2^24 of them, as many as are in bounds.
const LIST: i64 = 1 << 20;
const LIST_LEN: i64 = 1 << 24;

/// Where the name of a symbolic link is.
const LINK: i64 = 1 << 19;
/// Where there are as many subscriptions as one call may have.
const POLLS: i64 = 2 << 20;

/// Bytes that the allocator handed out meanwhile, all threads.
fn allocated(act: impl FnOnce()) -> usize {
    let region = Region::new(ALLOCATOR);
    act();
    let change = region.change();
    change.bytes_allocated + usize::try_from(change.bytes_reallocated).unwrap_or(0)
}

struct Guest {
    store: Store<WasiCtx>,
    instance: Instance,
    _client: TcpStream,
}

/// A guest that exports every function that it imports, with a directory (3), a socket that listens (4) and a
/// connection (5).
fn guest(module: &ahead_runtime::Module, given: &std::path::Path, trace: bool) -> Guest {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let config = WasiConfig {
        args: vec![b"guest".to_vec()],
        preopens: vec![Preopen::open(given, b"/".to_vec(), Access::ReadWrite).unwrap()],
        listeners: vec![listener.into()],
        path_lookup: PathLookup::KernelOrWalk,
        blocking: Blocking::Forbidden,
        trace: trace.then(|| Trace::new(|_| {})),
        ..WasiConfig::default()
    };
    let mut linker = Linker::new();
    ahead_wasi::add_to_linker(&mut linker, |ctx| ctx);
    let mut store = Store::new(WasiCtx::new(config).unwrap());
    let instance = linker.instantiate(&mut store, module).unwrap();
    let memory = instance.memory(&store, "memory").unwrap();
    let mut guest = Guest {
        store,
        instance,
        _client: client,
    };
    // Every buffer is one byte, each at a place of its own, so that they do not overlap.
    let mut list = Vec::new();
    for index in 0..4096u32 {
        list.extend([index, 1].map(u32::to_le_bytes).concat());
    }
    memory.write(&mut guest.store, LIST as u64, &list).unwrap();
    memory
        .write(&mut guest.store, LINK as u64, b"link")
        .unwrap();
    // Subscriptions of preview 1: to read from the connection.
    let mut subscription = [0; 48];
    (subscription[8], subscription[16]) = (1, 5);
    let polls = subscription.repeat(4096);
    memory
        .write(&mut guest.store, POLLS as u64, &polls)
        .unwrap();
    assert_eq!(guest.call("sock_accept", &[4, 0, 0]), Some(0));
    guest
}

impl Guest {
    /// The error code; `None` for one that ended the guest.
    fn call(&mut self, name: &str, args: &[i64]) -> Option<i32> {
        let function = FUNCTIONS.iter().find(|row| row.name == name).unwrap();
        let values = args.iter().zip(function.params);
        let values: Vec<Val> = values
            .map(|(&arg, (_, ty))| match ty {
                ValType::I32 => Val::I32(arg as i32),
                _ => Val::I64(arg),
            })
            .collect();
        let func = self.instance.func(&self.store, name).unwrap();
        match func.call(&mut self.store, &values).ok()?[..] {
            [Val::I32(errno)] => Some(errno),
            _ => None,
        }
    }
}

/// What is written as `mod wasi::guest` in the other tests, with more memory, `shared` or not.
fn wat(shared: &str) -> String {
    let mut wat = String::from("(module\n");
    let signature = |function: &Function| {
        let types: Vec<String> = function
            .params
            .iter()
            .map(|(_, ty)| ty.to_string())
            .collect();
        let result = if function.returns_errno {
            "(result i32)"
        } else {
            ""
        };
        format!("(param {}) {result}", types.join(" "))
    };
    for function in FUNCTIONS {
        let (name, signature) = (function.name, signature(function));
        let module = Version::Preview1.module();
        wat += &format!("(import \"{module}\" \"{name}\" (func ${name} {signature}))\n");
    }
    wat += &format!("(memory (export \"memory\") {PAGES} {PAGES} {shared})\n");
    for function in FUNCTIONS {
        let (name, signature) = (function.name, signature(function));
        let args: String = (0..function.params.len())
            .map(|index| format!("(local.get {index})"))
            .collect();
        wat += &format!("(func (export \"{name}\") {signature} (call ${name} {args}))\n");
    }
    wat + ")"
}

/// Calls with the largest lengths that are in bounds, and larger ones.
fn hostile() -> Vec<(&'static str, Vec<i64>)> {
    let half = END / 2;
    let mut calls = vec![
        ("args_get", vec![0, half]),
        ("environ_get", vec![0, half]),
        ("fd_prestat_dir_name", vec![3, 0, END]),
        ("fd_read", vec![5, LIST, LIST_LEN, 0]),
        ("fd_readdir", vec![3, 0, END, 0, 0]),
        ("path_open", vec![3, 1, 0, END, 9, -1, -1, 0, 0]),
        ("path_readlink", vec![3, 0, 4095, 0, END, 0]),
        ("path_readlink", vec![3, LINK, 4, 0, END, 0]),
        ("path_symlink", vec![0, END, 3, 0, END]),
        ("path_rename", vec![3, 0, END, 3, 0, END]),
        // Memory that nothing was written to: clocks that are due at once.
        ("poll_oneoff", vec![END / 4, half, 4096, 0]),
        ("poll_oneoff", vec![LIST, half, 4_000_000, 0]),
        ("poll_oneoff", vec![POLLS, half, 4096, 0]),
        ("random_get", vec![half, 1 << 24]),
        ("sock_recv", vec![5, LIST, LIST_LEN, 0, 0, 8]),
        ("sock_send", vec![5, LIST, LIST_LEN, 0, 0]),
    ];
    for fd in [0, 1, 5, 6] {
        calls.extend([
            ("fd_read", vec![fd, LIST, LIST_LEN, 0]),
            ("fd_write", vec![fd, LIST, LIST_LEN, 0]),
            ("fd_pread", vec![fd, LIST, LIST_LEN, 0, 0]),
            ("fd_pwrite", vec![fd, LIST, LIST_LEN, 0, 0]),
        ]);
    }
    calls
}

/// A number that a guest might pass to make the host allocate.
fn number(random: &mut u64) -> i64 {
    *random ^= *random << 13;
    *random ^= *random >> 7;
    *random ^= *random << 17;
    let small = (*random >> 8) as i64 % 9;
    match *random % 10 {
        0..3 => small,
        3 => END - small,
        4 => END / 2,
        5 => LIST,
        6 => LIST_LEN,
        7 => i64::from(u32::MAX) - small,
        8 => 1 << (*random % 32),
        _ => *random as i64,
    }
}

/// Random calls: a second's worth.
const CALLS: usize = 20_000;

/// One test, since what other tests allocate meanwhile would count as well.
#[test]
fn a_call_allocates_less_than_the_cap() {
    let scratch = tempfile::tempdir().unwrap();
    std::fs::write(scratch.path().join("file"), vec![b'x'; 1 << 20]).unwrap();
    std::os::unix::fs::symlink("file", scratch.path().join("link")).unwrap();
    let mut most = (0, String::new());
    let mut judge = |guest: &mut Guest, name: &str, args: &[i64]| {
        let bytes = allocated(|| {
            guest.call(name, args);
        });
        let shown = || format!("{name}{args:?}");
        assert!(bytes < CAP_BYTES, "{bytes} bytes for {}", shown());
        if bytes > most.0 {
            most = (bytes, shown());
        }
    };
    for (shared, trace) in [("", false), ("", true), ("shared", false)] {
        let module = embedder::module(&wat(shared), Bounds::Guard);
        let mut guest = guest(&module, scratch.path(), trace);
        for (name, args) in hostile() {
            judge(&mut guest, name, &args);
        }
        let mut random = 0x9e37_79b9_7f4a_7c15;
        for _ in 0..CALLS {
            let function = &FUNCTIONS[number(&mut random) as usize % FUNCTIONS.len()];
            // Takes its time, and need not allocate to do so.
            if function.name == "random_get" {
                continue;
            }
            let args: Vec<i64> = function
                .params
                .iter()
                .map(|_| number(&mut random))
                .collect();
            judge(&mut guest, function.name, &args);
        }
    }
    println!("at most {} bytes: {}", most.0, most.1);
    // Lists that are really used are seen: 1024 buffers are more than a page.
    assert!(most.0 > 4096, "nothing was counted");
    let seen = allocated(|| drop(std::hint::black_box(vec![1u8; CAP_BYTES])));
    assert!(seen >= CAP_BYTES, "{seen}");
}
