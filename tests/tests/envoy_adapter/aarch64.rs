//! The adapter for aarch64, in the real Envoy for aarch64, under qemu.

use crate::{filters, get, run_ahead, start};
use ahead_tests::aarch64::Aarch64;
use ahead_tests::upstream::Upstream;
use ahead_tests::{skip, workspace};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// A program that runs the aarch64 Envoy, and the folder of the aarch64 adapter.
fn find_or_skip(folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let aarch64 = Aarch64::find_or_skip()?;
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| workspace().join("target"), PathBuf::from);
    let envoy = target.join("envoy/aarch64/envoy");
    let adapter = aarch64.folder().join("libahead_envoy.so");
    for (file, how) in [(&envoy, "scripts/setup.sh"), (&adapter, "scripts/test.sh")] {
        if !file.exists() {
            skip(&format!("no `{}`: {how} gets it", file.display()));
            return None;
        }
    }
    let qemu = aarch64.command(&envoy);
    let words = [qemu.get_program()].into_iter().chain(qemu.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    let program = folder.join("envoy");
    fs::write(
        &program,
        format!("#!/bin/sh\nexec {} \"$@\"\n", words.join(" ")),
    )
    .unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    Some((program, aarch64.folder().to_owned()))
}

/// The configuration of a module that is made for aarch64 of a filter in the text format.
fn configuration(folder: &Path, libraries: &Path, text: &str, arguments: &[&str]) -> Value {
    fs::write(folder.join("filter.wat"), text).unwrap();
    let libraries = libraries.to_str().unwrap();
    let compile = [
        "compile",
        "filter.wat",
        "--target",
        "aarch64",
        "--emit",
        "envoy",
    ];
    let paths = ["--runtime-lib", libraries, "-o", "libfilter.so"];
    run_ahead(folder, &[&compile[..], &paths].concat());
    let all = [
        "envoy-config",
        "--json",
        "--listen",
        "127.0.0.1:0",
        "./libfilter.so",
    ];
    serde_json::from_str(&run_ahead(folder, &[&all[..], arguments].concat())).unwrap()
}

#[test]
fn a_module_made_here_runs_in_envoy_for_aarch64() {
    let folder = tempfile::tempdir().unwrap();
    let Some((program, libraries)) = find_or_skip(folder.path()) else {
        return;
    };
    let upstream = Upstream::start();
    let address = upstream.address().to_string();
    let arguments = ["--configuration", "from afar", "--upstream", &address];
    let config = configuration(
        folder.path(),
        &libraries,
        &filters::adds_header(),
        &arguments,
    );
    let envoy = start(&program, &config);
    let response = get(envoy.listener("listener"));
    assert_eq!(response.header("x-filter"), Some("from afar"));
    envoy.stop();
}

#[test]
fn envoy_for_aarch64_survives_faults_of_filters() {
    let folder = tempfile::tempdir().unwrap();
    let Some((program, libraries)) = find_or_skip(folder.path()) else {
        return;
    };
    let config = configuration(folder.path(), &libraries, &filters::traps(), &[]);
    let envoy = start(&program, &config);
    let address = envoy.listener("listener");
    for _ in 0..3 {
        assert_eq!(get(address).status(), 503);
    }
    let log = envoy.log_text();
    assert!(
        log.contains("wasm trap: out of bounds memory access"),
        "{log}"
    );
    envoy.stop();
}
