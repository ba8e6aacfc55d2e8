//! An HTTP stream in Envoy, and the filter's context for it.
//!
//! Bodies are as Envoy's own host shows them: while the filter lets Envoy buffer, all that has come so far; else the
//! piece that has just come.

use crate::callout::CalloutEvent;
use crate::heard::Event;
use crate::host::{EnvoyHost, EnvoyStream};
use crate::hub::add_content_length;
use crate::local_reply::LocalReply;
use crate::mailbox::Mailbox;
use crate::maps::Maps;
use crate::plugin::EnvoyPlugin;
use crate::sys::{Body, HttpFilter, callout_init};
use crate::worker::{self, Busy};
use ahead_proxy_wasm::abi::{
    DataStatus, HeadersStatus, Status, StreamBuffer, StreamMap, StreamType, TrailersStatus,
};
use ahead_proxy_wasm::{
    Admission, CalloutId, ContextId, Effect, Failed, FailurePolicy, HttpRequest, LocalResponse,
    VmHandle,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// One filter in one stream.
pub struct HttpStream {
    filter: HttpFilter,
    plugin: Arc<EnvoyPlugin>,
    context: RefCell<Context>,
    /// Envoy's side is there.
    alive: Cell<bool>,
    /// The stream is not over yet.
    open: Cell<bool>,
    /// It was answered here.
    answered: Cell<bool>,
    pub maps: Maps,
    /// The filter has seen a response.
    responding: Cell<bool>,
    /// The filter's own response, while its callbacks see it.
    local: RefCell<Option<LocalReply>>,
    /// A callback of this stream runs.
    in_call: Cell<bool>,
    /// Which route was chosen is to be forgotten.
    route_is_stale: Cell<bool>,
    /// The body that the running callback is about.
    current: Cell<Option<Direction>>,
    request: Buffering,
    response: Buffering,
    /// Requests of the filter's, by Envoy's number.
    callouts: RefCell<Vec<(u64, CalloutId)>>,
    /// Events that came before Envoy had said the number of the request that is being started.
    early: RefCell<Option<Vec<(u64, CalloutEvent)>>>,
    /// This stream is a way onto its worker.
    way: RefCell<Option<Arc<Mailbox>>>,
}

/// The filter's side.
enum Context {
    None,
    Open(VmHandle<EnvoyHost>, ContextId),
    /// The stream passes without the filter.
    Skipped,
    Refused,
}

/// Whether Envoy keeps a body until the filter lets it go on.
#[derive(Default)]
struct Buffering(Cell<bool>);

/// Which body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Request,
    Response,
}

impl Direction {
    fn received(self) -> Body {
        match self {
            Direction::Request => Body::ReceivedRequest,
            Direction::Response => Body::ReceivedResponse,
        }
    }

    fn buffered(self) -> Body {
        match self {
            Direction::Request => Body::BufferedRequest,
            Direction::Response => Body::BufferedResponse,
        }
    }

    fn of(buffer: StreamBuffer) -> Result<Direction, Status> {
        match buffer {
            StreamBuffer::RequestBody => Ok(Direction::Request),
            StreamBuffer::ResponseBody => Ok(Direction::Response),
            _ => Err(Status::NotFound),
        }
    }
}

impl HttpStream {
    pub fn new(plugin: Arc<EnvoyPlugin>, filter: HttpFilter) -> Rc<HttpStream> {
        Rc::new(HttpStream {
            filter,
            plugin,
            context: RefCell::new(Context::None),
            alive: Cell::new(true),
            open: Cell::new(true),
            answered: Cell::new(false),
            maps: Maps::default(),
            responding: Cell::new(false),
            local: RefCell::default(),
            in_call: Cell::new(false),
            route_is_stale: Cell::new(false),
            current: Cell::new(None),
            request: Buffering::default(),
            response: Buffering::default(),
            callouts: RefCell::default(),
            early: RefCell::default(),
            way: RefCell::default(),
        })
    }

    pub fn filter(&self) -> HttpFilter {
        self.filter
    }

    pub fn plugin(&self) -> &Arc<EnvoyPlugin> {
        &self.plugin
    }

