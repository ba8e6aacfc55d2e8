//! What takes an exchange onward: bytes from both sides, timers, wishes of filters.
//!
//! One task for each request. It reads from a side only while the other one and the filters take what comes, so a slow
//! reader slows the writer down and nothing piles up.

use crate::exchange::{Command, Exchange, Message, Phase, Way};
use crate::forward;
use crate::headers::{Headers, Pseudo};
use crate::local_reply::LocalReply;
use crate::pipe::PipeWriter;
use crate::stream_info::Flags;
use crate::upstream::{Answer, Lease, Need, Pool, UpstreamError, told, too_late};
use bytes::Bytes;
use http::StatusCode;
use http_body::{Body, Frame};
use hyper::body::Incoming;
use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Instant;
use tokio::time::Sleep;

type Call = Pin<Box<dyn Future<Output = Result<Answer, UpstreamError>>>>;
type Piece = Option<Result<Frame<Bytes>, hyper::Error>>;

/// Brings an exchange to its end. Its request's headers are in place.
pub async fn drive(exchange: Rc<Exchange>, body: Incoming) {
    let metrics = exchange.worker.metrics().clone();
    metrics.requests.add(1);
    metrics.requests_active.add(1);
    let end = body.is_end_stream();
    let now = Instant::now();
    let mut driver = Driver {
        request_body: Some(body).filter(|_| !end),
        call: None,
        pool: None,
        response_body: None,
        lease: None,
        timer: Box::pin(tokio::time::sleep_until(
            (now + exchange.worker.config().timeouts.idle).into(),
        )),
        progress: now,
        deadline: None,
        exchange,
    };
    driver.exchange.message_in(Way::Request, end);
    driver.run().await;
    driver.finish();
    metrics.requests_active.sub(1);
}

enum Event {
    Woken,
    Request(Piece),
    Answer(Result<Answer, UpstreamError>),
    Response(Piece),
    DownstreamGone,
    Timer,
}

struct Driver {
    exchange: Rc<Exchange>,
    request_body: Option<Incoming>,
    /// The request on its way to the upstream.
    call: Option<Call>,
    pool: Option<Rc<Pool>>,
    response_body: Option<Incoming>,
    lease: Option<Lease>,
    timer: Pin<Box<Sleep>>,
    /// When something last came from a side.
    progress: Instant,
    /// When the upstream must have answered.
    deadline: Option<Instant>,
}

impl Driver {
    async fn run(&mut self) {
        loop {
            self.exchange.do_commands();
            if self.is_finished() {
                return;
            }
            if self.exchange.answered_here.get() {
                self.call = None;
                self.response_body = None;
            }
            self.send();
            self.set_deadline();
            let event = std::future::poll_fn(|cx| self.poll(cx)).await;
            if !matches!(event, Event::Woken | Event::Timer) {
                self.progress = Instant::now();
            }
            match event {
                Event::Woken => {}
                Event::Request(piece) => self.request_piece(piece),
                Event::Answer(answer) => self.answered(answer),
                Event::Response(piece) => self.response_piece(piece),
                Event::DownstreamGone => self.exchange.downstream_gone(),
                Event::Timer => self.timed_out(),
            }
        }
    }

