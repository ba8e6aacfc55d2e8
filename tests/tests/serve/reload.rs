//! New files take the place of old ones while requests go through, and bad ones do not.

use crate::filters::{Filters, module};
use crate::serve;
use ahead_tests::filters::bad_artefacts;
use ahead_tests::http::{Client, Outgoing, Protocol};
use ahead_tests::upstream::Upstream;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A filter that says which one it is in a response's header.
fn version(number: u32) -> String {
    format!(
        r#"(func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
             (drop (call $replace (i32.const 2) (s "x-version") (s "{number}"))) (i32.const 0))
           (func (export "proxy_on_delete") (param i32)
             (if (i32.eq (local.get 0) (i32.const 1)) (then (call $note (s "version {number} ends")))))"#
    )
}

/// As an editor or a deployment does it: whole or not at all.
fn replace(path: &Path, bytes: &[u8]) {
    let new = path.with_extension("new");
    std::fs::write(&new, bytes).unwrap();
    std::fs::rename(new, path).unwrap();
}

#[test]
fn a_new_file_is_served_and_no_request_is_dropped() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let file = filters.write("f.wasm", &version(1));
    let mut proxy = serve(&upstream, &["--filter", &file, "--workers", "2"]);
    let (stop, failed) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let address = proxy.address();
    let load: Vec<_> = [Protocol::Http1, Protocol::Http2]
        .map(|protocol| {
            let (stop, failed) = (stop.clone(), failed.clone());
            std::thread::spawn(move || {
                let mut client = Client::connect(address, protocol);
                let mut count = 0;
                while !stop.load(Ordering::Relaxed) {
                    let response = client.send(&Outgoing::get("/?chunk=x&delay=2"));
                    let good = response.status() == 200 && response.header("x-version").is_some();
                    assert!(good, "{protocol:?}, request {count}: {response:?}");
                    failed.fetch_add(usize::from(!good), Ordering::Relaxed);
                    count += 1;
                }
                count
            })
        })
        .into_iter()
        .collect();
    for number in 2..4 {
        replace(&filters.path("f.wasm"), &module(&version(number)));
        let number = number.to_string();
        proxy.wait_until("the new one answers", |proxy| {
            proxy.get("/").header("x-version") == Some(number.as_str())
        });
    }
    stop.store(true, Ordering::Relaxed);
    let counts: Vec<usize> = load
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    assert_eq!(failed.load(Ordering::Relaxed), 0, "of {counts:?}");
    assert_eq!(proxy.stat("ahead_filter_reloads_total"), 2);
    // The old ones have ended, on each worker and where they were tried.
    proxy.wait_for_log("version 1 ends", 3);
    proxy.wait_for_log("version 2 ends", 3);
    proxy.stop();
}

#[test]
fn a_request_keeps_the_filter_it_began_with() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let file = filters.write("f.wasm", &version(1));
    let mut proxy = serve(&upstream, &["--filter", &file, "--workers", "1"]);
    let address = proxy.address();
    let old = std::thread::spawn(move || {
        Client::connect(address, Protocol::Http1).send(&Outgoing::get("/?delay=4000"))
    });
    proxy.wait_until("the request is there", |proxy| {
        proxy.stat("ahead_downstream_rq_active") == 1
    });
    replace(&filters.path("f.wasm"), &module(&version(2)));
    proxy.wait_until("the new one answers", |proxy| {
        proxy.get("/").header("x-version") == Some("2")
    });
    assert_eq!(old.join().unwrap().header("x-version"), Some("1"));
    proxy.stop();
}

#[test]
fn a_bad_file_leaves_the_old_filter_and_says_why() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    // What it is is seen from its first bytes, and not from its name.
    let file = filters.write("f", &version(1));
    let mut proxy = serve(&upstream, &["--filter", &file, "--workers", "2"]);
    let mut bad: Vec<(Vec<u8>, &str)> = vec![
        (b"\0asm\x01\0\0\0\x01".into(), "unexpected end"),
        (b"no ELF".into(), "f`"),
        (b"".into(), "f`"),
        (
            wat::parse_str("(module)").unwrap(),
            "not a Proxy-Wasm filter",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let artefacts = bad_artefacts(folder.path()).into_iter();
    let artefacts = artefacts.map(|bad| (std::fs::read(bad.path).unwrap(), bad.says));
    // Anything else would be compiled.
    bad.extend(artefacts.filter(|(bytes, _)| bytes.starts_with(b"\x7fELF")));
    for (count, (bytes, says)) in bad.iter().enumerate() {
        let before = proxy.log().len();
        replace(&filters.path("f"), bytes);
        proxy.wait_for_log("the old filters stay", count + 1);
        let log = proxy.log()[before..].join("\n");
        assert!(log.contains(says), "no `{says}` in {log}");
        assert_eq!(proxy.get("/").header("x-version"), Some("1"), "{says}");
    }
    let refused = proxy.stat("ahead_filter_reloads_refused_total");
    assert_eq!(refused, bad.len() as u64);
    replace(&filters.path("f"), &module(&version(2)));
    proxy.wait_until("a good one answers", |proxy| {
        proxy.get("/").header("x-version") == Some("2")
    });
    proxy.stop();
}

#[test]
fn a_configuration_is_read_again() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let file = filters.write(
        "f.wasm",
        r#"(func (export "proxy_on_configure") (param i32 i32) (result i32)
             (drop (call $buffer (i32.const 7) (i32.const 0) (local.get 1) (i32.const 24) (i32.const 28)))
             (i32.const 1))
           (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
             (drop (call $add (i32.const 2) (s "x-config") (i32.load (i32.const 24)) (i32.load (i32.const 28))))
             (i32.const 0))"#,
    );
    let config = filters.path("config");
    std::fs::write(&config, "one").unwrap();
    let at = format!("@{}", config.display());
    let args = [
        "--filter", &file, "--config", &at, "--filter", &file, "--config", "fixed",
    ];
    let mut proxy = serve(&upstream, &[&args[..], &["--no-watch"]].concat());
    let configs = |response: &ahead_tests::http::Message| -> Vec<String> {
        let fields = response.head.iter().filter(|field| field.0 == "x-config");
        fields.map(|field| field.1.clone()).collect()
    };
    // Both plugins share an instance, in which the last one's configuration stays.
    assert_eq!(configs(&proxy.get("/")).len(), 2);
    replace(&config, b"two");
    proxy.signal("HUP");
    proxy.wait_for_log("filters reloaded: told to", 1);
    proxy.wait_until("it is used", |proxy| {
        configs(&proxy.get("/")).contains(&"two".to_owned())
    });
    proxy.stop();
}
