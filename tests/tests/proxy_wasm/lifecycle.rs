//! VMs, plugins, streams: which callbacks come when, and what becomes of a VM that traps.

use crate::embedder::MODES;
use crate::guest::{Scene, each, filter, wat};
use ahead_filter_host::MemoryHost;
use ahead_proxy_wasm::abi::{AbiVersion, PeerType, TrailersStatus};
use ahead_proxy_wasm::callbacks::CALLBACKS;
use ahead_proxy_wasm::{Error, Failed, Filter, PluginConfig, Shared, Vm};
use ahead_runtime::TrapKind;
use std::sync::Arc;

fn start(filter: &Filter<MemoryHost>) -> Result<Vm<MemoryHost>, Error> {
    let host = MemoryHost::default();
    Vm::new(filter, &Default::default(), &Shared::new(), || {}, host)
}

/// A callback that tells its place in the list of all.
fn tell(number: usize) -> String {
    format!("(call $number (i64.const {number}))")
}

#[test]
fn callbacks_come_in_order() {
    let bodies: Vec<_> = (0..CALLBACKS.len()).map(tell).collect();
    let mut callbacks: Vec<(&str, &str)> = CALLBACKS
        .iter()
        .zip(&bodies)
        .map(|(callback, body)| (callback.name, &body[..]))
        .filter(|(name, _)| !["proxy_on_memory_allocate", "malloc"].contains(name))
        .collect();
    callbacks.push(("proxy_on_request_headers", "(call $number (i64.const 90))"));
    callbacks.push(("proxy_on_response_headers", "(call $number (i64.const 91))"));
    each(&callbacks, |guest| {
        let (id, root) = (guest.stream, guest.root);
        let names = |told: Vec<String>| -> Vec<&str> {
            let name = |number: &String| match number.parse::<usize>().unwrap() {
                90 => "proxy_on_request_headers",
                91 => "proxy_on_response_headers",
                number => CALLBACKS[number].name,
            };
            told.iter().map(name).collect()
        };
        // `_start` is for modules without `_initialize`, `__main_void` for those without `main`.
        let expected = [
            "_initialize",
            "main",
            "proxy_on_context_create",
            "proxy_on_vm_start",
            "proxy_on_configure",
            "proxy_on_context_create",
        ];
        assert_eq!(names(guest.told()), expected);
        guest.vm.on_request_headers(id, 1, false).unwrap();
        guest.vm.on_request_body(id, 1, false).unwrap();
        guest.vm.on_request_metadata(id, 1).unwrap();
        guest.vm.on_request_trailers(id, 1).unwrap();
        guest.vm.on_response_headers(id, 1, false).unwrap();
        guest.vm.on_response_body(id, 1, false).unwrap();
        guest.vm.on_response_metadata(id, 1).unwrap();
        guest.vm.on_response_trailers(id, 1).unwrap();
        guest.vm.on_log(id).unwrap();
        assert!(guest.vm.on_done(id).unwrap());
        guest.vm.close_stream(id).unwrap();
        let expected = [
            "proxy_on_request_headers",
            "proxy_on_request_body",
            "proxy_on_request_metadata",
            "proxy_on_request_trailers",
            "proxy_on_response_headers",
            "proxy_on_response_body",
            "proxy_on_response_metadata",
            "proxy_on_response_trailers",
            "proxy_on_log",
            "proxy_on_done",
            "proxy_on_delete",
        ];
        assert_eq!(names(guest.told()), expected);
        let id = guest.vm.open_stream(root, Default::default()).unwrap();
        let status = guest.vm.on_new_connection(id).unwrap();
        assert_eq!(status, TrailersStatus::Continue);
        guest.vm.on_downstream_data(id, 1, false).unwrap();
        guest.vm.on_upstream_data(id, 1, false).unwrap();
        guest.vm.on_downstream_close(id, PeerType::Remote).unwrap();
        guest.vm.on_upstream_close(id, PeerType::Local).unwrap();
        // Done comes with the end if it did not come before.
        guest.vm.close_stream(id).unwrap();
        let expected = [
            "proxy_on_context_create",
            "proxy_on_new_connection",
            "proxy_on_downstream_data",
            "proxy_on_upstream_data",
            "proxy_on_downstream_connection_close",
            "proxy_on_upstream_connection_close",
            "proxy_on_done",
            "proxy_on_delete",
        ];
        assert_eq!(names(guest.told()), expected);
        assert!(guest.vm.close_stream(id).is_none());
    });
}

