//! A proxy in memory: what a test puts in, a filter finds; what a filter does, a test finds.

use ahead_proxy_wasm::abi::{LogLevel, MetricType, Status, StreamBuffer, StreamMap};
use ahead_proxy_wasm::{
    CalloutId, Filter, Header, HostMetric, HttpRequest, LogMessage, PluginConfig, PropertyPath,
    ProxyHost, Shared, Vm,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// A VM's proxy.
#[derive(Debug)]
pub struct MemoryHost {
    /// `level text`, in order.
    pub log: Vec<String>,
    /// `plugin root_id vm_id` of each message.
    pub log_names: Vec<String>,
    pub level: LogLevel,
    pub now: SystemTime,
    /// By segments joined with dots.
    pub properties: BTreeMap<String, Vec<u8>>,
    /// An upstream that there is not.
    pub unknown_upstream: &'static str,
    /// What was sent, as text, in order.
    pub sent: Vec<String>,
    pub callouts: u64,
    pub metrics: Vec<(MetricType, String, i64)>,
    pub route_cache_cleared: u32,
    pub ticks_changed: u32,
}

impl Default for MemoryHost {
    fn default() -> Self {
        MemoryHost {
            log: Vec::new(),
            log_names: Vec::new(),
            level: LogLevel::Trace,
            now: SystemTime::UNIX_EPOCH + Duration::from_nanos(1_234_567_890_123_456_789),
            properties: BTreeMap::new(),
            unknown_upstream: "unknown",
            sent: Vec::new(),
            callouts: 0,
            metrics: Vec::new(),
            route_cache_cleared: 0,
            ticks_changed: 0,
        }
    }
}

/// A stream's maps and buffers, by number; `None` if they are not there in this phase.
#[derive(Clone, Debug, Default)]
pub struct MemoryStream {
    pub maps: [Option<Vec<Header>>; 4],
    pub buffers: [Option<Vec<u8>>; 4],
}

pub fn headers(list: &[(&str, &str)]) -> Vec<Header> {
    let owned = |(name, value): &(&str, &str)| (name.as_bytes().into(), value.as_bytes().into());
    list.iter().map(owned).collect()
}

impl MemoryStream {
    /// A request with these headers.
    pub fn request(list: &[(&str, &str)]) -> Self {
        let mut stream = MemoryStream::default();
        stream.maps[0] = Some(headers(list));
        stream
    }

    fn map(&mut self, map: StreamMap) -> Result<&mut Vec<Header>, Status> {
        let map = &mut self.maps[map.number() as usize];
        map.as_mut().ok_or(Status::BadArgument)
    }

    fn bytes(&mut self, buffer: StreamBuffer) -> Result<&mut Vec<u8>, Status> {
        let buffer = &mut self.buffers[buffer.number() as usize];
        buffer.as_mut().ok_or(Status::NotFound)
    }

    /// A map as `name=value` lines.
    pub fn shown(&self, map: usize) -> Vec<String> {
        let list = self.maps[map].as_deref().unwrap_or_default();
        list.iter().map(show).collect()
    }
}

fn show((name, value): &Header) -> String {
    format!("{}={}", name.escape_ascii(), value.escape_ascii())
}

fn show_request(kind: &str, request: &HttpRequest<'_>) -> String {
    let list = |headers: &[Header]| headers.iter().map(show).collect::<Vec<_>>().join(",");
    format!(
        "{kind} {} [{}] {:?} [{}] {}ms",
        request.upstream.escape_ascii(),
        list(request.headers),
        request.body.escape_ascii().to_string(),
        list(request.trailers),
        request.timeout.as_millis()
    )
}

impl MemoryHost {
    fn start(&mut self, kind: &str, request: &HttpRequest<'_>) -> Result<CalloutId, Status> {
        if request.upstream == self.unknown_upstream.as_bytes() {
            return Err(Status::BadArgument);
        }
        self.sent.push(show_request(kind, request));
        self.callouts += 1;
        Ok(CalloutId(self.callouts))
    }
}

impl ProxyHost for MemoryHost {
    type Stream = MemoryStream;

    fn log(&mut self, message: LogMessage<'_>) {
        let text = message.text.escape_ascii();
        self.log.push(format!("{:?} {text}", message.level));
        let LogMessage {
            plugin,
            root_id,
            vm_id,
            ..
        } = message;
        self.log_names.push(format!("{plugin} {root_id} {vm_id}"));
    }

    fn log_level(&self) -> LogLevel {
        self.level
    }

    fn now(&self) -> SystemTime {
        self.now
    }

    fn header(
        &mut self,
        stream: &mut MemoryStream,
        map: StreamMap,
        name: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<bool, Status> {
        let map = stream.map(map)?;
        let found = map
            .iter()
            .find(|header| header.0.eq_ignore_ascii_case(name));
        if let Some((_, value)) = found {
            into.extend_from_slice(value);
        }
        Ok(found.is_some())
    }

    fn headers(
        &mut self,
        stream: &mut MemoryStream,
        map: StreamMap,
        each: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<(), Status> {
        for (name, value) in stream.map(map).map(|map| &map[..]).unwrap_or_default() {
            each(name, value);
        }
        Ok(())
    }

    fn add_header(
        &mut self,
        stream: &mut MemoryStream,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        stream.map(map)?.push((name.into(), value.into()));
        Ok(())
    }

    fn replace_header(
        &mut self,
        stream: &mut MemoryStream,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        let map = stream.map(map)?;
        map.retain(|header| !header.0.eq_ignore_ascii_case(name));
        map.push((name.into(), value.into()));
        Ok(())
    }

    fn remove_header(
        &mut self,
        stream: &mut MemoryStream,
        map: StreamMap,
        name: &[u8],
    ) -> Result<(), Status> {
        let map = stream.map(map)?;
        map.retain(|header| !header.0.eq_ignore_ascii_case(name));
        Ok(())
    }

    fn buffer_len(
        &mut self,
        stream: &mut MemoryStream,
        buffer: StreamBuffer,
    ) -> Result<usize, Status> {
        stream.bytes(buffer).map(|bytes| bytes.len())
    }

    fn buffer(
        &mut self,
        stream: &mut MemoryStream,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        into.extend_from_slice(&stream.bytes(buffer)?[start..start + length]);
        Ok(())
    }

    fn splice_buffer(
        &mut self,
        stream: &mut MemoryStream,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        bytes: &[u8],
    ) -> Result<(), Status> {
        let buffer = stream.bytes(buffer)?;
        buffer.splice(start..start + length, bytes.iter().copied());
        Ok(())
    }

    fn property(
        &mut self,
        _: Option<&mut MemoryStream>,
        path: &PropertyPath<'_>,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        let path = joined(path);
        into.extend_from_slice(self.properties.get(&path).ok_or(Status::NotFound)?);
        Ok(())
    }

    fn set_property(
        &mut self,
        _: Option<&mut MemoryStream>,
        path: &PropertyPath<'_>,
        value: &[u8],
    ) -> Result<(), Status> {
        self.properties.insert(joined(path), value.into());
        Ok(())
    }

    fn clear_route_cache(&mut self, _: &mut MemoryStream) -> Result<(), Status> {
        self.route_cache_cleared += 1;
        Ok(())
    }

    fn http_call(
        &mut self,
        _: Option<&mut MemoryStream>,
        request: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status> {
        self.start("call", request)
    }

    fn open_http_stream(
        &mut self,
        _: Option<&mut MemoryStream>,
        request: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status> {
        self.start("open", request)
    }

    fn send_on_http_stream(
        &mut self,
        id: CalloutId,
        bytes: &[u8],
        end: bool,
    ) -> Result<(), Status> {
        let bytes = bytes.escape_ascii();
        self.sent.push(format!("send {} {bytes} end={end}", id.0));
        Ok(())
    }

    fn reset_callout(&mut self, id: CalloutId) {
        self.sent.push(format!("reset {}", id.0));
    }

    fn define_metric(&mut self, kind: MetricType, name: &[u8]) -> Result<HostMetric, Status> {
        let name = String::from_utf8_lossy(name).into_owned();
        self.metrics.push((kind, name, 0));
        Ok(HostMetric(self.metrics.len() as u64 - 1))
    }

    fn increment_metric(
        &mut self,
        _: Option<&mut MemoryStream>,
        metric: HostMetric,
        delta: i64,
    ) -> Result<(), Status> {
        self.metrics[metric.0 as usize].2 += delta;
        Ok(())
    }

    fn record_metric(
        &mut self,
        _: Option<&mut MemoryStream>,
        metric: HostMetric,
        value: u64,
    ) -> Result<(), Status> {
        self.metrics[metric.0 as usize].2 = value as i64;
        Ok(())
    }

    fn ticks_changed(&mut self) {
        self.ticks_changed += 1;
    }

    fn foreign_function(
        &mut self,
        _: Option<&mut MemoryStream>,
        name: &[u8],
        argument: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        if name != b"reverse" {
            return Err(Status::NotFound);
        }
        into.extend(argument.iter().rev());
        Ok(())
    }
}

fn joined(path: &PropertyPath<'_>) -> String {
    let path: Vec<_> = path
        .iter()
        .map(|segment| String::from_utf8_lossy(segment))
        .collect();
    path.join(".")
}

/// A VM of its own, with nothing shared.
pub fn vm(filter: &Filter<MemoryHost>, config: PluginConfig) -> Vm<MemoryHost> {
    let shared = Shared::new();
    let config = Arc::new(config);
    Vm::new(filter, &config, &shared, || {}, MemoryHost::default()).unwrap()
}
