//! Without filters: what a reverse proxy has to do.

use crate::serve;
use ahead_tests::ahead;
use ahead_tests::http::{Outgoing, Protocol};
use ahead_tests::process::{Limits, run};
use ahead_tests::serve::Serve;
use ahead_tests::upstream::Upstream;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

fn post(path: &str, chunks: &[&[u8]]) -> Outgoing {
    Outgoing {
        method: "POST".into(),
        chunks: chunks.iter().map(|chunk| chunk.to_vec()).collect(),
        ..Outgoing::get(path)
    }
}

#[test]
fn both_protocols_on_both_sides() {
    let upstream = Upstream::start();
    for scheme in ["http", "h2c"] {
        let url = format!("{scheme}://{}", upstream.address());
        let proxy = Serve::start(Command::new(ahead()), ["--upstream", url.as_str()]);
        for protocol in [Protocol::Http1, Protocol::Http2] {
            let mut client = proxy.client(protocol);
            let response = client.send(&post("/a?status=201&header=x:y&echo", &[b"one", b"two"]));
            assert_eq!(
                (response.status(), response.text().as_str()),
                (201, "onetwo")
            );
            assert_eq!(response.header("x"), Some("y"));
            assert_eq!(response.header("server"), Some("ahead"));
            let received = upstream.take_received();
            assert_eq!(
                received[0].header(":path"),
                Some("/a?status=201&header=x:y&echo")
            );
            assert_eq!(received[0].text(), "onetwo");
            let host = if scheme == "http" {
                "host"
            } else {
                ":authority"
            };
            assert_eq!(received[0].header(host), Some("test"), "{received:?}");
            // The same connection again.
            assert_eq!(client.send(&Outgoing::get("/?chunk=z")).text(), "z");
            upstream.take_received();
        }
        proxy.stop();
    }
}

#[test]
fn trailers_pass_in_both_directions() {
    let upstream = Upstream::start();
    let url = format!("h2c://{}", upstream.address());
    let proxy = Serve::start(Command::new(ahead()), ["--upstream", url.as_str()]);
    let mut request = post("/?chunk=x&trailer=t:out", &[b"b"]);
    request.trailers = vec![("t".into(), "in".into())];
    let response = proxy.client(Protocol::Http2).send(&request);
    assert_eq!(response.trailers, [("t".to_owned(), "out".to_owned())]);
    let received = upstream.take_received();
    assert_eq!(received[0].trailers, [("t".to_owned(), "in".to_owned())]);
}

#[test]
fn a_large_body_goes_through_whole_and_in_little_memory() {
    let upstream = Upstream::start();
    let proxy = serve(&upstream, &["--workers", "1"]);
    let before = proxy.peak_bytes();
    let chunk = vec![b'a'; 64 << 10];
    for protocol in [Protocol::Http1, Protocol::Http2] {
        let chunks: Vec<&[u8]> = (0..1024).map(|_| chunk.as_slice()).collect();
        let response = proxy
            .client(protocol)
            .send(&post("/?fill=67108864", &chunks));
        assert_eq!(response.body.len(), 64 << 20);
        assert_eq!(upstream.take_received()[0].body.len(), 64 << 20);
    }
    let grown = proxy.peak_bytes() - before;
    assert!(grown < 16 << 20, "{grown} bytes more");
}