    /// Tells streams of a worker apart as long as they live.
    fn number(&self) -> u64 {
        std::ptr::from_ref(self).addr() as u64
    }

    /// Whether Envoy's side can be used.
    pub fn is_alive(&self) -> bool {
        self.alive.get()
    }

    /// Whether requests can be sent for this stream: not when it is over.
    pub fn may_call(&self) -> bool {
        self.alive.get() && self.open.get()
    }

    /// Does something with the filter's own response, if its callbacks see that now.
    pub fn with_local<R>(&self, f: impl FnOnce(&mut LocalReply) -> R) -> Option<R> {
        self.local.borrow_mut().as_mut().map(f)
    }

    /// Has Envoy forget which route was chosen: once for all that a callback changes.
    pub fn forget_route(&self) {
        self.route_is_stale.set(true);
        if !self.in_call.get() {
            self.settle_route();
        }
    }

    /// Does so now, before somebody looks.
    pub fn settle_route(&self) {
        if self.route_is_stale.replace(false) && self.alive.get() {
            self.filter.clear_route_cache();
        }
    }

    fn vm(&self) -> Option<(VmHandle<EnvoyHost>, ContextId)> {
        match &*self.context.borrow() {
            Context::Open(vm, id) => Some((Rc::clone(vm), *id)),
            _ => None,
        }
    }

    // --- Envoy's events --------------------------------------------------------------------------------------------

    pub fn on_request_headers(self: &Rc<Self>, end: bool) -> HeadersStatus {
        worker::look();
        let stopped = HeadersStatus::StopAllIterationAndWatermark;
        if !self.enter() {
            return self.without_filter(stopped, HeadersStatus::Continue);
        }
        let count = self.filter.header_count(StreamMap::RequestHeaders) as u32;
        self.maps.hold(StreamMap::RequestHeaders);
        let status = self.call(stopped, HeadersStatus::Continue, |vm, id| {
            vm.on_request_headers(id, count, end)
        });
        if status == HeadersStatus::Continue {
            self.maps.release(StreamMap::RequestHeaders);
        }
        status
    }

    pub fn on_request_body(&self, end: bool) -> DataStatus {
        self.on_body(Direction::Request, end)
    }

    pub fn on_request_trailers(&self) -> TrailersStatus {
        self.on_trailers(StreamMap::RequestTrailers)
    }

    pub fn on_response_headers(&self, end: bool) -> HeadersStatus {
        self.responding.set(true);
        if self.passes(Event::ResponseHeaders) {
            return HeadersStatus::Continue;
        }
        let count = self.filter.header_count(StreamMap::ResponseHeaders) as u32;
        let stopped = HeadersStatus::StopAllIterationAndWatermark;
        self.maps.hold(StreamMap::ResponseHeaders);
        let status = self.call(stopped, HeadersStatus::Continue, |vm, id| {
            vm.on_response_headers(id, count, end)
        });
        if status == HeadersStatus::Continue {
            self.maps.release(StreamMap::ResponseHeaders);
        }
        status
    }

    pub fn on_response_body(&self, end: bool) -> DataStatus {
        self.on_body(Direction::Response, end)
    }

    pub fn on_response_trailers(&self) -> TrailersStatus {
        self.on_trailers(StreamMap::ResponseTrailers)
    }

    fn on_trailers(&self, map: StreamMap) -> TrailersStatus {
        let event = match map {
            StreamMap::RequestTrailers => Event::RequestTrailers,
            _ => Event::ResponseTrailers,
        };
        if self.passes(event) {
            return TrailersStatus::Continue;
        }
        let count = self.filter.header_count(map) as u32;
        let stopped = TrailersStatus::StopIteration;
        self.maps.hold(map);
        let status = self.call(stopped, TrailersStatus::Continue, |vm, id| match map {
            StreamMap::RequestTrailers => vm.on_request_trailers(id, count),
            _ => vm.on_response_trailers(id, count),
        });
        if status == TrailersStatus::Continue {
            self.maps.release(map);
        }
        status
    }

