//! HTTP as tests of proxies need it: messages that are scripted frame by frame and seen whole, and a client that
//! sends them over HTTP/1.1 or HTTP/2.
//!
//! One runtime of tokio serves all tests of a process; tests themselves are ordinary functions that wait.

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::net::TcpStream;

/// How long anything may take that takes milliseconds.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The runtime on which clients and upstreams of this process run.
pub fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("threads can be made")
    })
}

/// A header or a trailer.
pub type Field = (String, String);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Protocol {
    Http1,
    /// With prior knowledge, so that every chunk of a body is a frame of its own.
    #[default]
    Http2,
}

/// A request or a response, complete.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// `:method`, `:path` and `:authority`, or `:status`, then the others as they came. Bytes that are not
    /// ASCII are escaped.
    pub head: Vec<Field>,
    pub body: Vec<u8>,
    pub trailers: Vec<Field>,
    /// Why it ended before its end, if it did.
    pub broken: Option<String>,
}

impl Message {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.head.iter().find(|field| field.0 == name);
        found.map(|field| field.1.as_str())
    }

    /// The response's status; 0 if there is none.
    pub fn status(&self) -> u16 {
        self.header(":status")
            .and_then(|status| status.parse().ok())
            .unwrap_or(0)
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A request as its receiver sees it.
    pub async fn of_request(request: Request<Incoming>) -> Message {
        let (parts, body) = request.into_parts();
        let mut head = vec![
            (":method".into(), parts.method.to_string()),
            (
                ":path".into(),
                parts
                    .uri
                    .path_and_query()
                    .map_or(String::new(), |path| path.to_string()),
            ),
        ];
        if let Some(authority) = parts.uri.authority() {
            head.push((":authority".into(), authority.to_string()));
        }
        head.extend(fields(&parts.headers));
        Message::read(head, body).await
    }

    async fn of_response(response: Response<Incoming>) -> Message {
        let (parts, body) = response.into_parts();
        let mut head = vec![(":status".into(), parts.status.as_u16().to_string())];
        head.extend(fields(&parts.headers));
        Message::read(head, body).await
    }

    async fn read(head: Vec<Field>, mut body: Incoming) -> Message {
        let mut message = Message {
            head,
            ..Message::default()
        };
        while let Some(frame) = body.frame().await {
            match frame.map(Frame::into_data) {
                Ok(Ok(data)) => message.body.extend_from_slice(&data),
                Ok(Err(other)) => {
                    message
                        .trailers
                        .extend(other.trailers_ref().map(fields).unwrap_or_default());
                }
                Err(error) => {
                    message.broken = Some(reason(&error));
                    break;
                }
            }
        }
        message
    }
}

/// What is the same in every run of an error.
fn reason(error: &dyn std::error::Error) -> String {
    let mut source = error;
    while let Some(next) = source.source() {
        source = next;
    }
    source.to_string()
}

fn fields(map: &HeaderMap) -> Vec<Field> {
    map.iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                value.as_bytes().escape_ascii().to_string(),
            )
        })
        .collect()
}

/// A body that is sent as it was scripted: one frame for each chunk, then trailers if there are any.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    chunks: VecDeque<Bytes>,
    trailers: Option<HeaderMap>,
}

impl Frames {
    /// # Panics
    /// If a trailer's name or value cannot be one.
    pub fn new(chunks: impl IntoIterator<Item = Bytes>, trailers: &[Field]) -> Frames {
        Frames {
            chunks: chunks.into_iter().collect(),
            trailers: (!trailers.is_empty()).then(|| header_map(trailers)),
        }
    }
}

fn header_map(fields: &[Field]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in fields {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a field's name");
        map.append(name, HeaderValue::from_str(value).expect("a field's value"));
    }
    map
}

impl Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let next = match self.chunks.pop_front() {
            Some(chunk) => Some(Frame::data(chunk)),
            None => self.trailers.take().map(Frame::trailers),
        };
        Poll::Ready(next.map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.chunks.is_empty() && self.trailers.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match self.trailers {
            Some(_) => SizeHint::default(),
            None => SizeHint::with_exact(self.chunks.iter().map(|chunk| chunk.len() as u64).sum()),
        }
    }
}

/// What is sent.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub method: String,
    pub path: String,
    pub authority: String,
    pub headers: Vec<Field>,
    pub chunks: Vec<Vec<u8>>,
    pub trailers: Vec<Field>,
}

