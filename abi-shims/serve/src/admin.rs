//! The address for operators: statistics and health. It serves few, so it serves one request at a time on a connection
//! and keeps nothing.

use crate::metrics::Metrics;
use crate::pipe::{PipeBody, whole};
use crate::worker::LocalExecutor;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

const INDEX: &str = "\
/healthz   200 while requests are taken, 503 when the proxy stops
/stats     counters in Prometheus' text format
";

/// Serves until the task is dropped.
pub async fn serve(listener: TcpListener, metrics: Arc<Metrics>, draining: watch::Receiver<bool>) {
    // Operators are few; who holds connections open must not take those of the proxy.
    let places = Arc::new(tokio::sync::Semaphore::new(64));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(_) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let (metrics, draining) = (metrics.clone(), draining.clone());
        tokio::task::spawn_local(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                std::future::ready(Ok::<_, Infallible>(answer(
                    &request,
                    &metrics,
                    *draining.borrow(),
                )))
            });
            let mut builder = auto::Builder::new(LocalExecutor);
            builder
                .http1()
                .timer(TokioTimer::new())
                .header_read_timeout(Duration::from_secs(10));
            let _ = builder
                .serve_connection(TokioIo::new(stream), service)
                .await;
            drop(place);
        });
    }
}

fn answer(request: &Request<Incoming>, metrics: &Metrics, draining: bool) -> Response<PipeBody> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return text(StatusCode::METHOD_NOT_ALLOWED, "only GET\n".into());
    }
    match request.uri().path() {
        "/" => text(StatusCode::OK, INDEX.into()),
        "/healthz" if draining => text(StatusCode::SERVICE_UNAVAILABLE, "stopping\n".into()),
        "/healthz" => text(StatusCode::OK, "ok\n".into()),
        "/stats" => text(StatusCode::OK, metrics.text()),
        _ => text(StatusCode::NOT_FOUND, INDEX.into()),
    }
}

fn text(status: StatusCode, text: String) -> Response<PipeBody> {
    let mut response = Response::new(whole(text));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}