#[test]
fn callbacks_get_their_arguments() {
    let show = |count: usize| {
        let one = |at| format!("(call $number (i64.extend_i32_u (local.get {at})))");
        (0..count).map(one).collect::<String>()
    };
    let (two, three) = (show(2), show(3));
    let callbacks = [
        ("proxy_on_context_create", &two[..]),
        ("proxy_on_request_headers", &three),
        ("proxy_on_request_body", &three),
        ("proxy_on_response_trailers", &two),
        ("proxy_on_downstream_data", &three),
        ("proxy_on_downstream_connection_close", &two),
    ];
    each(&callbacks, |guest| {
        let id = guest.stream;
        assert_eq!(guest.told(), ["1", "0", "2", "1"]);
        guest.vm.on_request_headers(id, 7, true).unwrap();
        guest.vm.on_request_body(id, 8, false).unwrap();
        guest.vm.on_response_trailers(id, 9).unwrap();
        guest.vm.on_downstream_data(id, 10, true).unwrap();
        guest.vm.on_downstream_close(id, PeerType::Remote).unwrap();
        let expected = [
            "2", "7", "1", "2", "8", "0", "2", "9", "2", "10", "1", "2", "2",
        ];
        assert_eq!(guest.told(), expected);
    });
}

#[test]
fn headers_callbacks_of_old_sdks_have_two_parameters() {
    for params in ["i32 i32", "i32 i32 i32"] {
        let module = format!(
            r#"(module (memory (export "memory") 1) (func (export "proxy_abi_version_0_1_0"))
                (func (export "malloc") (param i32) (result i32) (i32.const 8))
                (func (export "proxy_on_request_headers") (param {params}) (result i32) (i32.const 3)))"#
        );
        let mut vm = start(&filter(&module, MODES[0]).unwrap()).unwrap();
        let root = vm.start_root(&Default::default()).unwrap();
        let id = vm.open_stream(root, Default::default()).unwrap();
        assert_eq!(vm.on_request_headers(id, 0, true).unwrap().number(), 3);
    }
}

#[test]
fn a_program_may_end_its_start_by_leaving() {
    let module = |code: u32, export: &str| {
        format!(
            r#"(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
                (memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1"))
                (func (export "malloc") (param i32) (result i32) (i32.const 8))
                (func (export "{export}") (call $exit (i32.const {code})) unreachable))"#
        )
    };
    let run = |module: &str| start(&filter(module, MODES[0]).unwrap());
    run(&module(0, "_start"))
        .unwrap()
        .start_root(&Default::default())
        .unwrap();
    for broken in [module(1, "_start"), module(0, "_initialize")] {
        let error = run(&broken).unwrap_err();
        assert!(matches!(error, Error::Failed(_)), "{error}");
    }
}

#[test]
fn a_filter_that_refuses_has_no_root() {
    for callback in ["proxy_on_vm_start", "proxy_on_configure"] {
        let body = "(if (i32.eq (global.get $next) (i32.const 0x8000)) (then
            (drop (call $allocate (i32.const 1))) (return (i32.const 0))))";
        let filter = filter(&wat(AbiVersion::V0_2_1, &[(callback, body)]), MODES[0]).unwrap();
        let mut vm = start(&filter).unwrap();
        let error = vm.start_root(&Default::default()).unwrap_err();
        assert_eq!(error.to_string(), format!("`{callback}` returned false"));
        assert!(!vm.has_root(ahead_proxy_wasm::ContextId(1)));
        // The VM is none the worse for it.
        vm.start_root(&Default::default()).unwrap();
    }
}

