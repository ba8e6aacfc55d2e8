//! Requests and streams that filters open on their own: each is a task that tells its virtual machine what comes.

use crate::headers::{Headers, Name};
use crate::host::Host;
use crate::local_reply::LocalReply;
use crate::pipe::{PipeBody, PipeWriter, pipe};
use crate::upstream::{Need, Pool, UpstreamError, too_late};
use crate::worker::Worker;
use ahead_proxy_wasm::abi::Status;
use ahead_proxy_wasm::{CalloutId, Failed, Header, HttpRequest, HttpResponse, Vm};
use bytes::Bytes;
use http::HeaderValue;
use http_body::{Body, Frame};
use hyper::body::Incoming;
use std::collections::HashMap;
use std::pin::Pin;
use std::rc::{Rc, Weak};
use std::time::Duration;
use tokio::task::AbortHandle;

/// A response's body that a callout is given, at most.
const RESPONSE_BYTES_MAX: usize = 64 << 20;

/// What a stream may have waiting to be sent.
const UNSENT_BYTES_MAX: usize = 16 << 20;

/// What a virtual machine has under way.
#[derive(Debug, Default)]
pub struct Callouts {
    last: u64,
    tasks: HashMap<CalloutId, Task>,
}

#[derive(Debug)]
struct Task {
    abort: AbortHandle,
    /// Of a stream whose sending side is open.
    writer: Option<PipeWriter>,
}

impl Callouts {
    pub fn next_id(&mut self) -> CalloutId {
        self.last += 1;
        CalloutId(self.last)
    }

    pub fn add_request(&mut self, id: CalloutId, abort: AbortHandle) {
        self.tasks.insert(
            id,
            Task {
                abort,
                writer: None,
            },
        );
    }

    pub fn add_stream(&mut self, id: CalloutId, writer: PipeWriter, abort: AbortHandle) {
        let writer = Some(writer);
        self.tasks.insert(id, Task { abort, writer });
    }

    pub fn send(&mut self, id: CalloutId, bytes: &[u8], end: bool) -> Result<(), Status> {
        let task = self.tasks.get_mut(&id).ok_or(Status::NotFound)?;
        let writer = task.writer.as_mut().ok_or(Status::BadArgument)?;
        if writer.unread_bytes() + bytes.len() > UNSENT_BYTES_MAX {
            return Err(Status::InternalFailure);
        }
        writer.data(Bytes::copy_from_slice(bytes));
        if end {
            writer.finish();
            task.writer = None;
        }
        Ok(())
    }

    pub fn reset(&mut self, id: CalloutId) {
        if let Some(task) = self.tasks.remove(&id) {
            task.abort.abort();
        }
    }

    /// It has come to its end.
    pub fn ended(&mut self, id: CalloutId) {
        self.tasks.remove(&id);
    }
}

impl Drop for Callouts {
    fn drop(&mut self) {
        self.tasks.values().for_each(|task| task.abort.abort());
    }
}

/// The headers of a callout.
pub fn headers(request: &HttpRequest<'_>) -> Result<Headers, Status> {
    let mut headers = Headers::default();
    for (name, value) in request.headers {
        let name = Name::parse(name).ok_or(Status::BadArgument)?;
        let value = HeaderValue::from_bytes(value).map_err(|_| Status::BadArgument)?;
        headers.append(name, value);
    }
    crate::forward::request_out(&mut headers);
    Ok(headers)
}

/// Who is told of a callout.
#[derive(Clone, Debug)]
pub struct Call {
    pub worker: Weak<Worker>,
    pub vm: u64,
    pub id: CalloutId,
}

impl Call {
    fn tell(&self, event: impl FnOnce(&mut Vm<Host>) -> Result<(), Failed>) {
        if let Some(worker) = self.worker.upgrade() {
            worker.vm_event(self.vm, event);
        }
    }

    /// Sends a request; its end is told once.
    pub fn request(
        self,
        pool: Rc<Pool>,
        headers: Headers,
        request: &HttpRequest<'_>,
    ) -> AbortHandle {
        let (mut writer, body) = pipe();
        writer.data(Bytes::copy_from_slice(request.body));
        match trailers(request.trailers) {
            Some(trailers) => writer.trailers(trailers),
            None => writer.finish(),
        }
        let timeout = request.timeout;
        let task = async move {
            // What fails before there is a response is told as the response that a client would get.
            let response = match within(timeout, whole_response(&pool, headers, body)).await {
                Some(Ok(response)) => response,
                Some(Err(error)) => Some(told(&error.reply())),
                None => Some(told(&too_late())),
            };
            let id = self.id;
            self.tell(|vm| {
                vm.host_mut().callouts.ended(id);
                vm.on_http_response(id, response)
            });
        };
        tokio::task::spawn_local(task).abort_handle()
    }

