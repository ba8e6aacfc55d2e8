//! What a filter asked for in a callback and the proxy does when the guest has returned.

use crate::abi::{Status, StreamType};
use crate::context::ContextId;
use crate::host::Header;

/// Something to be done for a stream, in the order in which the filter asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Resume what waits.
    Continue {
        stream: ContextId,
        direction: StreamType,
    },
    /// Close or reset it.
    Close {
        stream: ContextId,
        direction: StreamType,
    },
    /// Answer the request. At most once for each stream.
    Respond {
        stream: ContextId,
        response: LocalResponse,
    },
}

impl Effect {
    /// The stream that it is about.
    pub fn stream(&self) -> ContextId {
        match self {
            Effect::Continue { stream, .. }
            | Effect::Close { stream, .. }
            | Effect::Respond { stream, .. } => *stream,
        }
    }
}

/// A response that the filter gives itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalResponse {
    /// 200 to 599.
    pub status: u16,
    /// Why, for the proxy's log: graphic ASCII; what else the filter wrote is `_`.
    pub details: Vec<u8>,
    pub headers: Vec<Header>,
    pub body: Vec<u8>,
    /// For a gRPC request; `None`: to be derived from `status`.
    pub grpc_status: Option<u32>,
}

/// How a hostcall ends that does not end well: with a status for the guest, or with the guest.
#[derive(Debug)]
pub(crate) enum Refusal {
    Status(Status),
    Trap(ahead_runtime::Trap),
}

pub(crate) type Outcome = Result<(), Refusal>;

impl From<Status> for Refusal {
    fn from(status: Status) -> Self {
        Refusal::Status(status)
    }
}

impl From<ahead_runtime::Trap> for Refusal {
    fn from(trap: ahead_runtime::Trap) -> Self {
        Refusal::Trap(trap)
    }
}

impl From<ahead_runtime::OutOfBounds> for Refusal {
    fn from(_: ahead_runtime::OutOfBounds) -> Self {
        Refusal::Status(Status::InvalidMemoryAccess)
    }
}
