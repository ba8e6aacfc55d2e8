//! Modules that are no filters, and what is said of them.

use crate::embedder::MODES;
use crate::guest::{filter, wat};
use ahead_proxy_wasm::abi::AbiVersion;

const MALLOC: &str = r#"(memory (export "memory") 1) (func (export "malloc") (param i32) (result i32) (i32.const 8))"#;

fn refusal(module: &str) -> String {
    filter(module, MODES[0]).expect_err(module).to_string()
}

#[test]
fn every_version_has_its_marker() {
    for version in AbiVersion::ALL {
        let filter = filter(&wat(*version, &[]), MODES[0]).unwrap();
        assert_eq!(filter.abi_version(), *version);
    }
    let both = format!(
        r#"(module {MALLOC} (func (export "proxy_abi_version_0_1_0")) (func (export "proxy_abi_version_0_2_0")))"#
    );
    let filter = filter(&both, MODES[0]).unwrap();
    assert_eq!(filter.abi_version(), AbiVersion::V0_2_0);
}

#[test]
fn what_is_no_filter_is_refused() {
    let none = format!("(module {MALLOC})");
    let expected = "not a Proxy-Wasm filter: it exports none of `proxy_abi_version_0_1_0`, \
        `proxy_abi_version_0_2_0`, `proxy_abi_version_0_2_1`";
    assert_eq!(refusal(&none), expected);
    let newer = format!(r#"(module {MALLOC} (func (export "proxy_abi_version_0_3_0")))"#);
    let expected = format!("{expected}; it exports `proxy_abi_version_0_3_0`");
    assert_eq!(refusal(&newer), expected);
    let no_allocator =
        r#"(module (memory (export "memory") 1) (func (export "proxy_abi_version_0_2_1")))"#;
    let expected = "the filter exports neither `proxy_on_memory_allocate` nor `malloc`, so nothing \
        can be handed to it";
    assert_eq!(refusal(no_allocator), expected);
    let no_memory = r#"(module (func (export "malloc") (param i32) (result i32) (i32.const 8))
        (func (export "proxy_abi_version_0_2_1")))"#;
    assert_eq!(
        refusal(no_memory),
        "the filter exports no memory of the name `memory`"
    );
}

#[test]
fn imports_are_the_version_s_own() {
    let with = |import: &str| {
        format!(r#"(module (import {import}) {MALLOC} (func (export "proxy_abi_version_0_2_0")))"#)
    };
    let newer = with(r#""env" "proxy_get_log_level" (func (param i32) (result i32))"#);
    let expected = "the filter imports `env`.`proxy_get_log_level`, which ABI 0.2.0 does not have (0.2.1 has it)";
    assert_eq!(refusal(&newer), expected);
    let unknown = with(r#""env" "proxy_\"x\n" (func)"#);
    let expected = r#"the filter imports `env`.`proxy_\"x\n`, which ABI 0.2.0 does not have"#;
    assert_eq!(refusal(&unknown), expected);
    let no_function = with(r#""env" "proxy_log" (global i32)"#);
    assert!(refusal(&no_function).starts_with("the filter imports `env`.`proxy_log`, which"));
    let elsewhere = with(r#""other" "proxy_log" (func (param i32 i32 i32) (result i32))"#);
    assert!(refusal(&elsewhere).starts_with("the filter imports `other`.`proxy_log`, which"));
}

#[test]
fn exports_have_the_abi_s_types() {
    let with = |export: &str| {
        format!(r#"(module {MALLOC} (func (export "proxy_abi_version_0_2_1")) {export})"#)
    };
    let wrong = with(r#"(func (export "proxy_on_log") (param i64))"#);
    let expected = "the filter exports `proxy_on_log` with type [i64] -> [], and the ABI has it with [i32] -> []";
    assert_eq!(refusal(&wrong), expected);
    let wrong = with(
        r#"(func (export "proxy_on_request_headers") (param i32) (result i32) (i32.const 0))"#,
    );
    assert!(refusal(&wrong).ends_with("has it with [i32 i32] -> [i32] or [i32 i32 i32] -> [i32]"));
    for fine in [
        r#"(func (export "proxy_on_request_headers") (param i32 i32) (result i32) (i32.const 0))"#,
        r#"(func (export "main") (result f64) (f64.const 0))"#,
        r#"(func (export "proxy_on_something_else") (param f32))"#,
        r#"(global (export "proxy_on_log") i32 (i32.const 0))"#,
    ] {
        filter(&with(fine), MODES[0]).unwrap();
    }
}

#[test]
fn callbacks_are_known_by_name() {
    let callbacks = [("proxy_on_log", ""), ("proxy_on_request_headers", "")];
    let filter = filter(&wat(AbiVersion::V0_2_1, &callbacks), MODES[0]).unwrap();
    let asked = [
        "proxy_on_log",
        "proxy_on_request_headers",
        "proxy_on_done",
        "memory",
        "",
    ];
    let has = asked.map(|name| filter.has_callback(name));
    assert_eq!(has, [true, true, false, false, false]);
}

#[test]
fn an_import_of_another_type_is_told_when_it_is_linked() {
    use ahead_filter_host::MemoryHost;
    let module = format!(
        r#"(module (import "env" "proxy_log" (func (param i32) (result i32))) {MALLOC}
            (func (export "proxy_abi_version_0_2_1")))"#
    );
    let filter = filter(&module, MODES[0]).unwrap();
    let shared = ahead_proxy_wasm::Shared::new();
    let host = MemoryHost::default();
    let error = ahead_proxy_wasm::Vm::new(&filter, &Default::default(), &shared, || {}, host);
    let error = error.unwrap_err().to_string();
    assert!(
        error.contains("incompatible import type for `env`.`proxy_log`"),
        "{error}"
    );
}