    fn is_finished(&self) -> bool {
        let exchange = &self.exchange;
        let drained = |writer: &PipeWriter| writer.is_drained() && !writer.is_broken();
        exchange.reset.get()
            || exchange.response.complete.get()
                && exchange.to_downstream.borrow().as_ref().is_none_or(drained)
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Event> {
        let exchange = &self.exchange;
        *exchange.waker.borrow_mut() = Some(cx.waker().clone());
        if !exchange.commands.borrow().is_empty() {
            return Poll::Ready(Event::Woken);
        }
        if let Some(answer) = &mut *exchange.answer.borrow_mut()
            && answer.poll_closed(cx).is_ready()
        {
            return Poll::Ready(Event::DownstreamGone);
        }
        if let Some(downstream) = &*exchange.to_downstream.borrow() {
            downstream.watch(cx);
            if downstream.is_broken() {
                return Poll::Ready(Event::DownstreamGone);
            }
            if exchange.response.complete.get() && downstream.is_drained() {
                return Poll::Ready(Event::Woken);
            }
        }
        if let Some(upstream) = &*exchange.to_upstream.borrow() {
            upstream.watch(cx);
        }
        if self.takes(Way::Request)
            && let Some(body) = &mut self.request_body
            && let Poll::Ready(piece) = Pin::new(body).poll_frame(cx)
        {
            return Poll::Ready(Event::Request(piece));
        }
        if let Some(call) = &mut self.call
            && let Poll::Ready(answer) = call.as_mut().poll(cx)
        {
            self.call = None;
            return Poll::Ready(Event::Answer(answer));
        }
        if self.takes(Way::Response)
            && let Some(body) = &mut self.response_body
            && let Poll::Ready(piece) = Pin::new(body).poll_frame(cx)
        {
            return Poll::Ready(Event::Response(piece));
        }
        self.timer.as_mut().poll(cx).map(|()| Event::Timer)
    }

    /// Whether more of a message can be read.
    fn takes(&self, way: Way) -> bool {
        let full = |writer: &PipeWriter| writer.is_full();
        !self.exchange.message(way).abandoned.get()
            && !self
                .exchange
                .writer(way)
                .borrow()
                .as_ref()
                .is_some_and(full)
            && !self.exchange.is_over_watermark(way)
    }

    /// Sends the request on if the filters have let it pass.
    fn send(&mut self) {
        let Some(body) = self.exchange.to_send.borrow_mut().take() else {
            return;
        };
        let mut headers = self.exchange.request.headers.borrow().clone();
        forward::request_out(&mut headers);
        let route = self.exchange.worker.route(headers.text(Pseudo::Path));
        let pool = self.exchange.worker.pool(route);
        let need = if forward::is_grpc(&headers) {
            Need::Http2
        } else {
            Need::Any
        };
        {
            let mut info = self.exchange.info.borrow_mut();
            info.route = Some(route);
            info.attempts = 1;
            info.upstream_start = Some(Instant::now());
        }
        self.pool = Some(pool.clone());
        self.call = Some(Box::pin(
            async move { pool.send(headers, body, need).await },
        ));
    }

    fn request_piece(&mut self, piece: Piece) {
        let exchange = &self.exchange;
        let ended = self.request_body.as_ref().is_none_or(Body::is_end_stream);
        let end = pass(exchange, Way::Request, &exchange.request, piece, ended);
        match end {
            Ok(false) => {}
            Ok(true) => self.request_body = None,
            Err(error) => {
                self.request_body = None;
                if is_malformed(&error) {
                    // Nobody can tell where the next request would begin.
                    exchange.connection.closing.set(true);
                    exchange.command(Command::Respond(LocalReply::new(
                        StatusCode::BAD_REQUEST,
                        "Bad Request",
                        "http1.codec_error",
                    )));
                } else {
                    // What a client breaks off cannot be answered.
                    exchange.downstream_gone();
                }
            }
        }
    }

    fn response_piece(&mut self, piece: Piece) {
        let exchange = self.exchange.clone();
        let ended = self.response_body.as_ref().is_none_or(Body::is_end_stream);
        match pass(&exchange, Way::Response, &exchange.response, piece, ended) {
            Ok(false) => {}
            Ok(true) => self.response_ended(),
            Err(error) => {
                self.response_body = None;
                if let Some(pool) = &self.pool {
                    pool.metrics().requests_reset.add(1);
                }
                self.fail(&UpstreamError::Reset(told(&error)));
            }
        }
    }

    fn response_ended(&mut self) {
        self.response_body = None;
        let mut info = self.exchange.info.borrow_mut();
        info.upstream_end = info.upstream_start.map(|start| start.elapsed());
        if let (Some(pool), Some(lease)) = (&self.pool, self.lease.take()) {
            pool.keep(lease);
        }
    }

    fn answered(&mut self, answer: Result<Answer, UpstreamError>) {
        let answer = match answer {
            Ok(answer) => answer,
            Err(error) => return self.fail(&error),
        };
        let exchange = self.exchange.clone();
        {
            let mut info = exchange.info.borrow_mut();
            info.peer = Some(answer.peer.clone());
            info.upstream_connected = Some(answer.connected);
            info.upstream_headers = info.upstream_start.map(|start| start.elapsed());
            info.details = Cow::Borrowed("via_upstream");
        }
        let (parts, body, lease) = answer.split();
        self.lease = Some(lease);
        let mut headers = Headers::of_response(parts);
        forward::response_in(&mut headers);
        *exchange.response.headers.borrow_mut() = headers;
        let end = body.is_end_stream();
        if end {
            self.response_ended();
        } else {
            self.response_body = Some(body);
        }
        exchange.message_in(Way::Response, end);
    }

    /// The upstream will not answer, or not to the end.
    fn fail(&mut self, error: &UpstreamError) {
        let exchange = &self.exchange;
        exchange.info.borrow_mut().flags.add(error.flags());
        let reply = error.reply();
        exchange.command(Command::Respond(reply));
    }

    fn set_deadline(&mut self) {
        let exchange = &self.exchange;
        if self.deadline.is_none()
            && exchange.request.complete.get()
            && let Some(timeout) = exchange.worker.config().timeouts.request
        {
            let deadline = Instant::now() + timeout;
            self.deadline = Some(deadline);
            if self.timer.deadline() > deadline.into() {
                self.timer.as_mut().reset(deadline.into());
            }
        }
    }

    fn timed_out(&mut self) {
        let now = Instant::now();
        let idle = self.progress + self.exchange.worker.config().timeouts.idle;
        let exchange = &self.exchange;
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            exchange
                .info
                .borrow_mut()
                .flags
                .add(Flags::UPSTREAM_TIMEOUT);
            if let Some(pool) = &self.pool {
                pool.metrics().requests_timed_out.add(1);
            }
            exchange.command(Command::Respond(too_late()));
            self.deadline = Some(now + exchange.worker.config().timeouts.idle);
        } else if idle <= now {
            exchange.info.borrow_mut().flags.add(Flags::IDLE);
            let status = match exchange.request.complete.get() {
                true => StatusCode::GATEWAY_TIMEOUT,
                false => StatusCode::REQUEST_TIMEOUT,
            };
            exchange.command(Command::Respond(LocalReply::new(
                status,
                "stream timeout",
                "stream_idle_timeout",
            )));
            self.progress = now;
        }
        let idle = self.progress + self.exchange.worker.config().timeouts.idle;
        let next = self.deadline.map_or(idle, |deadline| deadline.min(idle));
        self.timer.as_mut().reset(next.into());
    }