    /// Opens a stream; what comes is told as it comes.
    pub fn stream(
        self,
        pool: Rc<Pool>,
        headers: Headers,
        timeout: Duration,
    ) -> (PipeWriter, AbortHandle) {
        let (writer, body) = pipe();
        let task = async move {
            let told = within(timeout, self.receive(&pool, headers, body));
            let complete = told.await.flatten().is_some();
            let id = self.id;
            self.tell(|vm| {
                vm.host_mut().callouts.ended(id);
                match complete {
                    true => vm.on_http_stream_end(id),
                    false => vm.on_http_stream_reset(id),
                }
            });
        };
        (writer, tokio::task::spawn_local(task).abort_handle())
    }

    /// Tells what comes on a stream up to its end; `None` if it breaks off.
    async fn receive(&self, pool: &Rc<Pool>, headers: Headers, body: PipeBody) -> Option<()> {
        let answer = pool.send(headers, body, Need::Http2).await.ok()?;
        let (parts, mut body, _) = answer.split();
        let headers = pairs(&Headers::of_response(parts));
        let end = body.is_end_stream();
        self.tell(|vm| vm.on_http_stream_headers(self.id, headers, end));
        while let Some(frame) = frame(&mut body).await {
            match frame.ok()?.into_data() {
                Ok(bytes) => self.tell(|vm| vm.on_http_stream_data(self.id, &bytes, false)),
                Err(frame) => {
                    if let Ok(trailers) = frame.into_trailers() {
                        let trailers = pairs(&Headers::of_trailers(trailers));
                        self.tell(|vm| vm.on_http_stream_trailers(self.id, trailers));
                    }
                }
            }
        }
        Some(())
    }
}

/// A response to its end; nothing if it breaks off, or is too large.
async fn whole_response(
    pool: &Rc<Pool>,
    headers: Headers,
    body: PipeBody,
) -> Result<Option<HttpResponse>, UpstreamError> {
    let answer = pool.send(headers, body, Need::Any).await?;
    let (parts, mut body, lease) = answer.split();
    let mut response = HttpResponse {
        headers: pairs(&Headers::of_response(parts)),
        ..HttpResponse::default()
    };
    while let Some(frame) = frame(&mut body).await {
        let Ok(frame) = frame else { return Ok(None) };
        match frame.into_data() {
            Ok(bytes) if response.body.len() + bytes.len() > RESPONSE_BYTES_MAX => return Ok(None),
            Ok(bytes) => response.body.extend_from_slice(&bytes),
            Err(frame) => {
                if let Ok(trailers) = frame.into_trailers() {
                    response.trailers = pairs(&Headers::of_trailers(trailers));
                }
            }
        }
    }
    pool.keep(lease);
    Ok(Some(response))
}

/// The proxy's own answer as a response.
fn told(reply: &LocalReply) -> HttpResponse {
    let (headers, body) = reply.response(&Headers::default());
    HttpResponse {
        headers: pairs(&headers),
        body: body.to_vec(),
        trailers: Vec::new(),
    }
}

async fn frame(body: &mut Incoming) -> Option<Result<Frame<Bytes>, hyper::Error>> {
    std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await
}

/// What `work` gives, unless it takes too long; 0 is no limit.
async fn within<T>(timeout: Duration, work: impl Future<Output = T>) -> Option<T> {
    if timeout.is_zero() {
        return Some(work.await);
    }
    tokio::time::timeout(timeout, work).await.ok()
}

fn pairs(headers: &Headers) -> Vec<Header> {
    let pair =
        |(name, value): (&str, &HeaderValue)| (name.as_bytes().to_vec(), value.as_bytes().to_vec());
    headers.iter().map(pair).collect()
}

fn trailers(pairs: &[Header]) -> Option<http::HeaderMap> {
    let mut trailers = Headers::default();
    for (name, value) in pairs {
        if let (Some(name @ Name::Field(_)), Ok(value)) =
            (Name::parse(name), HeaderValue::from_bytes(value))
        {
            trailers.append(name, value);
        }
    }
    (trailers.len() > 0).then(|| trailers.into_trailers())
}
