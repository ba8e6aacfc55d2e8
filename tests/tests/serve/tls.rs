//! TLS on both sides, with curl as the client.

use crate::filters::Filters;
use crate::serve;
use ahead_tests::ahead;
use ahead_tests::process::{Finished, Limits, run};
use ahead_tests::serve::Serve;
use ahead_tests::upstream::Upstream;
use ahead_tests::workspace;
use std::process::Command;

fn certificate(name: &str) -> String {
    let path = workspace()
        .join("tests/tests/serve/certificates")
        .join(name);
    path.to_str().unwrap().to_owned()
}

fn curl(proxy: &Serve, path: &str, args: &[&str]) -> Finished {
    let url = format!("https://localhost:{}{path}", proxy.address().port());
    let mut curl = Command::new("curl");
    let write = "\n%{http_version} %{http_code}";
    curl.args([
        "-sS",
        "--max-time",
        "20",
        "-w",
        write,
        "--cacert",
        &certificate("ca.pem"),
    ]);
    run(curl.args(args).arg(url), Limits::default())
}

#[test]
fn clients_choose_the_protocol() {
    let (upstream, filters) = (Upstream::start(), Filters::new());
    let property = filters.write(
        "property.wasm",
        r#"(func $show (param $from i32) (param $length i32)
             (drop (call $property (local.get $from) (local.get $length) (out)))
             (drop (call $add (i32.const 0) (s "x-property") (i32.load (global.get $out0)) (i32.load (global.get $out1)))))
           (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
             (call $show (s "connection\00tls_version"))
             (call $show (s "connection\00requested_server_name"))
             (call $show (s "request\00scheme"))
             (i32.const 0))"#,
    );
    let (cert, key) = (certificate("server.pem"), certificate("server.key"));
    let proxy = serve(
        &upstream,
        &[
            "--tls-cert",
            &cert,
            "--tls-key",
            &key,
            "--filter",
            &property,
        ],
    );
    for (option, version) in [("--http2", "2"), ("--http1.1", "1.1")] {
        let said = curl(&proxy, "/?chunk=x", &[option]).ok().stdout();
        assert_eq!(said, format!("x\n{version} 200"));
        let received = &upstream.take_received()[0];
        assert_eq!(received.header("x-forwarded-proto"), Some("https"));
        let shown = received.head.iter().filter(|field| field.0 == "x-property");
        let shown: Vec<_> = shown.map(|field| field.1.as_str()).collect();
        assert_eq!(shown, ["TLSv1.3", "localhost", "https"]);
    }
    let old = curl(&proxy, "/?chunk=x", &["--tls-max", "1.2"])
        .ok()
        .stdout();
    assert!(old.starts_with("x\n"), "{old}");
    // Who does not speak TLS is not served, and does no harm.
    assert_ne!(proxy.get("/").status(), 200);
    proxy.stop();
}

#[test]
fn clients_may_have_to_show_who_they_are() {
    let upstream = Upstream::start();
    let [cert, key, ca] = ["server.pem", "server.key", "ca.pem"].map(certificate);
    let args = [
        "--tls-cert",
        &cert,
        "--tls-key",
        &key,
        "--tls-client-ca",
        &ca,
    ];
    let proxy = serve(&upstream, &args);
    assert_ne!(curl(&proxy, "/", &[]).code(), Some(0));
    let [cert, key] = ["client.pem", "client.key"].map(certificate);
    let said = curl(&proxy, "/?chunk=x", &["--cert", &cert, "--key", &key])
        .ok()
        .stdout();
    assert!(said.starts_with("x\n"), "{said}");
    proxy.stop();
}

#[test]
fn upstreams_must_be_who_they_say() {
    let upstream = Upstream::start();
    let [cert, key, ca] = ["server.pem", "server.key", "ca.pem"].map(certificate);
    let behind = serve(&upstream, &["--tls-cert", &cert, "--tls-key", &key]);
    let url = |host: &str| format!("up=https://{host}:{}", behind.address().port());
    let (good, bad) = (url("localhost"), url("127.0.0.2"));
    let start = |args: &[&str]| Serve::start(Command::new(ahead()), args.iter().copied());
    let proxy = start(&["--upstream", &good, "--upstream-ca", &ca]);
    assert_eq!(proxy.get("/?chunk=x").text(), "x");
    // HTTP/2 by choice of the server, on one connection.
    assert_eq!(proxy.get("/?chunk=y").text(), "y");
    assert_eq!(behind.stat("ahead_downstream_rq_total"), 2);
    proxy.stop();
    let proxy = start(&["--upstream", &bad, "--upstream-ca", &ca]);
    assert_eq!(proxy.get("/").status(), 503);
    let log = proxy.stop().access_log;
    assert!(log[0].contains(" 503 UF "), "{log:?}");
}

#[test]
fn files_that_are_none_are_named() {
    let [cert, key] = ["server.pem", "server.key"].map(certificate);
    let refused = |cert: &str, key: &str| {
        let mut command = Command::new(ahead());
        command.args(["serve", "--listen", "127.0.0.1:0", "--upstream", "http://h"]);
        run(
            command.args(["--tls-cert", cert, "--tls-key", key]),
            Limits::default(),
        )
        .refused()
    };
    let said = refused(&cert, "/nonexistent");
    assert!(
        said.starts_with("error: `/nonexistent` cannot be read"),
        "{said}"
    );
    let said = refused(&cert, &cert);
    assert!(
        said.contains("server.pem` holds no private key in PEM"),
        "{said}"
    );
    let said = refused(&key, &key);
    assert!(
        said.contains("server.key` holds no certificate in PEM"),
        "{said}"
    );
    let said = refused(&cert, &certificate("client.key"));
    assert!(
        said.starts_with("error: TLS: certificate and key"),
        "{said}"
    );
}
