//! Connections to upstreams: one pool for each upstream and worker.
//!
//! HTTP/1.1 connections are lent to one request and taken back when its response is read to the end; an HTTP/2
//! connection is shared. A request that a kept connection never took is sent again on a new one, since nothing of it
//! can have arrived.

use crate::config::{Timeouts, Transport, Upstream};
use crate::headers::{Headers, Malformed};
use crate::local_reply::LocalReply;
use crate::metrics::{Metrics, UpstreamMetrics};
use crate::pipe::PipeBody;
use crate::stream_info::{Flags, Peer, TlsInfo};
use crate::worker::LocalExecutor;
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::client::conn::{TrySendError, http1, http2};
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::cell::{Cell, RefCell};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

/// A kept connection that nobody used for so long is closed.
const KEEP: Duration = Duration::from_secs(60);

/// Kept connections of a pool.
const KEPT_MAX: usize = 128;

/// Why there is no response.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    #[error("cannot connect: {0}")]
    Connect(String),
    #[error("too many connections")]
    Overflow,
    /// The connection ended.
    #[error("{0}")]
    Reset(String),
    /// The upstream gave up the stream, and the connection goes on.
    #[error("{0}")]
    StreamReset(String),
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

impl UpstreamError {
    pub fn flags(&self) -> Flags {
        match self {
            UpstreamError::Connect(_) => Flags::UPSTREAM_CONNECT,
            UpstreamError::Overflow => Flags::UPSTREAM_OVERFLOW,
            UpstreamError::Reset(_) => Flags::UPSTREAM_TERMINATED,
            UpstreamError::StreamReset(_) => Flags::UPSTREAM_RESET,
            UpstreamError::Malformed(_) => Flags::default(),
        }
    }
}

impl UpstreamError {
    /// What is answered in the upstream's place.
    pub fn reply(&self) -> LocalReply {
        let (reason, details) = match self {
            UpstreamError::Connect(why) => (
                "remote connection failure",
                format!(
                    "upstream_reset_before_response_started{{remote_connection_failure: {why}}}"
                ),
            ),
            UpstreamError::Overflow => (
                "overflow",
                "upstream_reset_before_response_started{overflow}".into(),
            ),
            UpstreamError::Reset(why) => (
                "connection termination",
                format!("upstream_reset{{connection_termination: {why}}}"),
            ),
            UpstreamError::StreamReset(why) => (
                "remote reset",
                format!("upstream_reset{{remote_reset: {why}}}"),
            ),
            UpstreamError::Malformed(why) => (
                "",
                format!("filter_removed_required_request_headers{{{why}}}"),
            ),
        };
        let body = match reason {
            "" => String::new(),
            reason => format!(
                "upstream connect error or disconnect/reset before headers. reset reason: {reason}"
            ),
        };
        LocalReply::new(StatusCode::SERVICE_UNAVAILABLE, body, details)
    }
}

/// What is answered when the upstream takes too long.
pub fn too_late() -> LocalReply {
    LocalReply::new(
        StatusCode::GATEWAY_TIMEOUT,
        "upstream request timeout",
        "response_timeout",
    )
}

/// What a request can be sent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Whatever the upstream speaks.
    Any,
    /// HTTP/2, as gRPC needs it.
    Http2,
}

#[derive(Debug)]
pub struct Pool {
    pub upstream: Upstream,
    /// Among the metrics, the upstreams and the pools.
    pub index: usize,
    metrics: Arc<Metrics>,
    tls: Option<Arc<ClientConfig>>,
    connect_timeout: Duration,
    headers_bytes_max: usize,
    connections_max: usize,
    open: Cell<usize>,
    kept: RefCell<Vec<Kept>>,
    shared: RefCell<Option<(http2::SendRequest<PipeBody>, Peer)>>,
    /// Held while a connection that will be shared is made, so that there is one.
    sharing: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct Kept {
    sender: http1::SendRequest<PipeBody>,
    peer: Peer,
    since: Instant,
}

enum Sender {
    Http1(http1::SendRequest<PipeBody>),
    Http2(http2::SendRequest<PipeBody>),
}

/// A response and the connection that it comes on.
#[derive(Debug)]
pub struct Answer {
    pub response: Response<Incoming>,
    pub peer: Peer,
    pub connected: Duration,
    lease: Option<http1::SendRequest<PipeBody>>,
}

impl Answer {
    /// The response's parts, its body, and what [`Pool::keep`] wants when the body has been read.
    pub fn split(self) -> (http::response::Parts, Incoming, Lease) {
        let (parts, body) = self.response.into_parts();
        let lease = Lease(self.lease.map(|sender| (sender, self.peer)));
        (parts, body, lease)
    }
}

/// The right to use a connection again.
#[derive(Debug)]
pub struct Lease(Option<(http1::SendRequest<PipeBody>, Peer)>);

impl Pool {
    pub fn new(
        upstream: &Upstream,
        index: usize,
        metrics: Arc<Metrics>,
        tls: Option<Arc<ClientConfig>>,
        timeouts: &Timeouts,
        limits: &crate::config::Limits,
    ) -> Pool {
        Pool {
            upstream: upstream.clone(),
            index,
            metrics,
            tls,
            connect_timeout: timeouts.connect,
            headers_bytes_max: limits.headers_bytes_max,
            connections_max: limits.upstream_connections_max,
            open: Cell::new(0),
            kept: RefCell::default(),
            shared: RefCell::default(),
            sharing: tokio::sync::Mutex::new(()),
        }
    }

