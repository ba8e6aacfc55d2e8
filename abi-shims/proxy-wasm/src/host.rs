//! What a proxy provides: [`ProxyHost`], one object for each VM.
//!
//! A proxy's adapter implements this trait and forwards the proxy's events to a VM. Everything
//! that is the same for all proxies (memory of the guest, statuses, contexts, shared data, queues, the maps and
//! buffers of callouts, gRPC on top of HTTP, properties of the plugin itself) is in this crate, so no method
//! here sees a guest.
//!
//! **While a method runs, a guest waits in a hostcall.** A method must not call into a VM. Where the
//! proxy would do so by itself (it resumes a stream, or a callout ends at once), the adapter keeps the event and
//! delivers it when the VM is free again. For the same reason what a guest asks for and what takes a stream
//! onward (to continue it, to close it, to answer it) comes not here but as an [`Effect`](crate::Effect), when
//! the guest has returned.

use crate::abi::{LogLevel, MetricType, Status, StreamBuffer, StreamMap};
use std::time::{Duration, SystemTime};

/// A name and a value, as bytes.
pub type Header = (Vec<u8>, Vec<u8>);

/// A message of the guest's log with where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct LogMessage<'a> {
    pub level: LogLevel,
    pub plugin: &'a str,
    pub root_id: &'a str,
    pub vm_id: &'a str,
    /// Not necessarily UTF-8, and anything may be in it. At most 64 KiB.
    pub text: &'a [u8],
}

/// An HTTP request that a filter sends on its own.
#[derive(Clone, Debug)]
pub struct HttpRequest<'a> {
    /// The cluster's name, or what else names an upstream.
    pub upstream: &'a [u8],
    /// With `:method`, `:path` and `:authority`; that they are there has been checked.
    pub headers: &'a [Header],
    pub body: &'a [u8],
    pub trailers: &'a [Header],
    pub timeout: Duration,
}

/// What the adapter calls a request or an HTTP stream under way; unique in a VM as long as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CalloutId(pub u64);

/// What the adapter calls a metric that it made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostMetric(pub u64);

/// The segments of a property's path: `["request", "url_path"]`.
pub type PropertyPath<'a> = [&'a [u8]];