#[test]
fn where_a_request_comes_from_is_added_and_a_connections_own_headers_are_not_passed() {
    let upstream = Upstream::start();
    let proxy = serve(&upstream, &[]);
    let mut request = Outgoing::get("/?header=keep-alive:timeout%3D5&header=x-a:b");
    request.headers = [
        ("x-forwarded-for", "9.9.9.9"),
        ("connection", "x-own, keep-alive"),
        ("x-own", "1"),
        ("te", "trailers, gzip"),
        ("x-kept", "1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    let response = proxy.client(Protocol::Http1).send(&request);
    assert_eq!(response.header("keep-alive"), None);
    assert_eq!(response.header("x-a"), Some("b"));
    let received = &upstream.take_received()[0];
    assert_eq!(
        received.header("x-forwarded-for"),
        Some("9.9.9.9,127.0.0.1")
    );
    assert_eq!(received.header("x-forwarded-proto"), Some("http"));
    assert_eq!(received.header("x-request-id").map(str::len), Some(36));
    assert_eq!(received.header("te"), Some("trailers"));
    assert_eq!(received.header("x-kept"), Some("1"));
    assert_eq!(received.header("x-own"), None);
    assert_eq!(received.header("connection"), None);
}

#[test]
fn routes_choose_the_upstream() {
    let (first, second) = (Upstream::start(), Upstream::start());
    let urls = [&first, &second].map(|upstream| upstream.address().to_string());
    let (one, two) = (
        format!("one=http://{}", urls[0]),
        format!("two=http://{}", urls[1]),
    );
    let args = [
        "--upstream",
        &one,
        "--upstream",
        &two,
        "--route",
        "/two/=two",
    ];
    let proxy = Serve::start(Command::new(ahead()), args);
    assert_eq!(proxy.get("/two/x").status(), 200);
    assert_eq!(proxy.get("/twofold").status(), 200);
    assert_eq!(second.take_received()[0].header(":path"), Some("/two/x"));
    assert_eq!(first.take_received()[0].header(":path"), Some("/twofold"));
    assert_eq!(proxy.stat("ahead_upstream_rq_total{upstream=\"two\"}"), 1);
}

/// An address that nobody listens on.
fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

#[test]
fn an_upstream_that_fails_is_a_clear_status() {
    let upstream = Upstream::start();
    let gone = format!("gone=http://{}", nowhere());
    let proxy = serve(
        &upstream,
        &[
            "--upstream",
            &gone,
            "--route",
            "/gone=gone",
            "--timeout",
            "300ms",
        ],
    );
    let refused = proxy.get("/gone");
    assert_eq!(refused.status(), 503);
    assert!(
        refused
            .text()
            .contains("reset reason: remote connection failure"),
        "{refused:?}"
    );
    assert_eq!(proxy.get("/?reset").status(), 503);
    let late = proxy.get("/?delay=20000");
    assert_eq!(
        (late.status(), late.text().as_str()),
        (504, "upstream request timeout")
    );
    assert_eq!(proxy.get("/").status(), 200);
    let log = proxy.stop().access_log;
    let of = |text: &str| log.iter().find(|line| line.contains(text)).unwrap().clone();
    assert!(of("/gone").contains(" 503 UF "), "{log:?}");
    assert!(of("/?reset").contains(" 503 UC "), "{log:?}");
    assert!(of("delay").contains(" 504 UT "), "{log:?}");
}

#[test]
fn a_client_that_leaves_ends_the_request() {
    let upstream = Upstream::start();
    let mut proxy = serve(&upstream, &[]);
    let mut client = TcpStream::connect(proxy.address()).unwrap();
    client
        .write_all(b"GET /?delay=15000 HTTP/1.1\r\nhost: h\r\n\r\n")
        .unwrap();
    proxy.wait_until("the request is there", |proxy| {
        proxy.stat("ahead_downstream_rq_active") == 1
    });
    drop(client);
    proxy.wait_until_idle();
    let log = proxy.stop().access_log;
    assert!(log[0].contains(" 0 DC "), "{log:?}");
}

#[test]
fn an_upstreams_response_that_breaks_off_is_not_made_whole() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let upstream = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1000];
        assert!(stream.read(&mut request).unwrap() > 0);
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
            .unwrap();
    });
    let proxy = Serve::start(Command::new(ahead()), ["--upstream", url.as_str()]);
    let response = proxy.get("/");
    upstream.join().unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.broken.is_some(), "{response:?}");
}

