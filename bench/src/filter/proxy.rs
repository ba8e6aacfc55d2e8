//! A proxy of no weight: lists of headers and bytes in memory. What a filter asks of it costs as little as it can.

use super::abi::abi::{LogLevel, MetricType, Status, StreamBuffer, StreamMap};
use super::abi::{CalloutId, Header, HostMetric, HttpRequest, LogMessage, PropertyPath, ProxyHost};
use std::time::{Duration, SystemTime};

/// The proxy, for one VM.
#[derive(Debug, Default)]
pub struct Proxy {
    /// Whether the log is kept.
    pub watches: bool,
    pub log: Vec<String>,
    /// Requests that the filter sent and that are not answered yet.
    pub callouts: Vec<CalloutId>,
    callouts_count: u64,
    metrics_count: u64,
    /// Tells the time, which is the same for every engine: so many milliseconds after [`EPOCH`].
    pub requests: u64,
}

/// Some time that is over.
const EPOCH: Duration = Duration::from_secs(1_700_000_000);

/// A request under way, with its answer.
#[derive(Clone, Debug, Default)]
pub struct Stream {
    /// In the order of [`StreamMap`].
    pub maps: [Vec<Header>; 4],
    /// What the filter sees of the bodies, of request and response.
    pub bodies: [Vec<u8>; 2],
    /// Whether a body can be read now.
    pub readable: [bool; 2],
    /// Whether there is a response yet.
    pub has_response: bool,
    /// What the filter set.
    pub properties: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Stream {
    fn map(&mut self, map: StreamMap) -> Result<&mut Vec<Header>, Status> {
        let of_response = matches!(
            map,
            StreamMap::ResponseHeaders | StreamMap::ResponseTrailers
        );
        if of_response && !self.has_response {
            return Err(Status::BadArgument);
        }
        Ok(&mut self.maps[map.number() as usize])
    }

    fn body(&mut self, buffer: StreamBuffer) -> Result<&mut Vec<u8>, Status> {
        let way = match buffer {
            StreamBuffer::RequestBody => 0,
            StreamBuffer::ResponseBody => 1,
            StreamBuffer::DownstreamData | StreamBuffer::UpstreamData => {
                return Err(Status::NotFound);
            }
        };
        match self.readable[way] {
            true => Ok(&mut self.bodies[way]),
            false => Err(Status::NotFound),
        }
    }
}

fn is(name: &[u8]) -> impl Fn(&&Header) -> bool {
    move |header| header.0.eq_ignore_ascii_case(name)
}

impl ProxyHost for Proxy {
    type Stream = Stream;

    fn log(&mut self, message: LogMessage<'_>) {
        if self.watches {
            let text = String::from_utf8_lossy(message.text);
            self.log.push(format!("log {:?} {text}", message.level));
        }
    }

    fn log_level(&self) -> LogLevel {
        LogLevel::Info
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + EPOCH + Duration::from_millis(self.requests)
    }