    fn on_body(&self, direction: Direction, end: bool) -> DataStatus {
        let event = match direction {
            Direction::Request => Event::RequestBody,
            Direction::Response => Event::ResponseBody,
        };
        if self.passes(event) {
            self.buffering(direction).set(false);
            return DataStatus::Continue;
        }
        self.current.set(Some(direction));
        let bytes = self.view(direction).map_or(0, |view| view.len());
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        let status = self.call(
            DataStatus::StopIterationNoBuffer,
            DataStatus::Continue,
            |vm, id| match direction {
                Direction::Request => vm.on_request_body(id, bytes, end),
                Direction::Response => vm.on_response_body(id, bytes, end),
            },
        );
        self.current.set(None);
        self.buffering(direction)
            .set(status == DataStatus::StopIterationAndBuffer);
        status
    }

    /// The stream is over: `proxy_on_log`. Also for a stream that ended before it came to this filter.
    pub fn on_complete(self: &Rc<Self>) {
        worker::look();
        self.open.set(false);
        self.maps.end();
        let is_new = matches!(&*self.context.borrow(), Context::None);
        if is_new && !self.enter() {
            return;
        }
        if self.plugin.heard.has(Event::Log)
            && let Some((vm, id)) = self.vm()
        {
            // A failure is told, and nobody is left to answer.
            let _ = worker::drive(&vm, |vm| vm.on_log(id));
        }
        // Not when Envoy destroys the filter, which may be after the next stream has begun.
        self.end();
    }

    /// Envoy gives the filter up.
    pub fn on_destroy(&self) {
        self.end();
    }

    /// `proxy_on_done`, `proxy_on_delete`, if they have not been called.
    fn end(&self) {
        self.open.set(false);
        self.alive.set(false);
        if let Some(mailbox) = self.way.take() {
            mailbox.forget_way(self.number());
        }
        let Some((vm, id)) = self.vm() else { return };
        worker::close(&vm, id);
        // Envoy has ended these with the stream, and says so to nobody.
        for (_, callout) in self.callouts.take() {
            worker::tell(&vm, callout, CalloutEvent::Reset);
        }
        self.context.replace(Context::Skipped);
    }

    pub fn on_callout_event(&self, number: u64, event: CalloutEvent) {
        let over = matches!(event, CalloutEvent::Complete | CalloutEvent::Reset);
        let known = {
            let mut callouts = self.callouts.borrow_mut();
            let index = callouts.iter().position(|(other, _)| *other == number);
            match index {
                Some(index) if over => Some(callouts.swap_remove(index).1),
                Some(index) => Some(callouts[index].1),
                None => None,
            }
        };
        if let (Some(id), Some((vm, _))) = (known, self.vm()) {
            worker::tell(&vm, id, event);
        } else if let Some(early) = &mut *self.early.borrow_mut() {
            early.push((number, event));
        }
    }

    // --- into the VM ---------------------------------------------------------------------------------------------------

    /// Whether an event passes without a call: the filter has no callback for it, and nothing keeps the stream from
    /// going on.
    fn passes(&self, event: Event) -> bool {
        worker::look();
        if self.plugin.heard.has(event) {
            return false;
        }
        match &*self.context.borrow() {
            // A VM that is busy is alive.
            Context::Open(vm, _) => vm.try_borrow().map_or(true, |vm| vm.failed().is_none()),
            Context::None | Context::Skipped => true,
            Context::Refused => false,
        }
    }

    /// Opens the filter's context; false if the stream has to do without.
    fn enter(self: &Rc<Self>) -> bool {
        let (vm, root) = match worker::admit(&self.plugin) {
            Admission::Filter(vm, root) => (vm, root),
            Admission::Skip => {
                self.context.replace(Context::Skipped);
                return false;
            }
            Admission::Refuse => {
                self.context.replace(Context::Refused);
                return false;
            }
        };
        let stream = EnvoyStream::Http(Rc::clone(self));
        let opened = worker::drive(&vm, |vm| vm.open_stream(root, stream));
        let Ok(Ok(id)) = opened else {
            self.context.replace(Context::Refused);
            return false;
        };
        self.context.replace(Context::Open(Rc::clone(&vm), id));
        if let Some(mailbox) = worker::wants_a_way(&vm)
            && self.may_call()
            && let Some(scheduler) = self.filter.scheduler()
        {
            mailbox.add_way(self.number(), scheduler);
            self.way.replace(Some(mailbox));
        }
        true
    }

