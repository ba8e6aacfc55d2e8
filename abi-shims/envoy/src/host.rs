//! Envoy, as one VM sees it: what [`ProxyHost`] asks for, by means of the handles in `sys`.

use crate::callout::{Callout, Kind, Way};
use crate::connection::TcpStream;
use crate::hub::{Recipient, Request};
use crate::mailbox::{self, Mailbox, VmNumber};
use crate::plugin::{EnvoyPlugin, MetricPlace};
use crate::stream::HttpStream;
use crate::{foreign, log, properties, sys, worker};
use ahead_proxy_wasm::abi::{LogLevel, MetricType, Status, StreamBuffer, StreamMap};
use ahead_proxy_wasm::{
    CalloutId, Error, HostMetric, HttpRequest, LogMessage, PluginConfig, PropertyPath, ProxyHost,
    VmSource,
};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, Weak};

/// A stream or a connection.
pub enum EnvoyStream {
    Http(Rc<HttpStream>),
    Tcp(Rc<TcpStream>),
}

impl EnvoyStream {
    fn http(&self) -> Result<&Rc<HttpStream>, Status> {
        match self {
            EnvoyStream::Http(stream) if stream.is_alive() => Ok(stream),
            _ => Err(Status::BadArgument),
        }
    }

    pub fn plugin(&self) -> &Arc<EnvoyPlugin> {
        match self {
            EnvoyStream::Http(stream) => stream.plugin(),
            EnvoyStream::Tcp(stream) => stream.plugin(),
        }
    }
}

/// One VM's Envoy.
pub struct EnvoyHost {
    pub number: VmNumber,
    mailbox: Arc<Mailbox>,
    /// The configurations that have plugins in this VM.
    homes: Vec<Weak<EnvoyPlugin>>,
    pub callouts: HashMap<CalloutId, Callout>,
    next_callout: u64,
    metrics: Vec<Metric>,
    /// The next tick may be due at another time than before.
    pub ticks_changed: bool,
    /// Whether it was told that the VM failed.
    pub failure_told: bool,
    scratch: Vec<sys::EnvoyHeader>,
}

/// A metric that the VM knows.
struct Metric {
    kind: MetricType,
    name: Vec<u8>,
    /// Where Envoy has it, if it was looked for.
    place: Option<(Weak<EnvoyPlugin>, MetricPlace)>,
}

impl EnvoyHost {
    fn new() -> Self {
        EnvoyHost {
            number: VmNumber::new(),
            mailbox: Mailbox::own(),
            homes: worker::starting().iter().map(Arc::downgrade).collect(),
            callouts: HashMap::new(),
            next_callout: 1,
            metrics: Vec::new(),
            ticks_changed: false,
            failure_told: false,
            scratch: Vec::new(),
        }
    }

    /// Notes a configuration that has a plugin in this VM, and gives it the metrics that the VM has.
    pub fn add_home(&mut self, plugin: &Arc<EnvoyPlugin>) {
        let is_known = |home: &Weak<EnvoyPlugin>| std::ptr::eq(home.as_ptr(), Arc::as_ptr(plugin));
        if self.homes.iter().any(is_known) {
            return;
        }
        self.homes
            .retain(|home| home.upgrade().is_some_and(|home| !home.is_gone()));
        self.homes.push(Arc::downgrade(plugin));
        for metric in &mut self.metrics {
            if let Some(place) = plugin.metric(metric.kind, &metric.name)
                && metric
                    .place
                    .as_ref()
                    .is_none_or(|(home, _)| home.upgrade().is_none_or(|home| home.is_gone()))
            {
                metric.place = Some((Arc::downgrade(plugin), place));
            }
        }
    }

