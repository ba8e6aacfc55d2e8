//! Clients that mean no good: clear statuses, bounded memory, and others are served all the while.

use crate::serve;
use ahead_tests::upstream::Upstream;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// Sends bytes and reads until the proxy closes, or has sent headers.
fn ask(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = connect(address);
    // The proxy may have closed before everything is written.
    stream.write_all(bytes).ok();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream
}

/// Sends bytes and nothing more, and reads until the proxy closes.
fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = connect(address);
    stream.write_all(bytes).ok();
    stream.shutdown(Shutdown::Write).ok();
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(error) => panic!("{error}, after {:?}", String::from_utf8_lossy(&answer)),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("")
}

#[test]
fn what_is_no_request_is_refused_by_status() {
    let upstream = Upstream::start();
    let proxy = serve(&upstream, &[]);
    let many: String = (0..101)
        .map(|number| format!("x-{number}: 1\r\n"))
        .collect();
    let long = format!(
        "GET / HTTP/1.1\r\nhost: h\r\nx: {}\r\n\r\n",
        "a".repeat(100_000)
    );
    let cases: &[(&str, &str)] = &[
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost:\r\n\r\n", "400"),
        ("nonsense\r\n\r\n", "400"),
        ("GET /\u{1} HTTP/1.1\r\nhost: h\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: h\r\nx: a\0b\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: h\r\n bad: 1\r\n\r\n", "400"),
        ("GET / HTTP/9.9\r\nhost: h\r\n\r\n", "400"),
        ("CONNECT h:1 HTTP/1.1\r\nhost: h\r\n\r\n", "405"),
        ("GET / HTTP/1.1\r\nhost: h\r\nhost: i\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nhost: h i\r\n\r\n", "400"),
        (
            "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "501",
        ),
        (
            "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: x\r\n\r\n",
            "400",
        ),
        (
            "POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
            "400",
        ),
        (&format!("GET / HTTP/1.1\r\nhost: h\r\n{many}\r\n"), "431"),
        (&long, "431"),
        (
            &format!("GET /{} HTTP/1.1\r\nhost: h\r\n\r\n", "a".repeat(100_000)),
            "431",
        ),
    ];
    for (request, expected) in cases {
        let answer = ask(proxy.address(), request.as_bytes());
        let shown: String = request.chars().take(60).collect();
        assert_eq!(status(&answer), *expected, "{shown:?}: {answer}");
    }
    assert!(upstream.take_received().is_empty());
    assert_eq!(proxy.get("/").status(), 200);
    proxy.stop();
}

/// A body that is not framed as it says. The upstream may have got its beginning, and never gets an end.
#[test]
fn a_body_of_bad_chunks_is_refused_by_status() {
    let upstream = Upstream::start();
    let proxy = serve(&upstream, &[]);
    for chunks in [
        "x\r\n",
        "3\r\nabcd\r\n",
        "3\r\nabc\r\n-1\r\n",
        "11111111111111111\r\n",
    ] {
        let request = format!(
            "POST /bad HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n{chunks}\
             GET /behind HTTP/1.1\r\nhost: h\r\n\r\n"
        );
        let mut client = connect(proxy.address());
        client.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        assert_eq!(status(&answer), "400", "{chunks:?}: {answer}");
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("\r\nconnection: close"), "{chunks:?}: {head}");
        assert_eq!(body, "Bad Request", "{chunks:?}");
    }
    // What breaks off is nobody's to answer.
    let half = b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n3\r\nab";
    assert_eq!(exchange(proxy.address(), half), "");
    let log = proxy.stop().access_log;
    let count = |text: &str| log.iter().filter(|line| line.contains(text)).count();
    assert_eq!(
        (count(" 400 - "), count("http1.codec_error")),
        (4, 4),
        "{log:?}"
    );
    assert_eq!(count(" 0 DC "), 1, "{log:?}");
    assert!(
        upstream
            .take_received()
            .iter()
            .all(|it| it.header(":path") != Some("/behind"))
    );
}