    fn without_filter<T>(&self, stopped: T, passed: T) -> T {
        match &*self.context.borrow() {
            Context::Refused => {}
            _ => return passed,
        }
        self.refuse();
        stopped
    }

    /// Calls the filter if the stream has one. `stopped` if it failed and the stream with it; `passed` if it goes on
    /// without.
    fn call<T>(
        &self,
        stopped: T,
        passed: T,
        f: impl FnOnce(&mut ahead_proxy_wasm::Vm<EnvoyHost>, ContextId) -> Result<T, Failed>,
    ) -> T {
        let Some((vm, id)) = self.vm() else {
            return self.without_filter(stopped, passed);
        };
        if self.plugin.plugin.failure_policy == FailurePolicy::FailOpen
            && vm.try_borrow().is_ok_and(|vm| vm.failed().is_some())
        {
            return passed;
        }
        self.in_call.set(true);
        let driven = worker::drive(&vm, |vm| {
            let result = f(vm, id);
            // Before anything of what the filter asked for takes the stream onward.
            self.in_call.set(false);
            self.settle_route();
            result
        });
        self.in_call.set(false);
        match driven {
            Ok(Ok(status)) => status,
            Ok(Err(_)) => {
                self.refuse();
                stopped
            }
            Err(Busy) => {
                crate::log::error("an event of a stream came while its filter was running");
                self.refuse();
                stopped
            }
        }
    }

    /// Answers the stream in the place of a filter that cannot.
    fn refuse(&self) {
        if self.alive.get() && self.open.get() && !self.answered.replace(true) {
            self.filter
                .send_response(503, &[], b"", b"wasm_fail_stream");
        }
    }

    // --- what filters ask for ----------------------------------------------------------------------------------------------

    pub fn apply(&self, effect: Effect) {
        if !self.alive.get() {
            return;
        }
        match effect {
            Effect::Continue {
                direction: StreamType::HttpRequest,
                ..
            } => {
                self.request.0.set(false);
                self.maps.release(StreamMap::RequestHeaders);
                self.maps.release(StreamMap::RequestTrailers);
                self.filter.continue_decoding();
            }
            Effect::Continue {
                direction: StreamType::HttpResponse,
                ..
            } => {
                self.response.0.set(false);
                self.maps.release(StreamMap::ResponseHeaders);
                self.maps.release(StreamMap::ResponseTrailers);
                self.filter.continue_encoding();
            }
            Effect::Continue { .. } => {}
            Effect::Close {
                direction: StreamType::HttpRequest | StreamType::HttpResponse,
                ..
            } => {
                if self.open.get() {
                    self.filter.reset(b"wasm_close_stream");
                }
            }
            Effect::Close { .. } => {}
            Effect::Respond { response, .. } => self.respond(response),
        }
    }

    fn respond(&self, response: LocalResponse) {
        if !self.open.get() || self.answered.replace(true) {
            return;
        }
        let Some(response) = self.shown(response) else {
            self.filter
                .send_response(503, &[], b"", b"wasm_fail_stream");
            return;
        };
        let LocalResponse {
            status,
            mut details,
            mut headers,
            body,
            grpc_status,
        } = response;
        for byte in &mut details {
            if byte.is_ascii_whitespace() {
                *byte = b'_';
            }
        }
        // Envoy makes a gRPC answer of it if the request is one, and leaves a status that is there already.
        if let Some(grpc_status) = grpc_status
            && self.is_grpc()
        {
            headers.push((
                b"grpc-status".to_vec(),
                grpc_status.to_string().into_bytes(),
            ));
        }
        self.filter
            .send_response(u32::from(status), &headers, &body, &details);
    }

