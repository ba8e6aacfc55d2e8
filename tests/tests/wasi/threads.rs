//! Threads of a guest inside a host that goes on: what they share, and what is left when one of them ends it.
//!
//! Whole programs are in `wasi_threads.rs`.

use crate::guest::compile;
use ahead_runtime::{Linker, StoreConfig};
use ahead_wasi::{
    RunError, Stdio, Threads, Trace, WasiConfig, WasiCtx, run_threaded_command, uses_threads,
};
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What every guest here imports.
const IMPORTS: &str = r#"
    (import "env" "memory" (memory 1 1 shared))
    (import "wasi" "thread-spawn" (func $spawn (param i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (export "memory" (memory 0))"#;

fn run(config: WasiConfig, body: &str) -> Result<i32, RunError> {
    let module = compile(&format!("(module {IMPORTS} {body})"));
    assert!(uses_threads(&module));
    let mut linker = Linker::new();
    ahead_wasi::add_to_linker(&mut linker, |ctx| ctx);
    let threads = Threads::new(&module, linker, StoreConfig::default(), |ctx| ctx);
    run_threaded_command(threads.unwrap(), WasiCtx::new(config).unwrap())
}

/// The first thread computes for ever, and the host goes on all the same; what is left ends at its next call.
#[test]
fn a_host_goes_on_when_a_thread_ends_its_guest() {
    let (mut drain, output) = std::io::pipe().unwrap();
    let config = WasiConfig {
        stdout: Stdio::Fd(output.into()),
        ..WasiConfig::default()
    };
    let started = Instant::now();
    let ended = run(
        config,
        r#"(func (export "wasi_thread_start") (param i32 i32) (call $exit (i32.const 5)))
           (func (export "_start")
             (i32.store (i32.const 0) (i32.const 16))
             (i32.store (i32.const 4) (i32.const 1))
             (drop (call $spawn (i32.const 0)))
             (loop $ever
               (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))
               (br $ever)))"#,
    );
    assert_eq!(ended.unwrap(), 5);
    assert!(started.elapsed() < Duration::from_secs(60));
    // The end comes when the last store that has the pipe is gone.
    drain.read_to_end(&mut Vec::new()).unwrap();
}

/// A thread that waits in a read does not write over what others write to the rest of its buffer meanwhile.
#[test]
fn a_read_writes_what_it_reads_and_no_more() {
    let (input, mut feed) = std::io::pipe().unwrap();
    let (told, tells) = std::io::pipe().unwrap();
    let feeder = std::thread::spawn(move || {
        let mut told = told;
        told.read_exact(&mut [0]).unwrap();
        feed.write_all(b"ab").unwrap();
    });
    let config = WasiConfig {
        stdin: Stdio::Fd(input.into()),
        stdout: Stdio::Fd(tells.into()),
        ..WasiConfig::default()
    };
    let ended = run(
        config,
        r#"(func (export "wasi_thread_start") (param i32 i32)
             ;; The first thread is in its call, or about to be: 20 ms.
             (drop (memory.atomic.wait32 (i32.const 128) (i32.const 0) (i64.const 20000000)))
             (i32.atomic.store (i32.const 1028) (i32.const 0x5a5a5a5a))
             (i32.store (i32.const 32) (i32.const 48))
             (i32.store (i32.const 36) (i32.const 1))
             (drop (call $write (i32.const 1) (i32.const 32) (i32.const 1) (i32.const 40))))
           (func (export "_start")
             (i32.store (i32.const 0) (i32.const 1024))
             (i32.store (i32.const 4) (i32.const 64))
             (drop (call $spawn (i32.const 0)))
             (if (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then unreachable))
             (if (i32.ne (i32.load (i32.const 8)) (i32.const 2)) (then unreachable))
             (if (i32.ne (i32.load16_u (i32.const 1024)) (i32.const 0x6261)) (then unreachable))
             (if (i32.ne (i32.atomic.load (i32.const 1028)) (i32.const 0x5a5a5a5a)) (then unreachable)))"#,
    );
    assert_eq!(ended.unwrap(), 0);
    feeder.join().unwrap();
}

#[test]
fn threads_are_traced_and_counted() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&lines);
    let config = WasiConfig {
        threads_max: 1,
        trace: Some(Trace::new(move |line| {
            seen.lock().unwrap().push(line.to_owned());
        })),
        ..WasiConfig::default()
    };
    let ended = run(
        config,
        r#"(func (export "wasi_thread_start") (param i32 i32)
             (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))
           (func (export "_start")
             (if (i32.ne (call $spawn (i32.const 9)) (i32.const 1)) (then unreachable))
             (if (i32.ne (call $spawn (i32.const 9)) (i32.const -6)) (then unreachable))
             (call $exit (i32.const 3)))"#,
    );
    assert_eq!(ended.unwrap(), 3);
    let expected = [
        "thread-spawn(start_arg=9) = 1",
        "thread-spawn(start_arg=9) = Again",
        "proc_exit(rval=3) = exit",
    ];
    assert_eq!(*lines.lock().unwrap(), expected);
}

#[test]
fn a_thread_s_trap_is_the_guest_s() {
    let error = run(
        WasiConfig::default(),
        r#"(func $deep unreachable)
           (func (export "wasi_thread_start") (param i32 i32) (call $deep))
           (func (export "_start")
             (drop (call $spawn (i32.const 0)))
             (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1))))"#,
    );
    let error = error.unwrap_err();
    let frames = error.trap().unwrap().backtrace();
    assert_eq!(frames.len(), 2);
    assert_eq!(frames[0].func_name.as_deref(), Some("deep"));
}
