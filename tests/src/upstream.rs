//! An upstream of our own: it answers as a request's path asks, and remembers what it received.
//!
//! It speaks HTTP/1.1 and HTTP/2 on one port. The query of a path is a script, its steps are done in order and are
//! percent-decoded:
//!
//! | step | does |
//! |---|---|
//! | `status=404` | answers with this status instead of 200 |
//! | `header=name:value` | adds a header |
//! | `chunk=text` | sends a piece of the body, a frame of its own in HTTP/2 |
//! | `fill=1000` | sends a piece of so many bytes |
//! | `echo` | sends the request's body as one piece |
//! | `trailer=name:value` | adds a trailer |
//! | `delay=20` | waits for milliseconds before it answers |
//! | `reset` | breaks off instead of answering |

use crate::http::{Field, Frames, Message, runtime};
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

/// A running upstream; it ends with the process.
pub struct Upstream {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Message>>>,
}

impl Upstream {
    /// Starts one on a free port of the loopback interface.
    ///
    /// # Panics
    /// If there is no free port.
    pub fn start() -> Upstream {
        let received = Arc::new(Mutex::new(Vec::new()));
        let listener = runtime()
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("a free port");
        let address = listener.local_addr().expect("a bound socket");
        runtime().spawn(serve(listener, received.clone()));
        Upstream { address, received }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Requests that came since the last call, in the order in which they were complete.
    pub fn take_received(&self) -> Vec<Message> {
        std::mem::take(&mut self.received.lock().expect("no service panics in here"))
    }
}

async fn serve(listener: TcpListener, received: Arc<Mutex<Vec<Message>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        stream.set_nodelay(true).ok();
        let received = received.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer(request, received.clone()));
            let server = auto::Builder::new(TokioExecutor::new());
            // How a connection ends is the proxy's affair.
            server
                .serve_connection(TokioIo::new(stream), service)
                .await
                .ok();
        });
    }
}

async fn answer(
    request: Request<Incoming>,
    received: Arc<Mutex<Vec<Message>>>,
) -> io::Result<Response<Frames>> {
    let script = Script::parse(request.uri().query().unwrap_or_default());
    let message = Message::of_request(request).await;
    let body = Bytes::from(message.body.clone());
    received
        .lock()
        .expect("nobody panics holding it")
        .push(message);
    tokio::time::sleep(script.delay).await;
    if script.reset {
        return Err(io::Error::other("the path asks for it"));
    }
    let chunks = script.pieces.into_iter().map(|piece| match piece {
        Piece::Text(text) => text.into(),
        Piece::Fill(length) => (b'a'..=b'z').cycle().take(length).collect(),
        Piece::Echo => body.clone(),
    });
    let mut response = Response::builder().status(script.status);
    for (name, value) in script.headers {
        response = response.header(name, value);
    }
    let frames = Frames::new(chunks, &script.trailers);
    Ok(response.body(frames).expect("a script of sense"))
}

enum Piece {
    Text(String),
    Fill(usize),
    Echo,
}

struct Script {
    status: u16,
    headers: Vec<Field>,
    pieces: Vec<Piece>,
    trailers: Vec<Field>,
    delay: Duration,
    reset: bool,
}

impl Script {
    fn parse(query: &str) -> Script {
        let mut script = Script {
            status: 200,
            headers: Vec::new(),
            pieces: Vec::new(),
            trailers: Vec::new(),
            delay: Duration::ZERO,
            reset: false,
        };
        for step in query.split('&') {
            let (name, value) = step.split_once('=').unwrap_or((step, ""));
            let value = percent_decoded(value);
            let field = || -> Field {
                let (name, value) = value.split_once(':').unwrap_or((&value, ""));
                (name.to_owned(), value.to_owned())
            };
            match name {
                "status" => script.status = value.parse().unwrap_or(500),
                "header" => script.headers.push(field()),
                "chunk" => script.pieces.push(Piece::Text(value)),
                "fill" => script.pieces.push(Piece::Fill(value.parse().unwrap_or(0))),
                "echo" => script.pieces.push(Piece::Echo),
                "trailer" => script.trailers.push(field()),
                "delay" => script.delay = Duration::from_millis(value.parse().unwrap_or(0)),
                "reset" => script.reset = true,
                // Filters may ask for anything.
                _ => {}
            }
        }
        script
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, code) {
            (b'%', Some(code)) => {
                bytes.push(code);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{Client, Outgoing, Protocol};

    #[test]
    fn it_answers_as_asked_and_remembers() {
        let upstream = Upstream::start();
        for protocol in [Protocol::Http1, Protocol::Http2] {
            let mut client = Client::connect(upstream.address(), protocol);
            let mut outgoing = Outgoing::get("/p?status=201&header=a:b%20c&chunk=1&echo&fill=3");
            outgoing.method = "POST".into();
            outgoing.chunks = vec![b"in".to_vec(), b"put".to_vec()];
            let response = client.send(&outgoing);
            assert_eq!(response.status(), 201, "{response:?}");
            assert_eq!(response.header("a"), Some("b c"));
            assert_eq!(response.text(), "1inputabc");
            let received = upstream.take_received();
            assert_eq!(received.len(), 1);
            assert_eq!(received[0].text(), "input");
            assert_eq!(received[0].header(":method"), Some("POST"));
        }
    }

    #[test]
    fn trailers_go_both_ways() {
        let upstream = Upstream::start();
        let mut client = Client::connect(upstream.address(), Protocol::Http2);
        let mut outgoing = Outgoing::get("/p?chunk=x&trailer=t:out");
        outgoing.trailers = vec![("t".into(), "in".into())];
        let response = client.send(&outgoing);
        assert_eq!(response.trailers, [("t".to_owned(), "out".to_owned())]);
        assert_eq!(
            upstream.take_received()[0].trailers,
            [("t".to_owned(), "in".to_owned())]
        );
    }

    #[test]
    fn a_reset_is_seen() {
        let upstream = Upstream::start();
        let mut client = Client::connect(upstream.address(), Protocol::Http2);
        let response = client.send(&Outgoing::get("/p?reset"));
        assert!(response.broken.is_some(), "{response:?}");
    }
}