/// A request within another: where one ends must be clear to both sides, or it is refused.
#[test]
fn no_request_is_smuggled() {
    let upstream = Upstream::start();
    let proxy = serve(&upstream, &[]);
    let smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: h\r\n\r\n";
    for headers in [
        "transfer-encoding: chunked\r\ncontent-length: 4\r\n",
        "content-length: 4\r\ntransfer-encoding: chunked\r\n",
        "transfer-encoding: chunked, identity\r\n",
        "transfer-encoding: xchunked\r\ncontent-length: 60\r\n",
    ] {
        let request = format!(
            "POST /first HTTP/1.1\r\nhost: h\r\n{headers}connection: close\r\n\r\n{smuggled}"
        );
        exchange(proxy.address(), request.as_bytes());
    }
    for received in upstream.take_received() {
        assert_eq!(received.header(":path"), Some("/first"));
        let framing = received
            .head
            .iter()
            .filter(|(name, _)| name == "transfer-encoding" || name == "content-length");
        assert!(framing.count() <= 1, "{received:?}");
    }
    proxy.stop();
}

#[test]
fn slow_clients_are_given_up() {
    let upstream = Upstream::start();
    let proxy = serve(
        &upstream,
        &["--headers-timeout", "200ms", "--idle-timeout", "400ms"],
    );
    // Without end of the headers; without the body that was promised.
    let mut slow = TcpStream::connect(proxy.address()).unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nhost: h\r\n").unwrap();
    let mut body = TcpStream::connect(proxy.address()).unwrap();
    body.write_all(b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\nab")
        .unwrap();
    let mut answers = [slow, body].map(|mut stream| {
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok();
        answer
    });
    assert!(
        answers[0].is_empty() || status(&answers[0]) == "408",
        "{answers:?}"
    );
    assert_eq!(status(&answers[1]), "408", "{answers:?}");
    answers[1].clear();
    proxy.stop();
}

#[test]
fn connections_beyond_the_limit_wait() {
    let upstream = Upstream::start();
    let mut proxy = serve(&upstream, &["--max-connections", "2"]);
    let held: Vec<_> = (0..2)
        .map(|_| TcpStream::connect(proxy.address()).unwrap())
        .collect();
    proxy.wait_until("both are there", |proxy| {
        proxy.stat("ahead_downstream_cx_active") == 2
    });
    let mut third = TcpStream::connect(proxy.address()).unwrap();
    third
        .write_all(b"GET /?chunk=third HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n")
        .unwrap();
    assert_eq!(proxy.stat("ahead_downstream_cx_active"), 2);
    drop(held);
    let mut answer = String::new();
    third.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("third"), "{answer}");
    proxy.stop();
}

/// A client that asks for much and reads nothing.
#[test]
fn a_client_that_does_not_read_costs_little() {
    let upstream = Upstream::start();
    let mut proxy = serve(&upstream, &["--workers", "1"]);
    let before = proxy.peak_bytes();
    let clients: Vec<_> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(proxy.address()).unwrap();
            stream
                .write_all(b"GET /?fill=3000000 HTTP/1.1\r\nhost: h\r\n\r\n")
                .unwrap();
            stream
        })
        .collect();
    proxy.wait_until("all are there", |proxy| {
        proxy.stat("ahead_downstream_rq_xx{code_class=\"2\"}") == 20
    });
    assert_eq!(proxy.get("/").status(), 200);
    let grown = proxy.peak_bytes() - before;
    assert!(grown < 40 << 20, "{grown} bytes more");
    drop(clients);
    proxy.wait_until_idle();
    proxy.stop();
}

/// Garbage of all kinds, from a generator that always gives the same.
#[test]
fn garbage_does_no_harm() {
    let upstream = Upstream::start();
    let proxy = serve(&upstream, &["--headers-timeout", "2s"]);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let seeds: [&[u8]; 3] = [
        b"POST /a?chunk=x HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\x05\0\0\0\x01\x82",
        b"GET / HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n",
    ];
    for round in 0..300 {
        let mut bytes = seeds[round % seeds.len()].to_vec();
        for _ in 0..next() % 6 + 1 {
            let at = (next() as usize) % bytes.len();
            match next() % 3 {
                0 => bytes[at] = next() as u8,
                1 => bytes.insert(at, next() as u8),
                _ => drop(bytes.remove(at)),
            }
        }
        exchange(proxy.address(), &bytes);
    }
    assert_eq!(proxy.get("/").status(), 200);
    proxy.stop();
}
