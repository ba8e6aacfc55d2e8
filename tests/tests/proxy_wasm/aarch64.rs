//! The same filters compiled for aarch64, in both bounds modes, and run under qemu.

use ahead_compiler::Config;
use ahead_runtime::Bounds;
use ahead_targets::Isa;
use ahead_tests::aarch64::Aarch64;
use ahead_tests::process::{Limits, run};
use ahead_tests::samples::assemble;
use std::sync::OnceLock;
use std::time::Duration;

const LIMITS: Limits = Limits {
    time: Duration::from_secs(300),
    memory_bytes_max: 6 << 30,
};

/// The runtime for aarch64, if `filter-host` was built with it.
fn machine() -> Option<&'static Aarch64> {
    static MACHINE: OnceLock<Option<Aarch64>> = OnceLock::new();
    let find = || {
        let machine = Aarch64::find_or_skip()?;
        if machine.folder().join("filter-host").exists() {
            return Some(machine);
        }
        assert!(
            std::env::var_os("AHEAD_AARCH64_DIR").is_none(),
            "AHEAD_AARCH64_DIR names a folder without `filter-host`"
        );
        ahead_tests::skip("filter-host is not built for aarch64; run scripts/test.sh");
        None
    };
    MACHINE.get_or_init(find).as_ref()
}

/// What `filter-host` says of a module; `None` if it is not there.
pub fn ask(wasm: &[u8], bounds: Bounds, question: &[&str]) -> Option<String> {
    let machine = machine()?;
    let config = Config {
        bounds,
        ..Config::for_target(Isa::Aarch64)
    };
    let artefact = ahead_compiler::compile(wasm, &config).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("filter.so");
    std::fs::write(&path, artefact.shared_object()).unwrap();
    let mut host = machine.command(&machine.folder().join("filter-host"));
    let finished = run(host.arg(&path).args(question), LIMITS);
    Some(match finished.code() {
        Some(0) => finished.stdout(),
        _ => finished.stderr(),
    })
}

/// Checks that a filter's hostcalls answer there as they did here.
pub fn agrees(wat: &str, told: &[String]) {
    // Reservations of 4 GiB are slow under qemu; the corpus has them.
    if let Some(there) = ask(&assemble(wat), Bounds::Explicit, &["calls"]) {
        let there: Vec<_> = there.lines().collect();
        assert_eq!(there, told, "on aarch64:\n{wat}");
    }
}
