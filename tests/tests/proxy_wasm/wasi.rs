//! WASI as filters have it.

use crate::embedder::MODES;
use crate::guest::filter;
use ahead_filter_host::MemoryHost;
use ahead_proxy_wasm::{PluginConfig, Shared, Vm};
use ahead_wasi::types::Errno;
use std::sync::Arc;

/// Runs a filter's `_initialize`, which tells error codes by `$is`; gives the log.
fn run(imports: &str, body: &str) -> Vec<String> {
    let module = format!(
        r#"(module
        (import "env" "proxy_log" (func $proxy_log (param i32 i32 i32) (result i32)))
        {imports}
        (memory (export "memory") 1)
        (func (export "proxy_abi_version_0_2_1"))
        (func (export "malloc") (param i32) (result i32) (i32.const 0))
        (func $is (param i32)
          (i32.store8 (i32.const 0xf00) (i32.add (i32.const 48) (i32.div_u (local.get 0) (i32.const 10))))
          (i32.store8 (i32.const 0xf01) (i32.add (i32.const 48) (i32.rem_u (local.get 0) (i32.const 10))))
          (drop (call $proxy_log (i32.const 0) (i32.const 0xf00) (i32.const 2))))
        (data (i32.const 0) "\10\00\00\00\06\00\00\00\16\00\00\00\04\00\00\00one\0d\0atwo\0a!")
        (func (export "_initialize") {body}))"#
    );
    let [guard, explicit] = MODES.map(|bounds| {
        let filter = filter(&module, bounds).unwrap();
        let config = Arc::new(PluginConfig {
            environment: vec![("A".into(), "b c".into())],
            ..PluginConfig::default()
        });
        let host = MemoryHost::default();
        let vm = Vm::new(&filter, &config, &Shared::new(), || {}, host).unwrap();
        vm.host().log.clone()
    });
    assert_eq!(guard, explicit);
    guard
}

fn code(errno: Errno) -> String {
    format!("Trace {:02}", errno.code())
}

const FD_WRITE: &str =
    r#"(import "wasi_unstable" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))"#;

#[test]
fn output_is_logged_line_by_line() {
    let told = run(
        FD_WRITE,
        "(call $is (call $fd_write (i32.const 1) (i32.const 0) (i32.const 2) (i32.const 0x800)))
         (call $is (i32.load (i32.const 0x800)))
         (call $is (call $fd_write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 0x800)))
         (call $is (call $fd_write (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0x800)))",
    );
    let expected = [
        "Info one",
        "Info two",
        "Info !",
        "Trace 00",
        "Trace 10",
        "Error one",
        "Error t",
        "Trace 00",
        "Trace 00",
    ];
    assert_eq!(told, expected);
}

#[test]
fn there_is_no_other_output() {
    let call = |fd: u32, list: u32, count: u32, written: u32| {
        format!(
            "(call $is (call $fd_write (i32.const {fd}) (i32.const {list}) (i32.const {count}) (i32.const {written})))"
        )
    };
    let badf = [0, 3, u32::MAX].map(|fd| call(fd, 0, 1, 0x800)).concat();
    assert_eq!(run(FD_WRITE, &badf), [&code(Errno::Badf)[..]; 3]);
    let fault = [
        (65535, 1, 0x800),
        (0, 1, 65533),
        (u32::MAX - 3, 2, 0x800),
        (16, 1, 0x800),
    ]
    .map(|(list, count, written)| call(1, list, count, written))
    .concat();
    assert_eq!(run(FD_WRITE, &fault), [&code(Errno::Fault)[..]; 4]);
}

#[test]
fn the_environment_is_the_plugin_s() {
    let told = run(
        r#"(import "wasi_snapshot_preview1" "environ_get" (func $environ_get (param i32 i32) (result i32)))
           (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))"#,
        "(call $is (call $environ_get (i32.const 0x800) (i32.const 0x900)))
         (drop (call $proxy_log (i32.const 2) (i32.load (i32.const 0x800)) (i32.const 6)))
         (call $is (call $args (i32.const 0x800) (i32.const 0x804)))
         (call $is (i32.load (i32.const 0x800)))",
    );
    assert_eq!(
        told,
        ["Trace 00", r"Info A=b c\x00", "Trace 00", "Trace 00"]
    );
}