    fn header(
        &mut self,
        stream: &mut Stream,
        map: StreamMap,
        name: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<bool, Status> {
        let found = stream.map(map)?.iter().find(is(name));
        if let Some((_, value)) = found {
            into.extend_from_slice(value);
        }
        Ok(found.is_some())
    }

    fn headers(
        &mut self,
        stream: &mut Stream,
        map: StreamMap,
        each: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<(), Status> {
        if let Ok(map) = stream.map(map) {
            map.iter().for_each(|(name, value)| each(name, value));
        }
        Ok(())
    }

    fn add_header(
        &mut self,
        stream: &mut Stream,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        stream.map(map)?.push((name.into(), value.into()));
        Ok(())
    }

    fn replace_header(
        &mut self,
        stream: &mut Stream,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status> {
        let map = stream.map(map)?;
        let Some(first) = map.iter().position(|header| is(name)(&header)) else {
            map.push((name.into(), value.into()));
            return Ok(());
        };
        map[first].1.clear();
        map[first].1.extend_from_slice(value);
        let mut place = 0;
        map.retain(|header| {
            place += 1;
            place <= first + 1 || !is(name)(&header)
        });
        Ok(())
    }

    fn remove_header(
        &mut self,
        stream: &mut Stream,
        map: StreamMap,
        name: &[u8],
    ) -> Result<(), Status> {
        stream.map(map)?.retain(|header| !is(name)(&header));
        Ok(())
    }

    fn buffer_len(&mut self, stream: &mut Stream, buffer: StreamBuffer) -> Result<usize, Status> {
        Ok(stream.body(buffer)?.len())
    }

    fn buffer(
        &mut self,
        stream: &mut Stream,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        let body = stream.body(buffer)?;
        let part = start
            .checked_add(length)
            .and_then(|end| body.get(start..end));
        into.extend_from_slice(part.ok_or(Status::BadArgument)?);
        Ok(())
    }

    fn splice_buffer(
        &mut self,
        stream: &mut Stream,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        bytes: &[u8],
    ) -> Result<(), Status> {
        let body = stream.body(buffer)?;
        let end = start.checked_add(length).filter(|end| *end <= body.len());
        body.splice(
            start..end.ok_or(Status::BadArgument)?,
            bytes.iter().copied(),
        );
        Ok(())
    }

    /// What the filter set, and what of a request every proxy tells.
    fn property(
        &mut self,
        stream: Option<&mut Stream>,
        path: &PropertyPath<'_>,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        let stream = stream.ok_or(Status::NotFound)?;
        let joined = path.join(&b'.');
        let set = stream.properties.iter().find(|known| known.0 == joined);
        let header: &[u8] = match &joined[..] {
            b"request.method" => b":method",
            b"request.path" => b":path",
            b"request.host" => b":authority",
            b"request.scheme" => b":scheme",
            b"request.useragent" => b"user-agent",
            b"request.id" => b"x-request-id",
            _ => b"",
        };
        let header = || stream.maps[0].iter().find(is(header));
        let (_, value) = set.or_else(header).ok_or(Status::NotFound)?;
        into.extend_from_slice(value);
        Ok(())
    }

    fn set_property(
        &mut self,
        stream: Option<&mut Stream>,
        path: &PropertyPath<'_>,
        value: &[u8],
    ) -> Result<(), Status> {
        let stream = stream.ok_or(Status::NotFound)?;
        let joined = path.join(&b'.');
        stream.properties.retain(|known| known.0 != joined);
        stream.properties.push((joined, value.to_vec()));
        Ok(())
    }

    fn clear_route_cache(&mut self, _: &mut Stream) -> Result<(), Status> {
        Ok(())
    }

    fn http_call(
        &mut self,
        _: Option<&mut Stream>,
        request: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status> {
        if self.watches {
            let upstream = String::from_utf8_lossy(request.upstream);
            let (headers, bytes) = (request.headers.len(), request.body.len());
            let line = format!("call {upstream}: {headers} headers, {bytes} bytes");
            self.log.push(line);
        }
        self.callouts_count += 1;
        let id = CalloutId(self.callouts_count);
        self.callouts.push(id);
        Ok(id)
    }

    fn open_http_stream(
        &mut self,
        _: Option<&mut Stream>,
        _: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status> {
        Err(Status::Unimplemented)
    }

    fn send_on_http_stream(&mut self, _: CalloutId, _: &[u8], _: bool) -> Result<(), Status> {
        Err(Status::Unimplemented)
    }

    fn reset_callout(&mut self, id: CalloutId) {
        self.callouts.retain(|known| *known != id);
    }

    fn define_metric(&mut self, _: MetricType, _: &[u8]) -> Result<HostMetric, Status> {
        self.metrics_count += 1;
        Ok(HostMetric(self.metrics_count))
    }

    fn increment_metric(
        &mut self,
        _: Option<&mut Stream>,
        _: HostMetric,
        _: i64,
    ) -> Result<(), Status> {
        Ok(())
    }

    fn record_metric(
        &mut self,
        _: Option<&mut Stream>,
        _: HostMetric,
        _: u64,
    ) -> Result<(), Status> {
        Ok(())
    }
}