    /// Shows the filter its own response, unless it has seen another one before, and takes what it makes of it. Whether
    /// it lets the response go on is not asked: Envoy sends it at once. `None` if the filter fails.
    fn shown(&self, response: LocalResponse) -> Option<LocalResponse> {
        let (Some((vm, id)), false) = (self.vm(), self.responding.replace(true)) else {
            return Some(response);
        };
        let reply = LocalReply::of(&response, self.is_grpc());
        let count = reply.headers.len() as u32;
        let is_empty = reply.body.is_empty();
        self.local.replace(Some(reply));
        self.maps.hold(StreamMap::ResponseHeaders);
        let headers = worker::drive(&vm, |vm| vm.on_response_headers(id, count, is_empty));
        let mut went_well = matches!(headers, Ok(Ok(_)));
        if let Ok(Ok(HeadersStatus::Continue)) = headers {
            self.maps.release(StreamMap::ResponseHeaders);
        }
        let bytes = self.with_local(|reply| reply.body.len()).unwrap_or(0);
        if went_well && !is_empty {
            self.current.set(Some(Direction::Response));
            let body = worker::drive(&vm, |vm| vm.on_response_body(id, bytes as u32, true));
            self.current.set(None);
            went_well = matches!(body, Ok(Ok(_)));
        }
        self.maps.release(StreamMap::ResponseHeaders);
        let reply = self.local.take()?;
        went_well.then(|| reply.into_response(response))
    }

    fn is_grpc(&self) -> bool {
        let mut is_grpc = false;
        self.filter
            .header(StreamMap::RequestHeaders, b"content-type", |value| {
                is_grpc = value == b"application/grpc" || value.starts_with(b"application/grpc+");
            });
        is_grpc
    }

    // --- bodies ---------------------------------------------------------------------------------------------------------------

    fn buffering(&self, direction: Direction) -> &Cell<bool> {
        match direction {
            Direction::Request => &self.request.0,
            Direction::Response => &self.response.0,
        }
    }

    /// What there is to see of a body now. `NotFound` if there is nothing.
    fn view(&self, direction: Direction) -> Result<View, Status> {
        if !self.alive.get() {
            return Err(Status::NotFound);
        }
        let is_current = self.current.get() == Some(direction);
        let same = is_current && self.filter.received_is_buffered(direction.received());
        let buffered = self.buffering(direction).get() && !same;
        if !is_current && !buffered {
            return Err(Status::NotFound);
        }
        let len = |wanted: bool, body| {
            if wanted {
                self.filter.body_len(body)
            } else {
                0
            }
        };
        Ok(View {
            buffered: len(buffered, direction.buffered()),
            received: len(is_current, direction.received()),
            into: match is_current {
                true => direction.received(),
                false => direction.buffered(),
            },
        })
    }

    /// Bytes of a body; none if there is none now, as Envoy's own host has it.
    pub fn body_len(&self, buffer: StreamBuffer) -> Result<usize, Status> {
        let direction = match buffer {
            StreamBuffer::DownstreamData => return Ok(0),
            _ => Direction::of(buffer)?,
        };
        if direction == Direction::Response
            && let Some(bytes) = self.with_local(|reply| reply.body.len())
        {
            return Ok(bytes);
        }
        Ok(self.view(direction).map_or(0, |view| view.len()))
    }

    /// Appends a range of a body, which lies inside it, to `into`.
    pub fn body(
        &self,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        let direction = Direction::of(buffer)?;
        let mut range = Range {
            skip: start,
            take: length,
        };
        if direction == Direction::Response
            && self
                .with_local(|reply| range.copy(&reply.body, into))
                .is_some()
        {
            return Ok(());
        }
        let view = self.view(direction)?;
        let mut chunks = Vec::new();
        if view.buffered > 0 {
            self.filter
                .body(direction.buffered(), &mut chunks, &mut |chunk| {
                    range.copy(chunk, into)
                });
        }
        if view.received > 0 {
            self.filter
                .body(direction.received(), &mut chunks, &mut |chunk| {
                    range.copy(chunk, into)
                });
        }
        Ok(())
    }

