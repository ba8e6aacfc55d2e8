//! What cannot run is refused with the configuration, and Envoy's log says why.

use crate::{adapter, artefact, filters, http_filter, refusal};
use ahead_tests::envoy;
use serde_json::{Value, json};
use std::fs;

#[test]
fn a_configuration_that_cannot_work_is_refused_with_a_reason() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str, text: &str| json!({"artifact": artefact(folder.path(), name, text)});
    let good = make("good", &filters::adds_header());
    let with = |field: &str, value: Value| {
        let mut config = good.clone();
        config[field] = value;
        config
    };
    let file = folder.path().join("text.so");
    fs::write(&file, "no ELF").unwrap();
    let marker =
        filters::adds_header().replace("proxy_abi_version_0_2_1", "proxy_abi_version_9_9_9");
    let import = filters::adds_header().replace("proxy_add_header_map_value", "proxy_fly");
    let mistyped = filters::refuses().replace("(result i32) (i32.const 0)", "");
    for (config, reason) in [
        (
            json!({}),
            "no `artifact` is given, and this module carries no filter",
        ),
        (json!([]), "`filter_config` must be an object"),
        (
            json!({"artifact": "/nowhere/f.so"}),
            "`/nowhere/f.so` cannot be opened: No such file",
        ),
        (json!({"artifact": file}), "text.so`: "),
        (
            make("plain", "(module)"),
            "not a Proxy-Wasm filter: it exports none of",
        ),
        (make("marker", &marker), "not a Proxy-Wasm filter"),
        (make("import", &import), "imports `env`.`proxy_fly`"),
        (
            make("mistyped", &mistyped),
            "exports `proxy_on_configure` with type",
        ),
        (
            make("refuses", &filters::refuses()),
            "`proxy_on_configure` returned false",
        ),
        (
            with("falure_policy", json!("fail_open")),
            "unknown field `falure_policy`",
        ),
        (
            with("limits", json!({"memory_bytes_max": 65536})),
            "cannot be instantiated",
        ),
    ] {
        let log = refusal(&program, http_filter(&adapter(), &config));
        let log = log.unwrap_or_else(|| panic!("{config} is accepted"));
        assert!(log.contains(reason), "{config}: no `{reason}` in\n{log}");
        assert!(!log.contains("panicked"), "{log}");
    }
    assert_eq!(refusal(&program, http_filter(&adapter(), &good)), None);
}

#[test]
fn an_artefact_for_another_machine_is_refused() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    artefact(folder.path(), "filter", &filters::adds_header());
    let arguments = [
        "compile",
        "filter.wat",
        "--target",
        "aarch64",
        "-o",
        "other.so",
    ];
    crate::run_ahead(folder.path(), &arguments);
    let config = json!({"artifact": folder.path().join("other.so")});
    let log = refusal(&program, http_filter(&adapter(), &config)).expect("it is refused");
    assert!(
        log.contains("other.so`: ") && log.contains("aarch64"),
        "{log}"
    );
}

#[test]
fn a_filter_that_fails_open_does_without_what_refuses() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let filter = artefact(folder.path(), "refuses", &filters::refuses());
    let config = json!({"artifact": filter, "failure_policy": "fail_open"});
    assert_eq!(refusal(&program, http_filter(&adapter(), &config)), None);
}
