//! A client's connection: TLS if there is any, HTTP/1.1 or HTTP/2, and an exchange for each request.

use crate::driver::drive;
use crate::exchange::Exchange;
use crate::forward;
use crate::headers::{Headers, Malformed};
use crate::local_reply::LocalReply;
use crate::pipe::{PipeBody, whole};
use crate::refusal::refusal;
use crate::stream_info::{Connection, StreamInfo, TlsInfo};
use crate::worker::{LocalExecutor, Worker};
use http::{Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::cell::Cell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::{oneshot, watch};
use tokio_rustls::TlsAcceptor;

/// Serves a connection to its end. When `draining` becomes true it takes one more request at most.
pub async fn serve(
    worker: Rc<Worker>,
    stream: TcpStream,
    peer: SocketAddr,
    draining: watch::Receiver<bool>,
) {
    let Ok(local) = stream.local_addr() else {
        return;
    };
    // Small responses must not wait for one another.
    let _ = stream.set_nodelay(true);
    let shared = worker.shared();
    let mut connection = Connection {
        id: shared.next_connection.fetch_add(1, Ordering::Relaxed),
        peer,
        local,
        tls: None,
        closing: Cell::new(false),
    };
    let Some(tls) = shared.server_tls.clone() else {
        return http(worker, stream, connection, draining).await;
    };
    let accept = TlsAcceptor::from(tls).accept(stream);
    let accepted = tokio::time::timeout(worker.config().timeouts.headers, accept).await;
    let stream = match accepted {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return log::debug!("{peer}: TLS: {error}"),
        Err(_) => return log::debug!("{peer}: TLS: no handshake in time"),
    };
    let session = stream.get_ref().1;
    connection.tls = Some(TlsInfo {
        version: TlsInfo::version_name(session.protocol_version()),
        server_name: session.server_name().map(str::to_owned),
        mutual: session.peer_certificates().is_some(),
    });
    http(worker, stream, connection, draining).await;
}

async fn http<S>(
    worker: Rc<Worker>,
    stream: S,
    connection: Connection,
    mut draining: watch::Receiver<bool>,
) where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let config = worker.config();
    let headers_bytes_max = config.limits.headers_bytes_max;
    let mut builder = auto::Builder::new(LocalExecutor);
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(config.timeouts.headers)
        .max_headers(config.limits.headers_max)
        // The buffer has to hold the headers, and nothing but the headers has to be held at once.
        .max_buf_size(headers_bytes_max.max(8 << 10));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(20))
        .max_concurrent_streams(config.limits.streams_max)
        .max_header_list_size(u32::try_from(headers_bytes_max).unwrap_or(u32::MAX));
    let drain = config.timeouts.drain;
    let peer = connection.peer;
    let connection = Rc::new(connection);
    let of_service = connection.clone();
    let service = service_fn(move |request| exchange(worker.clone(), of_service.clone(), request));
    let serving = builder.serve_connection(TokioIo::new(stream), service);
    let mut serving = std::pin::pin!(serving);
    let ended = tokio::select! {
        ended = serving.as_mut() => ended,
        () = last_call(&connection, &mut draining, drain) => {
            serving.as_mut().graceful_shutdown();
            serving.await
        }
    };
    if let Err(error) = ended {
        log::debug!("{peer}: {error}");
    }
}

/// How long a client of HTTP/1.1 whose connection is idle has to send one more request when the proxy stops. It is
/// answered, with the word that the connection ends: a client that sends while we close would be told nothing.
const LAST_CALL: Duration = Duration::from_secs(1);

/// Waits until the proxy stops, and for those who have something to say by then.
async fn last_call(connection: &Connection, draining: &mut watch::Receiver<bool>, drain: Duration) {
    // Who would have told us is gone: that is the end, too.
    let _ = draining.wait_for(|draining| *draining).await;
    connection.closing.set(true);
    tokio::time::sleep(LAST_CALL.min(drain / 2)).await;
}

/// The exchange ended without a response.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the request was given up")]
struct GivenUp;

async fn exchange(
    worker: Rc<Worker>,
    connection: Rc<Connection>,
    request: Request<Incoming>,
) -> Result<Response<PipeBody>, GivenUp> {
    let (parts, body) = request.into_parts();
    let version = parts.version;
    let scheme = if connection.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let refused = refusal(&parts, &worker.config().limits);
    let headers = Headers::of_request(parts, scheme);
    let mut headers = match (refused, headers) {
        (None, Ok(headers)) => headers,
        (Some(reply), headers) => {
            return Ok(refuse(&worker, &connection, version, reply, headers.ok()));
        }
        (None, Err(malformed)) => {
            let details = match malformed {
                Malformed::Missing(_) => "missing_host_header",
                Malformed::Invalid(_) => "invalid_request",
            };
            let reply = LocalReply::new(StatusCode::BAD_REQUEST, "Bad Request", details);
            return Ok(refuse(&worker, &connection, version, reply, None));
        }
    };
    let bytes = headers.bytes();
    forward::request_in(&mut headers, &connection, worker.config().forwarded);
    let (answer, response) = oneshot::channel();
    let filters = worker.attach();
    let exchange = Exchange::new(worker.clone(), connection, version, filters, answer);
    exchange.info.borrow_mut().request_headers_bytes = bytes;
    *exchange.request.headers.borrow_mut() = headers;
    worker.spawn(drive(exchange, body));
    response.await.map_err(|_| GivenUp)
}

fn refuse(
    worker: &Worker,
    connection: &Connection,
    version: Version,
    reply: LocalReply,
    request: Option<Headers>,
) -> Response<PipeBody> {
    let request = request.unwrap_or_default();
    let (mut headers, body) = reply.response(&request);
    forward::response_out(&mut headers, connection, version);
    let mut info = StreamInfo::new(version);
    info.details = reply.details;
    info.status = Some(reply.status.as_u16());
    info.sent_bytes = body.len() as u64;
    info.end = Some(info.start.elapsed());
    worker.metrics().requests.add(1);
    let class = usize::from(reply.status.as_u16() / 100);
    worker.metrics().responses[class].add(1);
    worker.access_log().write(&info, &request, &headers);
    headers
        .into_response(whole(body))
        .unwrap_or_else(|_| Response::new(whole("")))
}