    /// Logs the exchange and takes leave of the filters: log, done, delete, in Envoy's order.
    fn finish(&mut self) {
        self.call = None;
        let exchange = &self.exchange;
        {
            let mut info = exchange.info.borrow_mut();
            info.end = Some(info.start.elapsed());
        }
        for filter in &exchange.filters {
            filter.on_log(exchange);
        }
        exchange.worker.access_log().write(
            &exchange.info.borrow(),
            &exchange.request.headers.borrow(),
            &exchange.response.headers.borrow(),
        );
        for filter in &exchange.filters {
            filter.close(exchange);
        }
        if exchange.reset.get() {
            exchange.abandon(Cow::Borrowed(""));
        }
    }
}

/// Whether a body is not what its framing promised, rather than broken off.
fn is_malformed(error: &hyper::Error) -> bool {
    let cause = std::error::Error::source(error);
    let cause = cause.and_then(|cause| cause.downcast_ref::<io::Error>());
    cause.is_some_and(|cause| {
        matches!(
            cause.kind(),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData
        )
    })
}

/// Gives a piece of a message to the filters; says whether it was the last one. `ended`: nothing follows it.
fn pass(
    exchange: &Rc<Exchange>,
    way: Way,
    message: &Message,
    piece: Piece,
    ended: bool,
) -> Result<bool, hyper::Error> {
    let frame = match piece {
        None => {
            if message.phase.get() != Phase::NotHere {
                exchange.data_in(way, Bytes::new(), true);
            }
            return Ok(true);
        }
        Some(frame) => frame?,
    };
    match frame.into_data() {
        Ok(bytes) => {
            if way == Way::Request {
                exchange.info.borrow_mut().received_bytes += bytes.len() as u64;
            }
            exchange.data_in(way, bytes, ended);
            Ok(ended)
        }
        Err(frame) => match frame.into_trailers() {
            Ok(trailers) => {
                *message.trailers.borrow_mut() = Some(Headers::of_trailers(trailers));
                exchange.trailers_in(way);
                Ok(true)
            }
            Err(_) => Ok(false),
        },
    }
}