    fn alive_homes(&self) -> impl Iterator<Item = Arc<EnvoyPlugin>> + '_ {
        let homes = self.homes.iter().filter_map(Weak::upgrade);
        homes.filter(|home| !home.is_gone())
    }

    /// The plugins in this VM, as messages call them.
    pub fn names(&self) -> Vec<String> {
        self.alive_homes().map(|home| home.named()).collect()
    }

    /// Where a metric goes; Envoy's own metric rather than a tag.
    fn place(&self, kind: MetricType, name: &[u8]) -> Option<(Weak<EnvoyPlugin>, MetricPlace)> {
        let mut late = None;
        for home in self.alive_homes() {
            match home.metric(kind, name) {
                Some(place @ MetricPlace::Own(_)) => return Some((Arc::downgrade(&home), place)),
                Some(place) => late = late.or(Some((Arc::downgrade(&home), place))),
                None => {}
            }
        }
        late
    }

    /// Does something with a metric where it is, and looks for another place once if that is gone.
    fn with_metric(
        &mut self,
        metric: HostMetric,
        mut f: impl FnMut(&EnvoyPlugin, MetricPlace, MetricType, &[u8]) -> bool,
    ) -> Result<(), Status> {
        let index = usize::try_from(metric.0).map_err(|_| Status::NotFound)?;
        for _ in 0..2 {
            let metric = self.metrics.get(index).ok_or(Status::NotFound)?;
            if let Some((home, place)) = &metric.place
                && let Some(home) = home.upgrade()
                && f(&home, *place, metric.kind, &metric.name)
            {
                return Ok(());
            }
            let place = self.place(metric.kind, &metric.name);
            self.metrics[index].place = place;
        }
        // Nobody is left who could see it.
        Ok(())
    }

    fn next_callout(&mut self) -> CalloutId {
        let id = CalloutId(self.next_callout);
        self.next_callout += 1;
        id
    }

    /// Sends a request: for the stream if there is one, for the configuration if not.
    fn send(
        &mut self,
        stream: Option<&mut EnvoyStream>,
        request: &HttpRequest<'_>,
        kind: Kind,
    ) -> Result<CalloutId, Status> {
        let id = self.next_callout();
        let whole = matches!(kind, Kind::Http { .. });
        let way = match stream.as_deref() {
            // Without the helper cluster an answer might never come to a worker without streams.
            Some(EnvoyStream::Http(stream))
                if stream.may_call() && !(mailbox::has_helper() && stream.plugin().has_hub()) =>
            {
                let number = stream.start_callout(id, request, whole)?;
                Way::Stream(Rc::clone(stream), number)
            }
            Some(EnvoyStream::Tcp(stream)) if whole && stream.may_call() => {
                stream.start_callout(id, request)?;
                Way::Connection
            }
            _ => {
                let own = stream.map(|stream| Arc::clone(stream.plugin()));
                let own = own.filter(|plugin| plugin.has_hub());
                let any = || self.alive_homes().find(|home| home.has_hub());
                let plugin = own.or_else(any).ok_or(Status::InternalFailure)?;
                let recipient = Recipient {
                    mailbox: Arc::clone(&self.mailbox),
                    vm: self.number,
                    callout: id,
                };
                let number = plugin.send(Request::of(request, whole), recipient)?;
                Way::Hub(plugin, number)
            }
        };
        self.callouts.insert(id, Callout { kind, way });
        Ok(id)
    }

    /// Whether something may come for the VM from outside its streams.
    pub fn expects_mail(&self) -> bool {
        self.callouts
            .values()
            .any(|callout| matches!(callout.way, Way::Hub(..)))
    }
}

impl ProxyHost for EnvoyHost {
    type Stream = EnvoyStream;

    fn log(&mut self, message: LogMessage<'_>) {
        log::filter(&message);
    }

    fn log_level(&self) -> LogLevel {
        sys::log_level()
    }

