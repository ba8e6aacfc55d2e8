//! The proxy as a filter's virtual machine sees it: [`ProxyHost`], over exchanges, pools and metrics.
//!
//! A guest waits in each of these methods, so none of them calls a virtual machine: what takes time is a task of its
//! own, and comes back through `worker.rs`.

use crate::callout::{self, Callouts};
use crate::exchange::{Exchange, Message, Phase, Way};
use crate::headers::{Headers, Name};
use crate::metrics::Metrics;
use crate::property;
use crate::upstream::Pool;
use crate::worker::Worker;
use ahead_proxy_wasm::abi::{LogLevel, MetricType, Status, StreamBuffer, StreamMap};
use ahead_proxy_wasm::{CalloutId, HostMetric, HttpRequest, LogMessage, PropertyPath, ProxyHost};
use bytes::BytesMut;
use http::HeaderValue;
use std::fmt::{self, Write as _};
use std::rc::{Rc, Weak};
use std::sync::Arc;

/// Target of filters' messages in the log.
pub const FILTER: &str = "filter";

/// Target of those that are more severe than the log has a level for.
pub const CRITICAL: &str = "filter.critical";

/// Values that filters of one exchange may set, together.
const STATE_BYTES_MAX: usize = 1 << 20;

/// The proxy, for one virtual machine.
#[derive(Debug)]
pub struct Host {
    /// Tells it apart among those of its worker.
    pub number: u64,
    pub callouts: Callouts,
    /// That it failed has been told.
    pub failure_told: bool,
    worker: Weak<Worker>,
    metrics: Arc<Metrics>,
}

/// One filter's side of an exchange.
#[derive(Clone, Debug)]
pub struct StreamHandle {
    pub exchange: Rc<Exchange>,
    /// The filter's place in the chain.
    pub filter: usize,
}

impl Host {
    pub fn new(number: u64, worker: &Weak<Worker>, metrics: &Arc<Metrics>) -> Host {
        Host {
            number,
            callouts: Callouts::default(),
            failure_told: false,
            worker: worker.clone(),
            metrics: metrics.clone(),
        }
    }

    fn pool(&self, upstream: &[u8]) -> Result<(Rc<Worker>, Rc<Pool>), Status> {
        let worker = self.worker.upgrade().ok_or(Status::InternalFailure)?;
        let pool = worker.pool_of(upstream).ok_or(Status::BadArgument)?;
        Ok((worker, pool))
    }
}

impl StreamHandle {
    fn message(&self, map: StreamMap) -> (&Message, bool) {
        match map {
            StreamMap::RequestHeaders => (&self.exchange.request, false),
            StreamMap::RequestTrailers => (&self.exchange.request, true),
            StreamMap::ResponseHeaders => (&self.exchange.response, false),
            StreamMap::ResponseTrailers => (&self.exchange.response, true),
        }
    }

    /// Lets `look` see a map; `BadArgument` if it is not there.
    fn look<T>(&self, map: StreamMap, look: impl FnOnce(&Headers) -> T) -> Result<T, Status> {
        let (message, trailers) = self.message(map);
        if trailers {
            let trailers = message.trailers.borrow();
            return trailers.as_ref().map(look).ok_or(Status::BadArgument);
        }
        match message.phase.get() {
            Phase::NotHere => Err(Status::BadArgument),
            _ => Ok(look(&message.headers.borrow())),
        }
    }

    /// Lets `change` change a map; `BadArgument` if it is not there, or is on its way already.
    fn change(&self, map: StreamMap, change: impl FnOnce(&mut Headers)) -> Result<(), Status> {
        let (message, trailers) = self.message(map);
        if trailers {
            if message.complete.get() {
                return Err(Status::BadArgument);
            }
            let mut trailers = message.trailers.borrow_mut();
            if trailers.is_none() && self.may_add_trailers(message) {
                *trailers = Some(Headers::default());
            }
            return trailers.as_mut().map(change).ok_or(Status::BadArgument);
        }
        match message.phase.get() {
            Phase::InFilters => {
                change(&mut message.headers.borrow_mut());
                Ok(())
            }
            _ => Err(Status::BadArgument),
        }
    }

    /// A filter that is shown the end of a body may let trailers follow.
    fn may_add_trailers(&self, message: &Message) -> bool {
        let at = self.place(message);
        message.piece.borrow().is_some() && message.steps.borrow()[at].ended
    }

    fn place(&self, message: &Message) -> usize {
        if std::ptr::eq(message, &self.exchange.request) {
            self.exchange.place_of(Way::Request, self.filter)
        } else {
            self.exchange.place_of(Way::Response, self.filter)
        }
    }