    pub fn metrics(&self) -> &UpstreamMetrics {
        &self.metrics.upstreams[self.index].1
    }

    /// Sends a request and waits for the response's headers.
    pub async fn send(
        self: &Rc<Self>,
        headers: Headers,
        body: PipeBody,
        need: Need,
    ) -> Result<Answer, UpstreamError> {
        self.metrics().requests.add(1);
        let start = Instant::now();
        let (mut sender, mut peer, mut kept) = self.sender(need).await?;
        let mut request = headers.into_request(sender.version(), body)?;
        loop {
            let connected = start.elapsed();
            let sent = match &mut sender {
                Sender::Http1(sender) => sender.try_send_request(request).await,
                Sender::Http2(sender) => sender.try_send_request(request).await,
            };
            let mut error = match sent {
                Ok(response) => {
                    let lease = sender.into_lease();
                    return Ok(Answer {
                        response,
                        peer,
                        connected,
                        lease,
                    });
                }
                Err(error) => error,
            };
            // What a kept connection did not take goes out on a new one, which is not kept.
            let Some(again) = error.take_message().filter(|_| kept) else {
                return Err(self.reset(&error, &sender));
            };
            (sender, peer) = self.connect(need).await?;
            kept = false;
            if sender.version() != again.version() {
                return Err(self.reset(&error, &sender));
            }
            request = again;
        }
    }

    fn reset(&self, error: &TrySendError<Request<PipeBody>>, sender: &Sender) -> UpstreamError {
        self.metrics().requests_reset.add(1);
        let why = told(error.error());
        match sender {
            Sender::Http2(sender) if !sender.is_closed() => UpstreamError::StreamReset(why),
            _ => UpstreamError::Reset(why),
        }
    }

    /// Takes a connection back whose response has been read to the end.
    pub fn keep(&self, lease: Lease) {
        let Some((sender, peer)) = lease.0 else {
            return;
        };
        let mut kept = self.kept.borrow_mut();
        if kept.len() < KEPT_MAX && !sender.is_closed() {
            let since = Instant::now();
            kept.push(Kept {
                sender,
                peer,
                since,
            });
        }
    }

    /// Closes what has been kept for long.
    pub fn prune(&self) {
        let fresh = |kept: &Kept| kept.since.elapsed() < KEEP && !kept.sender.is_closed();
        self.kept.borrow_mut().retain(fresh);
        let mut shared = self.shared.borrow_mut();
        if shared
            .as_ref()
            .is_some_and(|(sender, _)| sender.is_closed())
        {
            *shared = None;
        }
    }

    /// A connection to send on, and whether it was there before.
    async fn sender(self: &Rc<Self>, need: Need) -> Result<(Sender, Peer, bool), UpstreamError> {
        if let Some(found) = self.kept(need) {
            return Ok(found);
        }
        if need == Need::Any && self.upstream.transport != Transport::Http2 {
            let (sender, peer) = self.connect(need).await?;
            return Ok((sender, peer, false));
        }
        let _alone = self.sharing.lock().await;
        if let Some(found) = self.kept(need) {
            return Ok(found);
        }
        let (sender, peer) = self.connect(need).await?;
        Ok((sender, peer, false))
    }

    fn kept(&self, need: Need) -> Option<(Sender, Peer, bool)> {
        let plain = self.upstream.transport == Transport::Http && need == Need::Any;
        if !plain
            && let Some((sender, peer)) = &*self.shared.borrow()
            && !sender.is_closed()
        {
            return Some((Sender::Http2(sender.clone()), peer.clone(), true));
        }
        if need == Need::Http2 {
            return None;
        }
        let mut kept = self.kept.borrow_mut();
        kept.retain(|kept| !kept.sender.is_closed());
        let last = kept.iter().rposition(|kept| kept.sender.is_ready())?;
        let kept = kept.swap_remove(last);
        Some((Sender::Http1(kept.sender), kept.peer, true))
    }