#[test]
fn nothing_is_a_file_and_nothing_waits() {
    let told = run(
        r#"(import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
           (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
           (import "wasi_snapshot_preview1" "fd_fdstat_get" (func $fdstat (param i32 i32) (result i32)))
           (import "wasi_snapshot_preview1" "fd_close" (func $close (param i32) (result i32)))
           (import "wasi_snapshot_preview1" "fd_seek" (func $seek (param i32 i64 i32 i32) (result i32)))
           (import "wasi_snapshot_preview1" "path_open"
             (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
           (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))"#,
        // A subscription to one hour of the monotonic clock.
        "(call $is (call $prestat (i32.const 3) (i32.const 0x800)))
         (call $is (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 0x800)))
         (call $is (call $fdstat (i32.const 0) (i32.const 0x800)))
         (call $is (call $fdstat (i32.const 1) (i32.const 0x800)))
         (call $is (i32.load8_u (i32.const 0x800)))
         (call $is (call $close (i32.const 2)))
         (call $is (call $close (i32.const 3)))
         (call $is (call $seek (i32.const 1) (i64.const 0) (i32.const 0) (i32.const 0x800)))
         (call $is (call $seek (i32.const 3) (i64.const 0) (i32.const 0) (i32.const 0x800)))
         (call $is (call $open (i32.const 3) (i32.const 0) (i32.const 16) (i32.const 1) (i32.const 0)
           (i64.const 0) (i64.const 0) (i32.const 0) (i32.const 0x800)))
         (i32.store (i32.const 0x410) (i32.const 1))
         (i64.store (i32.const 0x418) (i64.const 3600000000000))
         (i32.store (i32.const 0x600) (i32.const 7))
         (call $is (call $poll (i32.const 0x400) (i32.const 0x500) (i32.const 1) (i32.const 0x600)))
         (call $is (i32.load (i32.const 0x600)))",
    );
    let codes = [Errno::Badf, Errno::Nosys, Errno::Spipe, Errno::Noent].map(code);
    let [badf, nosys, spipe, noent] = codes.each_ref().map(String::as_str);
    let ok = "Trace 00";
    let expected = [
        badf, nosys, badf, ok, "Trace 02", ok, badf, spipe, badf, noent, ok, ok,
    ];
    assert_eq!(told, expected);
}

#[test]
fn randomness_is_bounded() {
    let told = run(
        r#"(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))"#,
        "(call $is (call $random (i32.const 0x1000) (i32.const 0xf000)))
         (drop (memory.grow (i32.const 1)))
         (call $is (call $random (i32.const 0x1000) (i32.const 0x10000)))
         (call $is (call $random (i32.const 0x1000) (i32.const 0x10001)))",
    );
    assert_eq!(told, ["Trace 00", "Trace 00", &code(Errno::Inval)]);
}

#[test]
fn the_time_is_the_proxy_s() {
    let told = run(
        r#"(import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))
           (import "wasi_snapshot_preview1" "clock_res_get" (func $resolution (param i32 i32) (result i32)))"#,
        "(call $is (call $time (i32.const 0) (i64.const 0) (i32.const 0x800)))
         (call $is (i32.wrap_i64 (i64.div_u (i64.load (i32.const 0x800)) (i64.const 100000000000000000))))
         (call $is (call $time (i32.const 1) (i64.const 0) (i32.const 0x808)))
         (call $is (i64.ne (i64.load (i32.const 0x808)) (i64.const 0)))
         (call $is (call $time (i32.const 2) (i64.const 0) (i32.const 0x808)))
         (call $is (call $time (i32.const 9) (i64.const 0) (i32.const 0x808)))
         (call $is (call $time (i32.const 0) (i64.const 0) (i32.const 65529)))
         (call $is (call $resolution (i32.const 0) (i32.const 0x808)))
         (call $is (i32.load (i32.const 0x808)))
         (call $is (call $resolution (i32.const 3) (i32.const 0x808)))",
    );
    let (notsup, fault) = (&code(Errno::Notsup)[..], &code(Errno::Fault)[..]);
    let (ok, yes) = ("Trace 00", "Trace 01");
    let expected = [
        ok, "Trace 12", ok, yes, notsup, notsup, fault, ok, yes, notsup,
    ];
    assert_eq!(told, expected);
}
