//! Contexts: a plugin's root context, and one for each stream or connection.
//!
//! Guests know them by number. Numbers start at 1 and are given once in a VM; 0 is no context.

use crate::config::PluginConfig;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The number of a context in its VM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContextId(pub u32);

impl ContextId {
    /// While code of the VM runs for no plugin yet: `_initialize`, `_start`.
    pub(crate) const NONE: ContextId = ContextId(0);
}

pub(crate) enum Context<S> {
    Root(Root),
    Stream(Stream<S>),
}

pub(crate) struct Root {
    pub plugin: Arc<PluginConfig>,
    pub tick: Option<Tick>,
    pub ending: Ending,
}

/// How far the end of a context has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    Alive,
    /// `proxy_on_done` returned false: `proxy_done` is waited for.
    Pending,
    /// `proxy_on_delete` is next.
    Done,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick {
    pub period: Duration,
    pub due: Instant,
}

pub(crate) struct Stream<S> {
    pub root: ContextId,
    pub proxy: S,
    /// A local response was sent: there is no second.
    pub answered: bool,
    pub ending: Ending,
}

pub(crate) struct Contexts<S> {
    contexts: HashMap<ContextId, Context<S>, BuildHasherDefault<NumberHasher>>,
    /// Those that are roots: few, and looked at with each stream, of which there may be many.
    roots: Vec<ContextId>,
    next: u32,
}

impl<S> Contexts<S> {
    pub fn new() -> Self {
        Contexts {
            contexts: HashMap::default(),
            roots: Vec::new(),
            next: 1,
        }
    }

    pub fn add(&mut self, context: Context<S>) -> ContextId {
        loop {
            let id = ContextId(self.next);
            self.next = self.next.wrapping_add(1).max(1);
            if let Entry::Vacant(place) = self.contexts.entry(id) {
                if let Context::Root(_) = context {
                    self.roots.push(id);
                }
                place.insert(context);
                return id;
            }
        }
    }

    pub fn remove(&mut self, id: ContextId) -> Option<Context<S>> {
        let context = self.contexts.remove(&id);
        if let Some(Context::Root(_)) = context {
            self.roots.retain(|root| *root != id);
        }
        context
    }

    pub fn get_mut(&mut self, id: ContextId) -> Option<&mut Context<S>> {
        self.contexts.get_mut(&id)
    }

    pub fn contains(&self, id: ContextId) -> bool {
        self.contexts.contains_key(&id)
    }

    pub fn stream(&self, id: ContextId) -> Option<&Stream<S>> {
        match self.contexts.get(&id)? {
            Context::Stream(stream) => Some(stream),
            Context::Root(_) => None,
        }
    }

    pub fn stream_mut(&mut self, id: ContextId) -> Option<&mut Stream<S>> {
        match self.contexts.get_mut(&id)? {
            Context::Stream(stream) => Some(stream),
            Context::Root(_) => None,
        }
    }

    pub fn root(&self, id: ContextId) -> Option<&Root> {
        match self.contexts.get(&id)? {
            Context::Root(root) => Some(root),
            Context::Stream(_) => None,
        }
    }

    pub fn root_mut(&mut self, id: ContextId) -> Option<&mut Root> {
        match self.contexts.get_mut(&id)? {
            Context::Root(root) => Some(root),
            Context::Stream(_) => None,
        }
    }

    /// The root that a context belongs to, which may be itself.
    pub fn root_of(&self, id: ContextId) -> Option<ContextId> {
        match self.contexts.get(&id)? {
            Context::Root(_) => Some(id),
            Context::Stream(stream) => Some(stream.root),
        }
    }

    pub fn roots(&self) -> impl Iterator<Item = (ContextId, &Root)> {
        let roots = self.roots.iter();
        roots.filter_map(|id| Some((*id, self.root(*id)?)))
    }

    pub fn streams(&self) -> impl Iterator<Item = (ContextId, &Stream<S>)> {
        self.contexts
            .iter()
            .filter_map(|(id, context)| match context {
                Context::Stream(stream) => Some((*id, stream)),
                Context::Root(_) => None,
            })
    }
}

/// Hashes numbers that count up and that nobody outside chooses, so that they need no protection.
#[derive(Default)]
pub(crate) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        // The table takes its bits from both ends of the hash.
        self.0 = (number ^ self.0).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
