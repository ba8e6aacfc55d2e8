//! A connection in Envoy, and the filter's context for it.

use crate::callout::CalloutEvent;
use crate::host::{EnvoyHost, EnvoyStream};
use crate::hub::add_content_length;
use crate::plugin::EnvoyPlugin;
use crate::stream::Range;
use crate::sys::{Connection, Direction, callout_init, connection_event};
use crate::worker;
use ahead_proxy_wasm::abi::{PeerType, Status, StreamBuffer, StreamType, TrailersStatus};
use ahead_proxy_wasm::{
    Admission, CalloutId, ContextId, Effect, Failed, FailurePolicy, Header, HttpRequest, Vm,
    VmHandle,
};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// One filter on one connection.
pub struct TcpStream {
    connection: Connection,
    plugin: Arc<EnvoyPlugin>,
    context: RefCell<Context>,
    /// Envoy's side is there.
    alive: Cell<bool>,
    closed: Cell<bool>,
    upstream_closed: Cell<bool>,
    callouts: RefCell<Vec<(u64, CalloutId)>>,
}

/// The filter's side.
enum Context {
    None,
    Open(VmHandle<EnvoyHost>, ContextId),
    Skipped,
    Refused,
}

fn direction_of(buffer: StreamBuffer) -> Result<Direction, Status> {
    match buffer {
        StreamBuffer::DownstreamData => Ok(Direction::Read),
        StreamBuffer::UpstreamData => Ok(Direction::Write),
        _ => Err(Status::NotFound),
    }
}

impl TcpStream {
    pub fn new(plugin: Arc<EnvoyPlugin>, connection: Connection) -> Rc<TcpStream> {
        Rc::new(TcpStream {
            connection,
            plugin,
            context: RefCell::new(Context::None),
            alive: Cell::new(true),
            closed: Cell::new(false),
            upstream_closed: Cell::new(false),
            callouts: RefCell::default(),
        })
    }

    pub fn connection(&self) -> Connection {
        self.connection
    }

    pub fn plugin(&self) -> &Arc<EnvoyPlugin> {
        &self.plugin
    }

    pub fn is_alive(&self) -> bool {
        self.alive.get()
    }

    pub fn may_call(&self) -> bool {
        self.alive.get() && !self.closed.get()
    }

    // --- Envoy's events --------------------------------------------------------------------------------------------

    pub fn on_new_connection(self: &Rc<Self>) -> TrailersStatus {
        worker::look();
        let (vm, root) = match worker::admit(&self.plugin) {
            Admission::Filter(vm, root) => (vm, root),
            Admission::Skip => {
                self.context.replace(Context::Skipped);
                return TrailersStatus::Continue;
            }
            Admission::Refuse => return self.refuse(),
        };
        let stream = EnvoyStream::Tcp(Rc::clone(self));
        let Ok(Ok(id)) = worker::drive(&vm, |vm| vm.open_stream(root, stream)) else {
            return self.refuse();
        };
        self.context.replace(Context::Open(vm, id));
        self.call(|vm, id| vm.on_new_connection(id))
    }

    pub fn on_read(&self, end: bool) -> TrailersStatus {
        worker::look();
        let bytes = self.bytes(Direction::Read);
        self.call(|vm, id| vm.on_downstream_data(id, bytes, end))
    }

    pub fn on_write(&self, end: bool) -> TrailersStatus {
        worker::look();
        let bytes = self.bytes(Direction::Write);
        let status = self.call(|vm, id| vm.on_upstream_data(id, bytes, end));
        if end && !self.upstream_closed.replace(true) {
            self.tell_upstream_close();
        }
        status
    }

    fn tell_upstream_close(&self) {
        self.call(|vm, id| {
            vm.on_upstream_close(id, PeerType::Unknown)?;
            Ok(TrailersStatus::Continue)
        });
    }

    pub fn on_event(&self, event: u32) {
        let by = match event {
            connection_event::REMOTE_CLOSE => PeerType::Remote,
            connection_event::LOCAL_CLOSE => PeerType::Local,
            _ => return,
        };
        if self.closed.replace(true) {
            return;
        }
        self.call(|vm, id| {
            vm.on_downstream_close(id, by)?;
            Ok(TrailersStatus::Continue)
        });
    }

    /// Envoy gives the filter up.
    pub fn on_destroy(&self) {
        self.closed.set(true);
        let Some((vm, id)) = self.vm() else {
            self.alive.set(false);
            return;
        };
        // In this order, as in Envoy's own host. A failure is told, and nobody is left to answer.
        let _ = worker::drive(&vm, |vm| vm.on_done(id));
        let _ = worker::drive(&vm, |vm| vm.on_log(id));
        self.alive.set(false);
        worker::close(&vm, id);
        for (_, callout) in self.callouts.take() {
            worker::tell(&vm, callout, CalloutEvent::Reset);
        }
        self.context.replace(Context::Skipped);
    }