impl Outgoing {
    pub fn get(path: &str) -> Outgoing {
        Outgoing {
            method: "GET".into(),
            path: path.into(),
            authority: "test".into(),
            headers: Vec::new(),
            chunks: Vec::new(),
            trailers: Vec::new(),
        }
    }
}

enum Sender {
    Http1(hyper::client::conn::http1::SendRequest<Frames>),
    Http2(hyper::client::conn::http2::SendRequest<Frames>),
}

/// One connection.
pub struct Client {
    sender: Sender,
    protocol: Protocol,
}

impl Client {
    /// # Panics
    /// If there is nobody at `address`.
    pub fn connect(address: SocketAddr, protocol: Protocol) -> Client {
        Client::try_connect(address, protocol)
            .unwrap_or_else(|error| panic!("cannot connect to {address}: {error}"))
    }

    /// The same where it is no surprise that there is nobody.
    pub fn try_connect(address: SocketAddr, protocol: Protocol) -> io::Result<Client> {
        runtime().block_on(async {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true).expect("a TCP socket");
            let io = TokioIo::new(stream);
            let sender = match protocol {
                Protocol::Http1 => {
                    let (sender, connection) = hyper::client::conn::http1::handshake(io)
                        .await
                        .expect("a new connection");
                    tokio::spawn(connection);
                    Sender::Http1(sender)
                }
                Protocol::Http2 => {
                    let (sender, connection) =
                        hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
                            .await
                            .expect("a new connection");
                    tokio::spawn(connection);
                    Sender::Http2(sender)
                }
            };
            Ok(Client { sender, protocol })
        })
    }

    /// Sends a request and waits for all of the response.
    pub fn send(&mut self, outgoing: &Outgoing) -> Message {
        runtime().block_on(async {
            // A connection takes the next request a little after the last response has been read.
            if let Sender::Http1(sender) = &mut self.sender {
                sender.ready().await.ok();
            }
            self.begin(outgoing).await
        })
    }

    /// Sends requests at once, over HTTP/2, and waits for all responses.
    pub fn send_together(&mut self, outgoing: &[Outgoing]) -> Vec<Message> {
        runtime().block_on(async {
            let mut under_way = Vec::new();
            for one in outgoing {
                under_way.push(tokio::spawn(self.begin(one)));
            }
            let mut responses = Vec::new();
            for one in under_way {
                responses.push(one.await.expect("no task panics"));
            }
            responses
        })
    }

    /// Sends; what is returned waits for the response, and owns all that it needs.
    fn begin(&mut self, outgoing: &Outgoing) -> impl Future<Output = Message> + Send + 'static {
        let request = self.request(outgoing);
        let response: Pin<Box<dyn Future<Output = _> + Send>> = match &mut self.sender {
            Sender::Http1(sender) => Box::pin(sender.send_request(request)),
            Sender::Http2(sender) => Box::pin(sender.send_request(request)),
        };
        async move {
            match tokio::time::timeout(PATIENCE, response).await {
                Ok(Ok(response)) => {
                    match tokio::time::timeout(PATIENCE, Message::of_response(response)).await {
                        Ok(message) => message,
                        Err(_) => failed("no end of the response".into()),
                    }
                }
                Ok(Err(error)) => failed(reason(&error)),
                Err(_) => failed("no response".into()),
            }
        }
    }

    fn request(&self, outgoing: &Outgoing) -> Request<Frames> {
        let uri = match self.protocol {
            Protocol::Http1 => outgoing.path.clone(),
            Protocol::Http2 => format!("http://{}{}", outgoing.authority, outgoing.path),
        };
        let chunks = outgoing.chunks.iter().cloned().map(Bytes::from);
        let mut request = Request::builder()
            .method(outgoing.method.as_str())
            .uri(uri)
            .body(Frames::new(chunks, &outgoing.trailers))
            .expect("a well-formed request");
        if self.protocol == Protocol::Http1 {
            let host = HeaderValue::from_str(&outgoing.authority).expect("a host");
            request.headers_mut().insert("host", host);
        }
        for (name, value) in &header_map(&outgoing.headers) {
            request.headers_mut().append(name, value.clone());
        }
        request
    }
}

fn failed(why: String) -> Message {
    Message {
        broken: Some(why),
        ..Message::default()
    }
}