#[test]
fn a_trap_ends_the_vm_and_nothing_else() {
    let callbacks = [
        (
            "proxy_on_request_headers",
            "(drop (call $proxy_continue_stream #0)) unreachable",
        ),
        ("proxy_on_delete", "(call $number (i64.const 1))"),
    ];
    each(&callbacks, |guest| {
        let Failed { callback, trap } = guest
            .vm
            .on_request_headers(guest.stream, 6, true)
            .unwrap_err();
        assert_eq!(callback, "proxy_on_request_headers");
        assert_eq!(trap.trap_kind(), Some(TrapKind::Unreachable));
        assert_eq!(guest.vm.take_effects(), []);
        assert_eq!(guest.vm.failed().unwrap().callback, callback);
        // Everything fails now, in the same way, and the adapter gets back what is its own.
        assert!(guest.vm.on_request_body(guest.stream, 0, true).is_err());
        assert!(guest.vm.on_tick(guest.root).is_err());
        assert!(
            guest
                .vm
                .open_stream(guest.root, Default::default())
                .is_err()
        );
        assert!(guest.vm.start_root(&Default::default()).is_err());
        assert!(guest.vm.close_stream(guest.stream).is_some());
        assert_eq!(guest.told(), [""; 0]);
    });
}

#[test]
fn a_trap_of_the_allocator_is_one_of_the_callback() {
    let module = r#"(module
        (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1) (data (i32.const 0) "x-a")
        (func (export "proxy_abi_version_0_2_1"))
        (func (export "malloc") (param i32) (result i32) unreachable)
        (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
          (call $get (i32.const 0) (i32.const 0) (i32.const 3) (i32.const 16) (i32.const 20))))"#;
    for bounds in MODES {
        let mut vm = start(&filter(module, bounds).unwrap()).unwrap();
        let root = vm.start_root(&Default::default()).unwrap();
        let id = vm.open_stream(root, Scene::default().stream).unwrap();
        let failed = vm.on_request_headers(id, 6, true).unwrap_err();
        assert_eq!(failed.trap.trap_kind(), Some(TrapKind::Unreachable));
    }
}

#[test]
fn an_allocator_that_lies_is_told_apart() {
    for address in ["0", "65534", "-1"] {
        let module = format!(
            r#"(module
            (import "env" "proxy_get_header_map_value" (func $get (param i32 i32 i32 i32 i32) (result i32)))
            (memory (export "memory") 1) (data (i32.const 0) ":path")
            (func (export "proxy_abi_version_0_2_1"))
            (func (export "malloc") (param i32) (result i32) (i32.const {address}))
            (func (export "proxy_on_request_body") (param i32 i32 i32) (result i32)
              (i32.sub (call $get (i32.const 0) (i32.const 0) (i32.const 5) (i32.const 16) (i32.const 20))
                (i32.const 5))))"#
        );
        let mut vm = start(&filter(&module, MODES[0]).unwrap()).unwrap();
        let root = vm.start_root(&Default::default()).unwrap();
        let id = vm.open_stream(root, Scene::default().stream).unwrap();
        // `InvalidMemoryAccess` is 6.
        assert_eq!(
            vm.on_request_body(id, 0, true).unwrap().number(),
            1,
            "{address}"
        );
    }
}

