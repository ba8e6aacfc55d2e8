//! The host allocates nothing for a hostcall that reads or writes a header, and nothing for a call into a filter.
//!
//! A program of its own, because it counts with an allocator of its own.

use ahead_compiler::Config;
use ahead_filter_host::{calls, vm};
use ahead_proxy_wasm::{ContextId, Filter, Vm};
use ahead_runtime::Module;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

// SAFETY: the system's allocator, to which every call goes as it came.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: as the caller says.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller says.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// As many calls of each function as the callback is told headers.
const FILTER: &str = r#"(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_pairs" (func $pairs (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_size" (func $size (param i32 i32) (result i32)))
  (import "env" "proxy_get_property" (func $property (param i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_buffer_bytes" (func $buffer (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_get_current_time_nanoseconds" (func $time (param i32) (result i32)))
  (import "env" "proxy_set_effective_context" (func $context (param i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 16) "x-a" "x-none" "plugin_name")
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "malloc") (param i32) (result i32) (i32.const 4096))
  (func (export "proxy_on_tick") (param i32))
  (func (export "proxy_on_request_headers") (param $id i32) (param $left i32) (param i32) (result i32)
    (loop $again
      (drop (call $log (i32.const 0) (i32.const 16) (i32.const 3)))
      (drop (call $get (i32.const 0) (i32.const 16) (i32.const 3) (i32.const 0) (i32.const 4)))
      (drop (call $get (i32.const 0) (i32.const 19) (i32.const 6) (i32.const 0) (i32.const 4)))
      (drop (call $pairs (i32.const 0) (i32.const 0) (i32.const 4)))
      (drop (call $size (i32.const 0) (i32.const 0)))
      (drop (call $property (i32.const 25) (i32.const 11) (i32.const 0) (i32.const 4)))
      (drop (call $buffer (i32.const 6) (i32.const 0) (i32.const 9) (i32.const 0) (i32.const 4)))
      (drop (call $time (i32.const 0)))
      (drop (call $context (local.get $id)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0)))"#;

fn allocations(act: impl FnOnce()) -> u64 {
    let before = COUNT.get();
    act();
    COUNT.get() - before
}

#[test]
fn hostcalls_and_callbacks_allocate_nothing() {
    let wasm = ahead_tests::samples::assemble(FILTER);
    let artefact = ahead_compiler::compile(&wasm, &Config::default()).unwrap();
    // SAFETY: the compiler's own.
    #[allow(unsafe_code)]
    let module = unsafe { Module::from_bytes(&artefact.shared_object()) }.unwrap();
    let filter = Filter::new(module).unwrap();
    let config = calls::plugin();
    let mut vm: Vm<_> = vm(&filter, config.clone());
    let root: ContextId = vm.start_root(&config.into()).unwrap();
    let stream = vm.open_stream(root, calls::request()).unwrap();
    vm.host_mut().level = ahead_proxy_wasm::abi::LogLevel::Critical;
    let mut run = |count| {
        allocations(|| {
            vm.on_request_headers(stream, count, true).unwrap();
            vm.on_tick(root).unwrap();
            assert!(vm.take_effects().is_empty());
        })
    };
    // Buffers grow once.
    run(2);
    assert_eq!(run(1), 0);
    assert_eq!(run(1000), 0);
}
