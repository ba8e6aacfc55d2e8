//! What a VM's store holds beside the guest: the proxy's object, the contexts, what the running callback is about.

use crate::abi::{AbiVersion, BufferType, MapType, Status};
use crate::callout::Callouts;
use crate::config::PluginConfig;
use crate::context::{ContextId, Contexts, Stream};
use crate::effect::{Effect, Refusal};
use crate::host::{Header, ProxyHost};
use crate::hostcalls::log::LogBudget;
use crate::hostcalls::metrics::VmMetrics;
use crate::pairs::PairsBuffer;
use crate::shared::{Inbox, Shared, VmSpace};
use ahead_runtime::{Caller, GuestMemory, TypedFunc};
use ahead_wasi::WasiCtx;
use std::sync::Arc;

pub(crate) struct State<H: ProxyHost> {
    pub host: H,
    pub abi: AbiVersion,
    pub wasi: WasiCtx,
    /// The plugin that the VM was made for: what belongs to the VM is in it.
    pub config: Arc<PluginConfig>,
    pub contexts: Contexts<H::Stream>,
    /// What hostcalls are about: the callback's context, or what the guest has put in its place.
    pub effective: ContextId,
    /// The callback's own context.
    pub current: ContextId,
    /// A local response was sent in the running callback: iteration stops whatever the filter answers.
    pub stop: bool,
    /// The plugin whose configuration may be read now.
    pub configuring: Option<Arc<PluginConfig>>,
    pub message: Message,
    pub callouts: Callouts,
    pub effects: Vec<Effect>,
    /// Roots that called `proxy_done`, to be deleted when the guest has returned.
    pub finished: Vec<ContextId>,
    /// The guest's allocator; `None` until the instance is there.
    pub allocate: Option<TypedFunc<(u32,), u32>>,
    pub shared: Arc<Shared>,
    pub space: Arc<VmSpace>,
    pub inbox: Arc<Inbox>,
    pub metrics: VmMetrics,
    pub log_budget: LogBudget,
    pub properties: crate::hostcalls::properties::Declared,
    /// What hostcalls build values in, kept for its allocation.
    pub scratch: Vec<u8>,
    pub pairs: PairsBuffer,
}

/// What the running callback brings and only it can be asked about.
#[derive(Debug, Default)]
pub(crate) struct Message {
    pub initial_metadata: Option<Vec<Header>>,
    pub trailing_metadata: Option<Vec<Header>>,
    pub http_headers: Option<Vec<Header>>,
    pub http_trailers: Option<Vec<Header>>,
    pub http_body: Option<Vec<u8>>,
    pub grpc_message: Option<Vec<u8>>,
    pub call_data: Option<Vec<u8>>,
    /// For `proxy_get_status`.
    pub status: u32,
    pub status_message: Vec<u8>,
}

impl Message {
    /// A map of the message; `None` if the callback brings none.
    pub fn map(&self, map: MapType) -> Option<&[Header]> {
        let map = match map {
            MapType::GrpcReceiveInitialMetadata => &self.initial_metadata,
            MapType::GrpcReceiveTrailingMetadata => &self.trailing_metadata,
            MapType::HttpCallResponseHeaders => &self.http_headers,
            MapType::HttpCallResponseTrailers => &self.http_trailers,
            _ => return None,
        };
        map.as_deref()
    }

    /// A buffer of the message; `None` if the callback brings none.
    pub fn buffer(&self, buffer: BufferType) -> Option<&[u8]> {
        let buffer = match buffer {
            BufferType::HttpCallResponseBody => &self.http_body,
            BufferType::GrpcReceiveBuffer => &self.grpc_message,
            BufferType::CallData => &self.call_data,
            _ => return None,
        };
        buffer.as_deref()
    }
}

impl<H: ProxyHost> State<H> {
    /// The stream that hostcalls are about; `BadArgument` for a root context.
    pub fn stream(&mut self) -> Result<(&mut H, &mut Stream<H::Stream>), Status> {
        match self.contexts.stream_mut(self.effective) {
            Some(stream) => Ok((&mut self.host, stream)),
            None => Err(Status::BadArgument),
        }
    }

    /// The proxy and the stream that hostcalls are about, if it is a stream.
    pub fn host_and_stream(&mut self) -> (&mut H, Option<&mut H::Stream>) {
        let stream = self.contexts.stream_mut(self.effective);
        (&mut self.host, stream.map(|stream| &mut stream.proxy))
    }