/// A proxy, as one VM sees it.
///
/// `stream` is what the adapter gave to [`Vm::open_stream`](crate::Vm::open_stream); methods that take an
/// `Option` get `None` from a root context. `into` is to be appended to; it is empty and keeps its allocation between
/// calls. A `Status` goes to the guest as it is. Names of headers are compared without regard to case; that names and
/// values can stand in a message has been checked.
#[allow(unused_variables)]
pub trait ProxyHost: 'static {
    /// What the adapter keeps of one stream or connection.
    type Stream: 'static;

    // --- log and time -----------------------------------------------------------------------------------------

    fn log(&mut self, message: LogMessage<'_>);

    /// The least severe level that is written.
    fn log_level(&self) -> LogLevel;

    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    // --- headers and trailers -----------------------------------------------------------------------------------

    /// Appends the first value of `name` to `into`; `false` if there is none. `BadArgument` if the map is not
    /// there in this phase.
    fn header(
        &mut self,
        stream: &mut Self::Stream,
        map: StreamMap,
        name: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<bool, Status>;

    /// Shows every header in order. A map that is not there is empty.
    fn headers(
        &mut self,
        stream: &mut Self::Stream,
        map: StreamMap,
        each: &mut dyn FnMut(&[u8], &[u8]),
    ) -> Result<(), Status>;

    fn add_header(
        &mut self,
        stream: &mut Self::Stream,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status>;

    /// Puts one value in the place of all that `name` has.
    fn replace_header(
        &mut self,
        stream: &mut Self::Stream,
        map: StreamMap,
        name: &[u8],
        value: &[u8],
    ) -> Result<(), Status>;

    fn remove_header(
        &mut self,
        stream: &mut Self::Stream,
        map: StreamMap,
        name: &[u8],
    ) -> Result<(), Status>;

    // --- bodies ---------------------------------------------------------------------------------------------------

    /// Bytes in the buffer; `NotFound` if it is not there in this phase.
    fn buffer_len(
        &mut self,
        stream: &mut Self::Stream,
        buffer: StreamBuffer,
    ) -> Result<usize, Status>;

    /// Appends a range of the buffer, which lies inside it, to `into`.
    fn buffer(
        &mut self,
        stream: &mut Self::Stream,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        into: &mut Vec<u8>,
    ) -> Result<(), Status>;

    /// Puts `bytes` in the place of a range of the buffer, which lies inside it.
    fn splice_buffer(
        &mut self,
        stream: &mut Self::Stream,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        bytes: &[u8],
    ) -> Result<(), Status>;

    // --- properties -------------------------------------------------------------------------------------------------

    /// Appends the property, in Envoy's encoding of its type, to `into`; `NotFound` if there is none.
    fn property(
        &mut self,
        stream: Option<&mut Self::Stream>,
        path: &PropertyPath<'_>,
        into: &mut Vec<u8>,
    ) -> Result<(), Status>;

    fn set_property(
        &mut self,
        stream: Option<&mut Self::Stream>,
        path: &PropertyPath<'_>,
        value: &[u8],
    ) -> Result<(), Status>;

    // --- streams ----------------------------------------------------------------------------------------------------

    /// Forgets which route was chosen for the request.
    fn clear_route_cache(&mut self, stream: &mut Self::Stream) -> Result<(), Status>;

    // --- callouts -----------------------------------------------------------------------------------------------------

    /// Sends a request. Its end is told by `Vm::on_http_response`, once, and not
    /// from within this method. `BadArgument` for an unknown upstream.
    fn http_call(
        &mut self,
        stream: Option<&mut Self::Stream>,
        request: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status>;

    /// Opens an HTTP/2 stream, on which gRPC is carried: `request.body` and `request.trailers` are empty. Its
    /// events are told by the VM's `on_http_stream_*`.
    fn open_http_stream(
        &mut self,
        stream: Option<&mut Self::Stream>,
        request: &HttpRequest<'_>,
    ) -> Result<CalloutId, Status>;

    /// Sends bytes on an open stream; `end` ends the sending side.
    fn send_on_http_stream(&mut self, id: CalloutId, bytes: &[u8], end: bool)
    -> Result<(), Status>;

    /// Gives up a request or a stream; no more events of it come.
    fn reset_callout(&mut self, id: CalloutId);

    // --- metrics ------------------------------------------------------------------------------------------------------

    /// Makes a metric, or finds the one of this kind and name. Called once for each VM, kind and name; values
    /// for `proxy_get_metric` are kept by this crate, one for all VMs of the process.
    fn define_metric(&mut self, kind: MetricType, name: &[u8]) -> Result<HostMetric, Status>;

    /// Adds to a counter or a gauge; only a gauge goes down.
    fn increment_metric(
        &mut self,
        stream: Option<&mut Self::Stream>,
        metric: HostMetric,
        delta: i64,
    ) -> Result<(), Status>;

    /// Sets a gauge, or records in a histogram.
    fn record_metric(
        &mut self,
        stream: Option<&mut Self::Stream>,
        metric: HostMetric,
        value: u64,
    ) -> Result<(), Status>;

    // --- the root context ---------------------------------------------------------------------------------------------

    /// The VM's ticks changed: `Vm::next_tick` says when the next one is due.
    fn ticks_changed(&mut self) {}

    /// Calls a function that only this proxy has, after those that this crate has itself; `NotFound` if there is
    /// none of the name.
    fn foreign_function(
        &mut self,
        stream: Option<&mut Self::Stream>,
        name: &[u8],
        argument: &[u8],
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        Err(Status::NotFound)
    }
}
