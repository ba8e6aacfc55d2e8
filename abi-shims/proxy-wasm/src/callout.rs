//! Requests and streams that a VM's filters have under way, by the proxy's number and by the guest's.
//!
//! The guest's number says in its lowest two bits what it stands for, so that a number of another kind is told
//! from one that is gone:
//!
//! ```text
//! 31            2 | 1  0
//! counts up       | kind
//! ```

use crate::context::ContextId;
use crate::grpc::GrpcCall;
use crate::host::{CalloutId, Header};
use std::collections::{HashMap, HashSet};

/// What came of a request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpResponse {
    /// With `:status`.
    pub headers: Vec<Header>,
    pub body: Vec<u8>,
    pub trailers: Vec<Header>,
}

/// What a number of the guest stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Kind {
    Http = 0,
    GrpcCall = 1,
    GrpcStream = 2,
}

impl Kind {
    pub fn of(token: u32) -> Option<Kind> {
        match token & 3 {
            0 => Some(Kind::Http),
            1 => Some(Kind::GrpcCall),
            2 => Some(Kind::GrpcStream),
            _ => None,
        }
    }
}

pub(crate) struct Callout {
    /// The guest's number.
    pub token: u32,
    /// Whose callbacks tell of it.
    pub root: ContextId,
    pub kind: Kind,
    pub grpc: Option<GrpcCall>,
}

#[derive(Default)]
pub(crate) struct Callouts {
    by_id: HashMap<CalloutId, Callout>,
    by_token: HashMap<u32, CalloutId>,
    /// Streams that the other side ended and the guest has not closed yet.
    half_open: HashSet<u32>,
    last: u32,
}

impl Callouts {
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// A number for the guest that no callout has.
    pub fn next_token(&mut self, kind: Kind) -> u32 {
        loop {
            self.last = self.last.wrapping_add(1) & (u32::MAX >> 2);
            let token = self.last << 2 | kind as u32;
            let taken = self.by_token.contains_key(&token) || self.half_open.contains(&token);
            if self.last != 0 && !taken {
                return token;
            }
        }
    }

    pub fn add(&mut self, id: CalloutId, callout: Callout) {
        self.by_token.insert(callout.token, id);
        self.by_id.insert(id, callout);
    }

    pub fn contains(&self, id: CalloutId) -> bool {
        self.by_id.contains_key(&id)
    }

    pub fn get(&self, id: CalloutId) -> Option<&Callout> {
        self.by_id.get(&id)
    }

    /// The receiving side of a gRPC call or stream.
    pub fn grpc_mut(&mut self, id: CalloutId) -> Option<&mut GrpcCall> {
        self.by_id.get_mut(&id)?.grpc.as_mut()
    }

    /// Remembers a stream that only the guest can still close; not more of them than `most`.
    pub fn keep_open(&mut self, token: u32, most: usize) {
        if self.half_open.len() < most {
            self.half_open.insert(token);
        }
    }

    pub fn is_half_open(&self, token: u32) -> bool {
        self.half_open.contains(&token)
    }

    /// Closes a stream that the other side ended; false if it is none.
    pub fn close_half_open(&mut self, token: u32) -> bool {
        self.half_open.remove(&token)
    }

    pub fn get_mut(&mut self, id: CalloutId) -> Option<&mut Callout> {
        self.by_id.get_mut(&id)
    }

    pub fn by_token(&self, token: u32) -> Option<CalloutId> {
        self.by_token.get(&token).copied()
    }

    pub fn remove(&mut self, id: CalloutId) -> Option<Callout> {
        let callout = self.by_id.remove(&id)?;
        self.by_token.remove(&callout.token);
        Some(callout)
    }

    /// Removes all callouts of a root, or of all roots.
    pub fn drain(&mut self, root: Option<ContextId>) -> Vec<CalloutId> {
        let gone = self.by_id.iter();
        let gone = gone.filter(|(_, callout)| root.is_none_or(|root| callout.root == root));
        let gone: Vec<_> = gone.map(|(id, _)| *id).collect();
        for id in &gone {
            self.remove(*id);
        }
        gone
    }
}