    async fn connect(self: &Rc<Self>, need: Need) -> Result<(Sender, Peer), UpstreamError> {
        let metrics = self.metrics();
        if self.open.get() >= self.connections_max {
            metrics.overflows.add(1);
            return Err(UpstreamError::Overflow);
        }
        let open = Open::new(self);
        let connected = tokio::time::timeout(self.connect_timeout, self.connect_now(need, open));
        let connected = match connected.await {
            Ok(connected) => connected,
            Err(_) => Err(format!("no answer within {:?}", self.connect_timeout)),
        };
        connected.map_err(|why| {
            metrics.connect_failures.add(1);
            UpstreamError::Connect(why)
        })
    }

    async fn connect_now(
        self: &Rc<Self>,
        need: Need,
        open: Open,
    ) -> Result<(Sender, Peer), String> {
        let stream = self.tcp().await.map_err(|error| error.to_string())?;
        let mut peer = Peer {
            address: stream.peer_addr().map_err(|error| error.to_string())?,
            local: stream.local_addr().map_err(|error| error.to_string())?,
            tls_version: None,
        };
        self.metrics().connections.add(1);
        let Some(tls) = &self.tls else {
            let http2 = need == Need::Http2 || self.upstream.transport == Transport::Http2;
            let sender = self.handshake(stream, http2, &peer, open).await?;
            return Ok((sender, peer));
        };
        let name = ServerName::try_from(self.upstream.host.clone())
            .map_err(|_| format!("`{}` is no name for TLS", self.upstream.host))?;
        let stream = TlsConnector::from(tls.clone())
            .connect(name, stream)
            .await
            .map_err(|error| format!("TLS: {error}"))?;
        let session = stream.get_ref().1;
        peer.tls_version = Some(TlsInfo::version_name(session.protocol_version()));
        let http2 = session.alpn_protocol() == Some(b"h2");
        if need == Need::Http2 && !http2 {
            return Err("it does not speak HTTP/2".into());
        }
        let sender = self.handshake(stream, http2, &peer, open).await?;
        Ok((sender, peer))
    }

    async fn tcp(&self) -> io::Result<TcpStream> {
        let (host, port) = (self.upstream.host.as_str(), self.upstream.port);
        let addresses: Vec<SocketAddr> = match host.parse::<IpAddr>() {
            Ok(address) => vec![(address, port).into()],
            Err(_) => tokio::net::lookup_host((host, port)).await?.collect(),
        };
        let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    async fn handshake<T>(
        self: &Rc<Self>,
        stream: T,
        http2: bool,
        peer: &Peer,
        open: Open,
    ) -> Result<Sender, String>
    where
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let io = TokioIo::new(stream);
        if http2 {
            let (sender, connection) = http2::Builder::new(LocalExecutor)
                .timer(TokioTimer::new())
                .keep_alive_interval(Duration::from_secs(30))
                .keep_alive_timeout(Duration::from_secs(20))
                .max_header_list_size(u32::try_from(self.headers_bytes_max).unwrap_or(u32::MAX))
                .handshake(io)
                .await
                .map_err(|error| told(&error))?;
            tokio::task::spawn_local(async move {
                let _open = open;
                let _ = connection.await;
            });
            *self.shared.borrow_mut() = Some((sender.clone(), peer.clone()));
            return Ok(Sender::Http2(sender));
        }
        let (sender, connection) = http1::Builder::new()
            .max_header_size(self.headers_bytes_max)
            .handshake(io)
            .await
            .map_err(|error| told(&error))?;
        tokio::task::spawn_local(async move {
            let _open = open;
            let _ = connection.await;
        });
        Ok(Sender::Http1(sender))
    }
}

impl Sender {
    fn version(&self) -> Version {
        match self {
            Sender::Http1(_) => Version::HTTP_11,
            Sender::Http2(_) => Version::HTTP_2,
        }
    }

    fn into_lease(self) -> Option<http1::SendRequest<PipeBody>> {
        match self {
            Sender::Http1(sender) => Some(sender),
            Sender::Http2(_) => None,
        }
    }
}

/// Counts a connection as long as it is there.
struct Open(Rc<Pool>);

impl Open {
    fn new(pool: &Rc<Pool>) -> Open {
        pool.open.set(pool.open.get() + 1);
        pool.metrics().connections_active.add(1);
        Open(pool.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.set(self.0.open.get() - 1);
        self.0.metrics().connections_active.sub(1);
    }
}

/// An error of hyper with its cause, which it does not tell by itself.
pub fn told(error: &hyper::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text += ": ";
            text += &said;
        }
        cause = error.source();
    }
    text
}