    /// Lets `with` use a body: the piece that the filter is asked about, or what it has had held back.
    fn body<T>(
        &self,
        buffer: StreamBuffer,
        with: impl FnOnce(&mut BytesMut) -> Result<T, Status>,
    ) -> Result<T, Status> {
        let message = match buffer {
            StreamBuffer::RequestBody => &self.exchange.request,
            StreamBuffer::ResponseBody => &self.exchange.response,
            StreamBuffer::DownstreamData | StreamBuffer::UpstreamData => {
                return Err(Status::NotFound);
            }
        };
        if let Some(piece) = &mut *message.piece.borrow_mut() {
            return with(piece);
        }
        let at = self.place(message);
        let mut steps = message.steps.borrow_mut();
        match steps.get_mut(at) {
            Some(step) if step.gathering => with(&mut step.held),
            _ => Err(Status::NotFound),
        }
    }
}

fn parsed(name: &[u8], value: &[u8]) -> Result<(Name, HeaderValue), Status> {
    let name = Name::parse(name).ok_or(Status::BadArgument)?;
    let value = HeaderValue::from_bytes(value).map_err(|_| Status::BadArgument)?;
    Ok((name, value))
}

impl ProxyHost for Host {
    type Stream = StreamHandle;

    fn log(&mut self, message: LogMessage<'_>) {
        let level = match message.level {
            LogLevel::Trace => log::Level::Trace,
            LogLevel::Debug => log::Level::Debug,
            LogLevel::Info => log::Level::Info,
            LogLevel::Warn => log::Level::Warn,
            LogLevel::Error | LogLevel::Critical => log::Level::Error,
        };
        let plugin = Shown(message.plugin.as_bytes());
        let ids = [message.root_id, message.vm_id].map(|id| match id {
            "" => String::new(),
            id => format!(" {}", Shown(id.as_bytes())),
        });
        let text = Shown(message.text);
        let target = match message.level {
            LogLevel::Critical => CRITICAL,
            _ => FILTER,
        };
        log::log!(target: target, level, "{plugin}{}{}: {text}", ids[0], ids[1]);
    }

    fn log_level(&self) -> LogLevel {
        match log::max_level() {
            log::LevelFilter::Trace => LogLevel::Trace,
            log::LevelFilter::Debug => LogLevel::Debug,
            log::LevelFilter::Info => LogLevel::Info,
            log::LevelFilter::Warn => LogLevel::Warn,
            log::LevelFilter::Error => LogLevel::Error,
            log::LevelFilter::Off => LogLevel::Critical,
        }
    }

