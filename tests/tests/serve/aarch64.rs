//! The same program for aarch64, under qemu, with artefacts that were compiled here.

use crate::filters::{Filters, module};
use ahead_tests::aarch64::Aarch64;
use ahead_tests::http::{Outgoing, Protocol};
use ahead_tests::process::{Limits, run};
use ahead_tests::serve::Serve;
use ahead_tests::upstream::Upstream;
use ahead_tests::{ahead, skip};
use std::path::Path;
use std::process::Command;

fn compile(module: &Path, artefact: &Path, bounds: &str) {
    let new = artefact.with_extension("new");
    let mut compile = Command::new(ahead());
    compile.args([
        "compile", "--emit", "so", "--target", "aarch64", "--bounds", bounds,
    ]);
    run(compile.arg(module).arg("-o").arg(&new), Limits::default()).ok();
    std::fs::rename(new, artefact).unwrap();
}

/// Marks both messages with a version, and traps on a path of 5 bytes. The new body is as long as the old one, whose
/// `content-length` it keeps.
fn filter(version: u32) -> String {
    format!(
        r#"(func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
             (drop (call $header (i32.const 0) (s ":path") (out)))
             (if (i32.eq (i32.load (global.get $out1)) (i32.const 5))
               (then (i32.store (i32.const -4) (i32.const 0))))
             (drop (call $add (i32.const 0) (s "x-version") (s "{version}"))) (i32.const 0))
           (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
             (if (i32.eqz (local.get 2)) (then (return (i32.const 1))))
             (drop (call $set_buffer (i32.const 1) (i32.const 0) (local.get 1) (s "replaced!")))
             (i32.const 0))"#
    )
}

/// The runtime for aarch64, if it was built with `serve`.
pub fn find_or_skip() -> Option<Aarch64> {
    let aarch64 = Aarch64::find_or_skip()?;
    let mut help = aarch64.ahead();
    if run(help.args(["serve", "--help"]), Limits::default()).code() == Some(0) {
        return Some(aarch64);
    }
    skip("the aarch64 `ahead` is built without `serve`; run scripts/test.sh");
    None
}

#[test]
fn it_serves_filters_on_aarch64() {
    let Some(aarch64) = find_or_skip() else {
        return;
    };
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let (source, artefact) = (filters.path("f.wasm"), filters.path("f.so"));
    for bounds in ["guard", "explicit"] {
        std::fs::write(&source, module(&filter(1))).unwrap();
        compile(&source, &artefact, bounds);
        let url = format!("http://{}", upstream.address());
        let args = [
            "--upstream",
            &url,
            "--workers",
            "1",
            "--filter",
            artefact.to_str().unwrap(),
            "--fail",
            "reload",
        ];
        let mut proxy = Serve::start(aarch64.ahead(), args);
        for protocol in [Protocol::Http1, Protocol::Http2] {
            let response = proxy
                .client(protocol)
                .send(&Outgoing::get("/?chunk=some&chunk=thing"));
            assert_eq!(
                (response.status(), response.text().as_str()),
                (200, "replaced!"),
                "{bounds}"
            );
            assert_eq!(upstream.take_received()[0].header("x-version"), Some("1"));
        }
        assert_eq!(proxy.get("/trap").status(), 503);
        proxy.wait_until("the filter is back", |proxy| proxy.get("/").status() == 200);
        std::fs::write(&source, module(&filter(2))).unwrap();
        compile(&source, &artefact, bounds);
        proxy.wait_for_log("filters reloaded", 1);
        upstream.take_received();
        proxy.wait_until("the new one answers", |proxy| {
            proxy.get("/");
            upstream.take_received()[0].header("x-version") == Some("2")
        });
        proxy.stop();
    }
}