    fn header(
        &mut self,
        stream: &mut EnvoyStream,
        map: StreamMap,
        name: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<bool, Status> {
        let stream = stream.http()?;
        if !stream.maps.can_read(map) {
            return Err(Status::BadArgument);
        }
        if map == StreamMap::ResponseHeaders
            && let Some(found) = stream.with_local(|reply| {
                let value = reply.header(name);
                into.extend_from_slice(value.unwrap_or_default());
                value.is_some()
            })
        {
            return Ok(found);
        }
        Ok(stream.filter().header(map, name, |value| {
            into.extend_from_slice(visible(value));
        }))
    }

    fn headers(
        &mut self,
        stream: &mut EnvoyStream,
        map: StreamMap,
        each: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<(), Status> {
        let EnvoyStream::Http(stream) = stream else {
            return Err(Status::BadArgument);
        };
        if !stream.is_alive() || !stream.maps.can_read(map) {
            return Ok(());
        }
        if map == StreamMap::ResponseHeaders
            && stream
                .with_local(|reply| {
                    for (name, value) in &reply.headers {
                        each(name, value);
                    }
                })
                .is_some()
        {
            return Ok(());
        }
        let filter = stream.filter();
        filter.headers(map, &mut self.scratch, &mut |name, value| {
            each(name, visible(value))
        });
        Ok(())
    }

    fn add_header(
        &mut self,
        stream: &mut EnvoyStream,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        let stream = writable(stream, map)?;
        if map == StreamMap::ResponseHeaders
            && stream.with_local(|reply| reply.add(name, value)).is_some()
        {
            return Ok(());
        }
        changed(
            stream,
            map,
            stream.filter().add_header(map, name, written(value)),
        )
    }

    fn replace_header(
        &mut self,
        stream: &mut EnvoyStream,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        let stream = writable(stream, map)?;
        if map == StreamMap::ResponseHeaders
            && stream.with_local(|reply| reply.set(name, value)).is_some()
        {
            return Ok(());
        }
        changed(
            stream,
            map,
            stream.filter().set_header(map, name, written(value)),
        )
    }

    fn remove_header(
        &mut self,
        stream: &mut EnvoyStream,
        map: StreamMap,
        name: &[u8],
    ) -> Result<(), Status> {
        let stream = writable(stream, map)?;
        if map == StreamMap::ResponseHeaders
            && stream.with_local(|reply| reply.remove(name)).is_some()
        {
            return Ok(());
        }
        changed(stream, map, stream.filter().remove_header(map, name))
    }

    fn buffer_len(
        &mut self,
        stream: &mut EnvoyStream,
        buffer: StreamBuffer,
    ) -> Result<usize, Status> {
        match stream {
            EnvoyStream::Http(stream) => stream.body_len(buffer),
            EnvoyStream::Tcp(stream) => stream.data_len(buffer),
        }
    }

    fn buffer(
        &mut self,
        stream: &mut EnvoyStream,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        match stream {
            EnvoyStream::Http(stream) => stream.body(buffer, start, length, into),
            EnvoyStream::Tcp(stream) => stream.data(buffer, start, length, into),
        }
    }

    fn splice_buffer(
        &mut self,
        stream: &mut EnvoyStream,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        bytes: &[u8],
    ) -> Result<(), Status> {
        match stream {
            EnvoyStream::Http(stream) => stream.splice_body(buffer, start, length, bytes),
            EnvoyStream::Tcp(stream) => stream.splice_data(buffer, start, length, bytes),
        }
    }

    fn property(
        &mut self,
        stream: Option<&mut EnvoyStream>,
        path: &PropertyPath<'_>,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        match stream {
            Some(EnvoyStream::Http(stream)) if stream.is_alive() => {
                stream.settle_route();
                let config = &stream.plugin().config;
                properties::of_stream(stream, config, path, &mut self.scratch, into)
            }
            Some(EnvoyStream::Tcp(stream)) if stream.is_alive() => {
                properties::of_connection(stream.connection(), &stream.plugin().config, path, into)
            }
            Some(stream) => properties::of_process(&stream.plugin().config, path, into),
            None => match self.alive_homes().next() {
                Some(home) => properties::of_process(&home.config, path, into),
                None => Err(Status::NotFound),
            },
        }
    }

    fn set_property(
        &mut self,
        stream: Option<&mut EnvoyStream>,
        path: &PropertyPath<'_>,
        value: &[u8],
    ) -> Result<(), Status> {
        let key = properties::filter_state_key(path);
        let set = match stream {
            Some(EnvoyStream::Http(stream)) if stream.is_alive() => {
                stream.filter().set_filter_state(&key, value)
            }
            Some(EnvoyStream::Tcp(stream)) if stream.is_alive() => {
                stream.connection().set_filter_state(&key, value)
            }
            _ => return Err(Status::NotFound),
        };
        set.then_some(()).ok_or(Status::BadArgument)
    }

    fn clear_route_cache(&mut self, stream: &mut EnvoyStream) -> Result<(), Status> {
        stream.http()?.forget_route();
        Ok(())
    }

    fn http_call(
        &mut self,
        stream: Option<&mut EnvoyStream>,
        request: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status> {
        let bytes_max = match (&stream, self.alive_homes().next()) {
            (Some(stream), _) => stream.plugin().plugin.limits.body_bytes_max,
            (None, Some(home)) => home.plugin.limits.body_bytes_max,
            (None, None) => return Err(Status::InternalFailure),
        };
        let kind = Kind::Http {
            response: Default::default(),
            bytes_max,
        };
        self.send(stream, request, kind)
    }

    fn open_http_stream(
        &mut self,
        stream: Option<&mut EnvoyStream>,
        request: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status> {
        self.send(stream, request, Kind::Stream)
    }

    fn send_on_http_stream(
        &mut self,
        id: CalloutId,
        bytes: &[u8],
        end: bool,
    ) -> Result<(), Status> {
        let callout = self.callouts.get(&id).ok_or(Status::NotFound)?;
        let sent = callout.send(bytes, end);
        sent.then_some(()).ok_or(Status::InternalFailure)
    }

    fn reset_callout(&mut self, id: CalloutId) {
        if let Some(callout) = self.callouts.remove(&id) {
            callout.reset();
        }
    }

    fn define_metric(&mut self, kind: MetricType, name: &[u8]) -> Result<HostMetric, Status> {
        let place = self.place(kind, name);
        self.metrics.push(Metric {
            kind,
            name: name.to_vec(),
            place,
        });
        Ok(HostMetric(self.metrics.len() as u64 - 1))
    }

    fn increment_metric(
        &mut self,
        _: Option<&mut EnvoyStream>,
        metric: HostMetric,
        delta: i64,
    ) -> Result<(), Status> {
        self.with_metric(metric, |home, place, kind, name| {
            home.add_to_metric(kind, place, name, delta)
        })
    }

    fn record_metric(
        &mut self,
        _: Option<&mut EnvoyStream>,
        metric: HostMetric,
        value: u64,
    ) -> Result<(), Status> {
        self.with_metric(metric, |home, place, kind, name| {
            home.record_metric(kind, place, name, value)
        })
    }

    fn ticks_changed(&mut self) {
        self.ticks_changed = true;
    }

    fn foreign_function(
        &mut self,
        stream: Option<&mut EnvoyStream>,
        name: &[u8],
        argument: &[u8],
        _: &mut Vec<u8>,
    ) -> Result<(), Status> {
        foreign::call(stream.as_deref(), name, argument)
    }
}

/// The stream, if a map of it can be changed now.
fn writable(stream: &EnvoyStream, map: StreamMap) -> Result<&HttpStream, Status> {
    let stream = stream.http()?;
    match stream.maps.can_write(map) {
        true => Ok(stream),
        false => Err(Status::BadArgument),
    }
}

/// What changing a header comes to. A changed request may take another route.
fn changed(stream: &HttpStream, map: StreamMap, changed: bool) -> Result<(), Status> {
    if !changed {
        return Err(Status::BadArgument);
    }
    if map == StreamMap::RequestHeaders {
        stream.forget_route();
    }
    Ok(())
}

/// Envoy adds no header with an empty value for a module, and removes the header instead of setting it. White space
/// around a value is no part of it for whoever receives it (RFC 9110, section 5.5), so one space it is.
const EMPTY: &[u8] = b" ";

fn written(value: &[u8]) -> &[u8] {
    if value.is_empty() { EMPTY } else { value }
}

/// The value as filters are to see it.
fn visible(value: &[u8]) -> &[u8] {
    if value == EMPTY { b"" } else { value }
}

/// Makes the Envoy of each VM.
pub struct Source;

impl VmSource<EnvoyHost> for Source {
    fn host(&self, _: &PluginConfig) -> EnvoyHost {
        EnvoyHost::new()
    }

    fn wake(&self, _: &PluginConfig) -> Box<dyn Fn() + Send + Sync> {
        let mailbox = Mailbox::own();
        Box::new(move || mailbox.wake())
    }

    fn report(&self, config: &PluginConfig, error: &Error) {
        log::error(&format!("filter `{}`: {error}", config.name.escape_debug()));
    }
}