    fn header(
        &mut self,
        stream: &mut StreamHandle,
        map: StreamMap,
        name: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<bool, Status> {
        stream.look(map, |headers| match headers.first(name) {
            Some(value) => {
                into.extend_from_slice(value.as_bytes());
                true
            }
            None => false,
        })
    }

    fn headers(
        &mut self,
        stream: &mut StreamHandle,
        map: StreamMap,
        each: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<(), Status> {
        // A map that is not there is empty.
        let _ = stream.look(map, |headers| {
            for (name, value) in headers.iter() {
                each(name.as_bytes(), value.as_bytes());
            }
        });
        Ok(())
    }

    fn add_header(
        &mut self,
        stream: &mut StreamHandle,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        let (name, value) = parsed(name, value)?;
        stream.change(map, |headers| match name {
            // There is one of each.
            Name::Pseudo(_) => headers.replace(name, value),
            Name::Field(_) => headers.append(name, value),
        })
    }

    fn replace_header(
        &mut self,
        stream: &mut StreamHandle,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        let (name, value) = parsed(name, value)?;
        stream.change(map, |headers| headers.replace(name, value))
    }

    fn remove_header(
        &mut self,
        stream: &mut StreamHandle,
        map: StreamMap,
        name: &[u8],
    ) -> Result<(), Status> {
        match Name::parse(name) {
            Some(name) => stream.change(map, |headers| headers.remove(&name)),
            // What cannot be a name is not there.
            None => stream.change(map, |_| ()),
        }
    }

    fn buffer_len(
        &mut self,
        stream: &mut StreamHandle,
        buffer: StreamBuffer,
    ) -> Result<usize, Status> {
        stream.body(buffer, |body| Ok(body.len()))
    }

    fn buffer(
        &mut self,
        stream: &mut StreamHandle,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        stream.body(buffer, |body| {
            let end = start.checked_add(length).ok_or(Status::BadArgument)?;
            into.extend_from_slice(body.get(start..end).ok_or(Status::BadArgument)?);
            Ok(())
        })
    }

    fn splice_buffer(
        &mut self,
        stream: &mut StreamHandle,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        bytes: &[u8],
    ) -> Result<(), Status> {
        stream.body(buffer, |body| {
            let end = start.checked_add(length).ok_or(Status::BadArgument)?;
            if end > body.len() {
                return Err(Status::BadArgument);
            }
            let rest = body.split_off(end);
            body.truncate(start);
            body.reserve(bytes.len() + rest.len());
            body.extend_from_slice(bytes);
            body.extend_from_slice(&rest);
            Ok(())
        })
    }

    fn property(
        &mut self,
        stream: Option<&mut StreamHandle>,
        path: &PropertyPath<'_>,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        let stream = stream.ok_or(Status::NotFound)?;
        property::read(&stream.exchange, path, into)
    }

    fn set_property(
        &mut self,
        stream: Option<&mut StreamHandle>,
        path: &PropertyPath<'_>,
        value: &[u8],
    ) -> Result<(), Status> {
        let stream = stream.ok_or(Status::NotFound)?;
        let name = path.join(&0);
        let mut state = stream.exchange.filter_state.borrow_mut();
        let sizes = state.iter().filter(|(known, _)| **known != name);
        let others: usize = sizes.map(|(name, value)| name.len() + value.len()).sum();
        if others + name.len() + value.len() > STATE_BYTES_MAX {
            return Err(Status::InternalFailure);
        }
        state.insert(name, value.to_vec());
        Ok(())
    }

    /// There is nothing to forget: the route follows from what the filters leave.
    fn clear_route_cache(&mut self, _: &mut StreamHandle) -> Result<(), Status> {
        Ok(())
    }

    fn http_call(
        &mut self,
        _: Option<&mut StreamHandle>,
        request: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status> {
        let (worker, pool) = self.pool(request.upstream)?;
        let headers = callout::headers(request)?;
        let id = self.callouts.next_id();
        let call = callout::Call {
            worker: Rc::downgrade(&worker),
            vm: self.number,
            id,
        };
        self.callouts
            .add_request(id, call.request(pool, headers, request));
        Ok(id)
    }

    fn open_http_stream(
        &mut self,
        _: Option<&mut StreamHandle>,
        request: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status> {
        let (worker, pool) = self.pool(request.upstream)?;
        let headers = callout::headers(request)?;
        let id = self.callouts.next_id();
        let call = callout::Call {
            worker: Rc::downgrade(&worker),
            vm: self.number,
            id,
        };
        let (writer, task) = call.stream(pool, headers, request.timeout);
        self.callouts.add_stream(id, writer, task);
        Ok(id)
    }

    fn send_on_http_stream(
        &mut self,
        id: CalloutId,
        bytes: &[u8],
        end: bool,
    ) -> Result<(), Status> {
        self.callouts.send(id, bytes, end)
    }

    fn reset_callout(&mut self, id: CalloutId) {
        self.callouts.reset(id);
    }

    fn define_metric(&mut self, kind: MetricType, name: &[u8]) -> Result<HostMetric, Status> {
        Ok(HostMetric(self.metrics.define(kind, name)))
    }

    fn increment_metric(
        &mut self,
        _: Option<&mut StreamHandle>,
        metric: HostMetric,
        delta: i64,
    ) -> Result<(), Status> {
        let there = self.metrics.add(metric.0, delta);
        there.then_some(()).ok_or(Status::NotFound)
    }

    fn record_metric(
        &mut self,
        _: Option<&mut StreamHandle>,
        metric: HostMetric,
        value: u64,
    ) -> Result<(), Status> {
        let there = self.metrics.record(metric.0, value);
        there.then_some(()).ok_or(Status::NotFound)
    }

    fn ticks_changed(&mut self) {
        if let Some(worker) = self.worker.upgrade() {
            worker.attend();
        }
    }
}

/// A filter's text as one line that does nothing to a terminal.
struct Shown<'a>(&'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in String::from_utf8_lossy(self.0).chars() {
            match c {
                ' '..='~' => f.write_char(c)?,
                c if c.is_alphanumeric() => f.write_char(c)?,
                c => write!(f, "{}", c.escape_default())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filters_text_stays_on_its_line() {
        let shown = |text: &str| Shown(text.as_bytes()).to_string();
        assert_eq!(shown("größe {\"a\": 1}"), "größe {\"a\": 1}");
        assert_eq!(shown("a\nb\x1b[1m\t"), "a\\nb\\u{1b}[1m\\t");
    }
}