#[test]
fn an_allocator_that_needs_itself_is_a_trap() {
    let module = r#"(module
        (import "env" "proxy_get_property" (func $get (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") 1) (data (i32.const 0) "plugin_name")
        (func (export "proxy_abi_version_0_2_1"))
        (func $ask (result i32)
          (call $get (i32.const 0) (i32.const 11) (i32.const 16) (i32.const 20)))
        (func (export "malloc") (param i32) (result i32) (call $ask))
        (func (export "proxy_on_tick") (param i32) (drop (call $ask))))"#;
    for bounds in MODES {
        let filter = filter(module, bounds).unwrap();
        let config = Arc::new(Scene::default().config);
        let host = MemoryHost::default();
        let mut vm = Vm::new(&filter, &config, &Shared::new(), || {}, host).unwrap();
        let root = vm.start_root(&config).unwrap();
        let failed = vm.on_tick(root).unwrap_err();
        assert_eq!(failed.trap.trap_kind(), Some(TrapKind::StackOverflow));
    }
}

#[test]
fn an_endless_recursion_is_a_trap() {
    let callbacks = [("proxy_on_tick", "(call $down (i32.const 0))")];
    let text = wat(AbiVersion::V0_2_1, &callbacks);
    let down = "(func $down (param i32) (call $down (i32.add (local.get 0) (i32.const 1)))\n  (drop (i32.load (local.get 0))))";
    let text = text.replacen("  (func $is", &format!("{down}\n  (func $is"), 1);
    for bounds in MODES {
        let mut vm = start(&filter(&text, bounds).unwrap()).unwrap();
        let root = vm.start_root(&Default::default()).unwrap();
        let failed = vm.on_tick(root).unwrap_err();
        assert_eq!(failed.trap.trap_kind(), Some(TrapKind::StackOverflow));
    }
}

#[test]
fn memory_is_bounded() {
    let callbacks = [(
        "proxy_on_request_headers",
        "(call $number (i64.extend_i32_u (i32.add (memory.grow #14) #1)))
         (call $number (i64.extend_i32_u (i32.add (memory.grow #1) #1)))",
    )];
    let mut scene = Scene {
        callbacks: &callbacks,
        ..Scene::default()
    };
    scene.config.limits.memory_bytes_max = 1 << 20;
    for bounds in MODES {
        assert_eq!(scene.start(bounds).headers(), ["3", "0"]);
    }
    scene.config.limits.memory_bytes_max = 1 << 16;
    let filter = filter(&wat(AbiVersion::V0_2_1, &[]), MODES[0]).unwrap();
    let config = Arc::new(scene.config);
    let host = MemoryHost::default();
    let error = Vm::new(&filter, &config, &Shared::new(), || {}, host).unwrap_err();
    assert!(matches!(error, Error::Instantiate(_)), "{error}");
}

#[test]
fn plugins_of_one_vm_have_their_own_roots() {
    let callbacks = [
        (
            "proxy_on_configure",
            "(call $got (call $proxy_get_buffer_bytes #7 #0 #100 OUT))",
        ),
        (
            "proxy_on_request_headers",
            r#"(call $got (call $proxy_get_property "plugin_name" OUT))"#,
        ),
    ];
    each(&callbacks, |guest| {
        let other = PluginConfig {
            name: "other".into(),
            configuration: b"another".into(),
            ..PluginConfig::default()
        };
        let root = guest.vm.start_root(&Arc::new(other)).unwrap();
        assert_ne!(root, guest.root);
        assert_eq!(guest.told(), ["Ok", "of the plugin", "Ok", "another"]);
        let id = guest.vm.open_stream(root, Default::default()).unwrap();
        guest.vm.on_request_headers(id, 0, true).unwrap();
        guest.vm.on_request_headers(guest.stream, 0, true).unwrap();
        assert_eq!(guest.told(), ["Ok", "other", "Ok", "plugin"]);
        assert_eq!(guest.vm.streams().count(), 2);
    });
}

#[test]
fn what_a_callback_asks_for_is_bounded() {
    let body =
        "(call $is (call $proxy_continue_stream #0)) (call $is (call $proxy_continue_stream #0))
        (call $is (call $proxy_continue_stream #0))";
    let callbacks = [("proxy_on_request_headers", body)];
    let mut scene = Scene {
        callbacks: &callbacks,
        ..Scene::default()
    };
    scene.config.limits.effects_max = 2;
    for bounds in MODES {
        let mut guest = scene.start(bounds);
        assert_eq!(guest.headers(), ["Ok", "Ok", "InternalFailure"]);
        assert_eq!(guest.vm.take_effects().len(), 2);
    }
}
