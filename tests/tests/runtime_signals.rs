//! Faults that are not the guest's go where they would have gone without us. Each is tried in a process of
//! its own, which is this test program again.

mod embedder;

use ahead_runtime::{Bounds, Caller, Linker, Store};
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};

/// Names the fault that the process is to make.
const FAULT: &str = "AHEAD_TEST_FAULT";

/// Runs a test of this program again, to make a fault.
fn run_again(test: &str, fault: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(FAULT, fault)
        .output()
        .unwrap()
}

/// Calls `fault` from a host function that a guest calls.
fn in_a_host_function(fault: impl Fn() + Send + Sync + 'static) {
    let wat =
        r#"(module (import "host" "fault" (func $fault)) (func (export "run") (call $fault)))"#;
    let mut linker = Linker::new();
    linker.func("host", "fault", move |_: Caller<'_, ()>| fault());
    let mut store = Store::new(());
    let instance = linker
        .instantiate(&mut store, &embedder::module(wat, Bounds::Guard))
        .unwrap();
    let run = instance.func(&store, "run").unwrap();
    run.call(&mut store, &[]).unwrap();
}

/// Recursion that no compiler turns into a loop.
#[allow(unconditional_recursion)]
fn recurse(depth: &mut [u64; 64]) -> u64 {
    let mut next = *depth;
    next[0] += 1;
    recurse(std::hint::black_box(&mut next)) + next[0]
}

/// The standard library knows its own stack overflow by its handler, which was there before ours.
#[test]
fn the_hosts_own_stack_overflow_is_its_own() {
    if std::env::var_os(FAULT).is_some() {
        in_a_host_function(|| {
            recurse(&mut [0; 64]);
        });
        unreachable!("the stack is finite");
    }
    let output = run_again("the_hosts_own_stack_overflow_is_its_own", "overflow");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("has overflowed its stack"), "{stderr}");
    assert_eq!(output.status.signal(), Some(6), "{stderr}");
}

/// A signal that somebody sends is no fault of the guest, even while a guest waits for the host.
#[test]
fn a_sent_signal_has_its_default_action() {
    if let Some(signal) = std::env::var_os(FAULT) {
        in_a_host_function(move || {
            let process = std::process::id().to_string();
            Command::new("kill")
                .arg("-s")
                .arg(&signal)
                .arg(process)
                .status()
                .unwrap();
            std::thread::sleep(std::time::Duration::from_secs(5));
        });
        unreachable!("the signal ends the process");
    }
    for (name, number) in [("ILL", 4), ("FPE", 8)] {
        let output = run_again("a_sent_signal_has_its_default_action", name);
        assert_eq!(
            output.status.signal(),
            Some(number),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
