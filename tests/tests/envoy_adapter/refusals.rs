//! What cannot run is refused with the configuration, and Envoy's log says why.

use crate::{adapter, artefact, filters, http_filter, refusal};
use ahead_tests::envoy;
use ahead_tests::filters::bad_artefacts;
use serde_json::{Value, json};

#[test]
fn a_configuration_that_cannot_work_is_refused_with_a_reason() {
    let Some(program) = envoy::find_or_skip() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let good = artefact(folder.path(), "good", &filters::adds_header());
    let good = json!({"artifact": good});
    let with = |field: &str, value: Value| {
        let mut config = good.clone();
        config[field] = value;
        config
    };
    let artefacts = bad_artefacts(folder.path()).into_iter();
    let artefacts = artefacts.map(|bad| (json!({"artifact": bad.path}), bad.says));
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
        (
            with("falure_policy", json!("fail_open")),
            "unknown field `falure_policy`",
        ),
        (
            with("limits", json!({"memory_bytes_max": 65536})),
            "cannot be instantiated",
        ),
    ]
    .into_iter()
    .chain(artefacts)
    {
        let log = refusal(&program, http_filter(&adapter(), &config));
        let log = log.unwrap_or_else(|| panic!("{config} is accepted"));
        assert!(log.contains(reason), "{config}: no `{reason}` in\n{log}");
        assert!(!log.contains("panicked"), "{log}");
    }
    assert_eq!(refusal(&program, http_filter(&adapter(), &good)), None);
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