    /// Puts bytes in the place of a range of a body. Envoy lets modules cut from the front and add at the end.
    pub fn splice_body(
        &self,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        bytes: &[u8],
    ) -> Result<(), Status> {
        let direction = Direction::of(buffer).map_err(|_| Status::BadArgument)?;
        let put = |reply: &mut LocalReply| {
            drop(
                reply
                    .body
                    .splice(start..start + length, bytes.iter().copied()),
            )
        };
        if direction == Direction::Response && self.with_local(put).is_some() {
            return Ok(());
        }
        let view = self.view(direction).map_err(|_| Status::BadArgument)?;
        let total = view.len();
        let mut parts = [&b""[..], bytes, &b""[..]];
        let (mut front, mut back) = (Vec::new(), Vec::new());
        if start < total {
            self.body(buffer, 0, start, &mut front)?;
            let end = start + length;
            self.body(buffer, end, total - end, &mut back)?;
            parts[0] = &front;
            parts[2] = &back;
            let drained = self.filter.drain_body(direction.buffered(), view.buffered)
                && self.filter.drain_body(direction.received(), view.received);
            if !drained {
                return Err(Status::InternalFailure);
            }
        }
        for part in parts {
            if !part.is_empty() && !self.filter.append_body(view.into, part) {
                return Err(Status::InternalFailure);
            }
        }
        Ok(())
    }

    // --- requests of the filter's -----------------------------------------------------------------------------------------------

    /// Starts a request; gives Envoy's number. While the filter runs, so events wait.
    pub fn start_callout(
        &self,
        id: CalloutId,
        request: &HttpRequest<'_>,
        whole: bool,
    ) -> Result<u64, Status> {
        let mut headers = request.headers.to_vec();
        if whole && !request.body.is_empty() {
            add_content_length(&mut headers, request.body.len());
        }
        let end = whole && request.trailers.is_empty();
        self.early.replace(Some(Vec::new()));
        let (upstream, timeout) = (request.upstream, request.timeout);
        let started = self
            .filter
            .outgoing()
            .start(upstream, &headers, request.body, end, timeout);
        let early = self.early.take().unwrap_or_default();
        let number = started.map_err(|problem| match problem {
            callout_init::MISSING_HEADERS | callout_init::CLUSTER_NOT_FOUND => Status::BadArgument,
            callout_init::UNAVAILABLE => Status::Unimplemented,
            _ => Status::InternalFailure,
        })?;
        self.callouts.borrow_mut().push((number, id));
        if whole && !request.trailers.is_empty() {
            self.filter
                .outgoing()
                .send_trailers(number, request.trailers);
        }
        for (_, event) in early.into_iter().filter(|(other, _)| *other == number) {
            self.on_callout_event(number, event);
        }
        Ok(number)
    }

    /// No more events of a request are to be told.
    pub fn forget_callout(&self, number: u64) {
        self.callouts
            .borrow_mut()
            .retain(|(other, _)| *other != number);
    }
}

/// Bytes of a body that can be seen, and where more go.
struct View {
    buffered: usize,
    received: usize,
    into: Body,
}

impl View {
    fn len(&self) -> usize {
        self.buffered + self.received
    }
}

/// A range that is copied out of pieces.
pub struct Range {
    pub skip: usize,
    pub take: usize,
}

impl Range {
    pub fn copy(&mut self, chunk: &[u8], into: &mut Vec<u8>) {
        let start = self.skip.min(chunk.len());
        self.skip -= start;
        let take = self.take.min(chunk.len() - start);
        self.take -= take;
        into.extend_from_slice(&chunk[start..start + take]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_cross_pieces() {
        let copy = |skip, take| {
            let mut range = Range { skip, take };
            let mut out = Vec::new();
            for chunk in [&b"ab"[..], b"", b"cde", b"f"] {
                range.copy(chunk, &mut out);
            }
            String::from_utf8(out).unwrap()
        };
        assert_eq!(copy(0, 6), "abcdef");
        assert_eq!(copy(1, 3), "bcd");
        assert_eq!(copy(2, 1), "c");
        assert_eq!(copy(5, 9), "f");
        assert_eq!(copy(6, 1), "");
    }
}