    /// The root context that hostcalls are about; `BadArgument` while the VM starts.
    pub fn root(&self) -> Result<ContextId, Status> {
        self.contexts
            .root_of(self.effective)
            .ok_or(Status::BadArgument)
    }

    /// The plugin that hostcalls are about. While the VM starts, the one it was made for.
    pub fn plugin(&self) -> &PluginConfig {
        let root = self.contexts.root_of(self.effective);
        match root.and_then(|root| self.contexts.root(root)) {
            Some(root) => &root.plugin,
            None => &self.config,
        }
    }

    /// `InternalFailure` if the guest has asked for too much in one callback.
    pub fn push_effect(&mut self, effect: Effect) -> Result<(), Status> {
        if self.effects.len() >= self.config.limits.effects_max {
            return Err(Status::InternalFailure);
        }
        self.effects.push(effect);
        Ok(())
    }
}

/// Scratch space larger than this is given back after use.
const SCRATCH_BYTES_KEPT: usize = 1 << 20;

/// A hostcall under way.
pub(crate) struct Call<'a, H: ProxyHost>(pub Caller<'a, State<H>>);

impl<H: ProxyHost> Call<'_, H> {
    pub fn parts(&mut self) -> (GuestMemory<'_>, &mut State<H>) {
        self.0.memory_and_data()
    }

    pub fn state(&mut self) -> &mut State<H> {
        self.0.data_mut()
    }

    /// `InvalidMemoryAccess` unless the guest has `bytes` bytes at `address`. For results, before anything is
    /// done that could not be undone.
    pub fn check(&mut self, address: u32, bytes: u32) -> Result<(), Refusal> {
        self.0.memory().slice(address, bytes)?;
        Ok(())
    }

    pub fn write_u32(&mut self, address: u32, value: u32) -> Result<(), Refusal> {
        Ok(self.0.memory().write_u32(address, value)?)
    }

    pub fn write_u64(&mut self, address: u32, value: u64) -> Result<(), Refusal> {
        Ok(self.0.memory().write_u64(address, value)?)
    }

    /// Memory from the guest's own allocator.
    pub fn allocate(&mut self, bytes: usize) -> Result<u32, Refusal> {
        let bytes = u32::try_from(bytes).map_err(|_| Status::InvalidMemoryAccess)?;
        let allocate = self.state().allocate.ok_or(Status::InternalFailure)?;
        match allocate.call(&mut self.0, (bytes,))? {
            0 => Err(Status::InvalidMemoryAccess.into()),
            address => Ok(address),
        }
    }

    /// Lets `make` build a value and hands it to the guest: address and length to where the guest wants them.
    /// An empty value is address 0, and costs no allocation.
    pub fn produce(
        &mut self,
        return_data: u32,
        return_size: u32,
        make: impl FnOnce(&GuestMemory<'_>, &mut State<H>, &mut Vec<u8>) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let (memory, state) = self.parts();
        memory.slice(return_data, 4)?;
        memory.slice(return_size, 4)?;
        let mut value = std::mem::take(&mut state.scratch);
        value.clear();
        let made = make(&memory, state, &mut value);
        drop(memory);
        let given = made.and_then(|()| self.give(return_data, return_size, [&value, &[]]));
        if value.capacity() <= SCRATCH_BYTES_KEPT {
            self.state().scratch = value;
        }
        given
    }

    /// Hands a value of two parts to the guest.
    pub fn give(
        &mut self,
        return_data: u32,
        return_size: u32,
        parts: [&[u8]; 2],
    ) -> Result<(), Refusal> {
        let bytes = parts[0].len() + parts[1].len();
        let address = match bytes {
            0 => 0,
            _ => self.allocate(bytes)?,
        };
        let mut memory = self.0.memory();
        // Whole or not at all, and no sum that wraps around.
        let place = memory.slice_mut(address, bytes as u32)?;
        let (first, second) = place.split_at_mut(parts[0].len());
        first.copy_from_slice(parts[0]);
        second.copy_from_slice(parts[1]);
        memory.write_u32(return_data, address)?;
        memory.write_u32(return_size, bytes as u32)?;
        Ok(())
    }
}