#[test]
fn the_admin_address_tells_health_and_counters() {
    let upstream = Upstream::start();
    let proxy = serve(&upstream, &[]);
    proxy.get("/?status=404");
    assert_eq!(proxy.ask("/healthz").text(), "ok\n");
    assert_eq!(proxy.ask("/nothing").status(), 404);
    assert_eq!(proxy.stat("ahead_downstream_rq_xx{code_class=\"4\"}"), 1);
    assert_eq!(
        proxy.stat("ahead_upstream_cx_total{upstream=\"upstream\"}"),
        1
    );
}

#[test]
fn stopping_lets_requests_end() {
    let upstream = Upstream::start();
    let mut proxy = serve(&upstream, &[]);
    let address = proxy.address();
    let request = std::thread::spawn(move || {
        let mut client = TcpStream::connect(address).unwrap();
        client
            .write_all(b"GET /?delay=700&chunk=done HTTP/1.1\r\nhost: h\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answer
    });
    proxy.wait_until("the request is there", |proxy| {
        proxy.stat("ahead_downstream_rq_active") == 1
    });
    let idle = TcpStream::connect(address).unwrap();
    proxy.signal("TERM");
    assert!(proxy.wait().success());
    let answer = request.join().unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("done"),
        "{answer}"
    );
    drop(idle);
    assert!(TcpStream::connect(address).is_err());
}

/// Sends a request and reads one response of a known length; `None` if the proxy closed instead.
fn ask_again(client: &mut TcpStream) -> Option<String> {
    client
        .write_all(b"GET /?chunk=done HTTP/1.1\r\nhost: h\r\n\r\n")
        .ok()?;
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !answer.ends_with(b"done") {
        match client.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
        }
    }
    Some(String::from_utf8(answer).unwrap())
}

#[test]
fn stopping_loses_no_request_of_clients_that_keep_their_connections() {
    let upstream = Upstream::start();
    let mut proxy = serve(&upstream, &["--workers", "2"]);
    let address = proxy.address();
    let clients: Vec<_> = (0..24)
        .map(|_| {
            std::thread::spawn(move || {
                let mut client = TcpStream::connect(address).unwrap();
                for count in 0.. {
                    let answer = ask_again(&mut client);
                    let answer = answer.unwrap_or_else(|| panic!("request {count} was lost"));
                    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
                    if answer.contains("connection: close") {
                        return client.read(&mut [0]).unwrap();
                    }
                }
                unreachable!()
            })
        })
        .collect();
    // Nobody has asked anything here when the proxy is told to stop.
    let mut silent = TcpStream::connect(address).unwrap();
    proxy.wait_until("all are under way", |proxy| {
        proxy.stat("ahead_downstream_rq_xx{code_class=\"2\"}") > 1000
    });
    proxy.signal("TERM");
    proxy.wait_for_log("stopping", 1);
    let answer = ask_again(&mut silent).expect("the last request is answered");
    assert!(answer.contains("connection: close"), "{answer}");
    for client in clients {
        assert_eq!(client.join().unwrap(), 0);
    }
    assert!(proxy.wait().success());
}

#[test]
fn what_cannot_be_done_is_refused_with_a_hint() {
    let refused = |args: &[&str], code: i32| {
        let mut command = Command::new(ahead());
        run(command.arg("serve").args(args), Limits::default())
            .with_code(code)
            .stderr()
    };
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let said = refused(&["--upstream", "http://h", "--listen", &address], 1);
    assert!(
        said.starts_with(&format!("error: cannot listen on `{address}`")),
        "{said}"
    );
    let said = refused(&["--upstream", "http://h", "--upstream", "h=http://i"], 2);
    assert_eq!(
        said,
        "error: two upstreams are called `h`\n\nhint: name one: `--upstream NAME=http://i:80`\n"
    );
    let said = refused(&["--upstream", "h:80"], 2);
    assert!(said.contains("is no URL"), "{said}");
    let said = refused(
        &["--upstream", "http://h", "--filter", "/nonexistent.so"],
        1,
    );
    assert!(
        said.starts_with("error: cannot read `/nonexistent.so`"),
        "{said}"
    );
    let said = refused(&[], 2);
    assert!(said.contains("--upstream"), "{said}");
}