    pub fn on_callout_done(&self, number: u64, response: Option<(Vec<Header>, Vec<u8>)>) {
        let index = self
            .callouts
            .borrow()
            .iter()
            .position(|(other, _)| *other == number);
        let (Some(index), Some((vm, _))) = (index, self.vm()) else {
            return;
        };
        let (_, id) = self.callouts.borrow_mut().swap_remove(index);
        match response {
            Some((headers, body)) => {
                worker::tell(&vm, id, CalloutEvent::Headers(headers, false));
                worker::tell(&vm, id, CalloutEvent::Data(body, true));
            }
            None => worker::tell(&vm, id, CalloutEvent::Reset),
        }
    }

    // --- into the VM ---------------------------------------------------------------------------------------------------

    fn vm(&self) -> Option<(VmHandle<EnvoyHost>, ContextId)> {
        match &*self.context.borrow() {
            Context::Open(vm, id) => Some((Rc::clone(vm), *id)),
            _ => None,
        }
    }

    fn call(
        &self,
        f: impl FnOnce(&mut Vm<EnvoyHost>, ContextId) -> Result<TrailersStatus, Failed>,
    ) -> TrailersStatus {
        let Some((vm, id)) = self.vm() else {
            return match &*self.context.borrow() {
                Context::Refused => TrailersStatus::StopIteration,
                _ => TrailersStatus::Continue,
            };
        };
        let failed_before = vm.try_borrow().is_ok_and(|vm| vm.failed().is_some());
        if failed_before && self.plugin.plugin.failure_policy == FailurePolicy::FailOpen {
            return TrailersStatus::Continue;
        }
        match worker::drive(&vm, |vm| f(vm, id)) {
            Ok(Ok(status)) => status,
            _ => self.refuse(),
        }
    }

    fn refuse(&self) -> TrailersStatus {
        if self.vm().is_none() {
            self.context.replace(Context::Refused);
        }
        if self.alive.get() && !self.closed.get() {
            self.connection.close(b"wasm_fail_stream");
        }
        TrailersStatus::StopIteration
    }

    pub fn apply(&self, effect: Effect) {
        if !self.alive.get() {
            return;
        }
        match effect {
            Effect::Continue {
                direction: StreamType::Downstream,
                ..
            } => {
                self.connection.continue_reading();
            }
            Effect::Close {
                direction: StreamType::Downstream | StreamType::Upstream,
                ..
            } => {
                self.connection.close(b"wasm_close_stream");
            }
            _ => {}
        }
    }

    // --- data -----------------------------------------------------------------------------------------------------------------

    fn bytes(&self, direction: Direction) -> u32 {
        u32::try_from(self.connection.len(direction)).unwrap_or(u32::MAX)
    }

    pub fn data_len(&self, buffer: StreamBuffer) -> Result<usize, Status> {
        let direction = direction_of(buffer)?;
        if !self.alive.get() {
            return Err(Status::NotFound);
        }
        Ok(self.connection.len(direction))
    }

    /// Appends a range of the data, which lies inside it, to `into`.
    pub fn data(
        &self,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        into: &mut Vec<u8>,
    ) -> Result<(), Status> {
        let direction = direction_of(buffer)?;
        if !self.alive.get() {
            return Err(Status::NotFound);
        }
        let mut range = Range {
            skip: start,
            take: length,
        };
        self.connection
            .data(direction, &mut |chunk| range.copy(chunk, into));
        Ok(())
    }

    /// Puts bytes in the place of a range of the data.
    pub fn splice_data(
        &self,
        buffer: StreamBuffer,
        start: usize,
        length: usize,
        bytes: &[u8],
    ) -> Result<(), Status> {
        let direction = direction_of(buffer)?;
        let total = self.data_len(buffer)?;
        let (mut front, mut back) = (Vec::new(), Vec::new());
        if start < total {
            self.data(buffer, 0, start, &mut front)?;
            self.data(buffer, start + length, total - start - length, &mut back)?;
            if !self.connection.drain(direction, total) {
                return Err(Status::InternalFailure);
            }
        }
        for part in [&front[..], bytes, &back[..]] {
            if !part.is_empty() && !self.connection.append(direction, part) {
                return Err(Status::InternalFailure);
            }
        }
        Ok(())
    }

    // --- requests of the filter's -----------------------------------------------------------------------------------------------

    /// Starts a request, which has no trailers.
    pub fn start_callout(&self, id: CalloutId, request: &HttpRequest<'_>) -> Result<(), Status> {
        if !request.trailers.is_empty() {
            return Err(Status::Unimplemented);
        }
        let mut headers = request.headers.to_vec();
        if !request.body.is_empty() {
            add_content_length(&mut headers, request.body.len());
        }
        let (upstream, timeout) = (request.upstream, request.timeout);
        let started = self
            .connection
            .http_callout(upstream, &headers, request.body, timeout);
        let number = started.map_err(|problem| match problem {
            callout_init::MISSING_HEADERS | callout_init::CLUSTER_NOT_FOUND => Status::BadArgument,
            callout_init::UNAVAILABLE => Status::Unimplemented,
            _ => Status::InternalFailure,
        })?;
        self.callouts.borrow_mut().push((number, id));
        Ok(())
    }
}
