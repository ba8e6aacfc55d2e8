//! Streams and connections as contexts: how they begin and end. What happens to them in between is in `http.rs` and
//! `network.rs`.

use super::Vm;
use crate::context::{Context, ContextId, Ending, Stream};
use crate::effect::Effect;
use crate::error::Failed;
use crate::host::ProxyHost;

impl<H: ProxyHost> Vm<H> {
    /// Makes a context for a stream or connection of a plugin: `proxy_on_context_create`.
    pub fn open_stream(&mut self, root: ContextId, stream: H::Stream) -> Result<ContextId, Failed> {
        self.alive()?;
        let state = self.store.data_mut();
        let id = state.contexts.add(Context::Stream(Stream {
            root,
            proxy: stream,
            answered: false,
            ending: Ending::Alive,
        }));
        if let Err(failed) = self.create(id, root) {
            self.store.data_mut().contexts.remove(id);
            return Err(failed);
        }
        Ok(id)
    }

    /// What the adapter keeps of a stream.
    pub fn stream(&self, id: ContextId) -> Option<&H::Stream> {
        let stream = self.store.data().contexts.stream(id);
        stream.map(|stream| &stream.proxy)
    }

    pub fn stream_mut(&mut self, id: ContextId) -> Option<&mut H::Stream> {
        let stream = self.store.data_mut().contexts.stream_mut(id);
        stream.map(|stream| &mut stream.proxy)
    }

    /// The streams that are open.
    pub fn streams(&self) -> impl Iterator<Item = (ContextId, &H::Stream)> {
        let streams = self.store.data().contexts.streams();
        streams.map(|(id, stream)| (id, &stream.proxy))
    }

    /// `proxy_on_log`: the stream is over, and its maps can be read a last time.
    pub fn on_log(&mut self, id: ContextId) -> Result<(), Failed> {
        let callback = self.callbacks.proxy_on_log;
        self.call(id, "proxy_on_log", callback, (id.0,))?;
        Ok(())
    }

    /// `proxy_on_done`. A stream is done whatever it returns.
    pub fn on_done(&mut self, id: ContextId) -> Result<bool, Failed> {
        if let Some(stream) = self.store.data_mut().contexts.stream_mut(id) {
            stream.ending = Ending::Done;
        }
        let callback = self.callbacks.proxy_on_done;
        let done = self.call(id, "proxy_on_done", callback, (id.0,))?;
        Ok(done != Some(0))
    }

    /// Ends a stream: `proxy_on_done`, if it was not called yet, and `proxy_on_delete`. Gives back what the
    /// adapter kept, even if the filter fails: then see [`Vm::failed`].
    pub fn close_stream(&mut self, id: ContextId) -> Option<H::Stream> {
        let stream = self.store.data().contexts.stream(id)?;
        if stream.ending == Ending::Alive && self.failed.is_none() {
            // A failure is in `failed`.
            let _ = self.on_done(id);
        }
        let context = self.delete(id);
        // Nothing can be done to a stream that is gone.
        let of_stream = |effect: &Effect| effect.stream() == id;
        self.store
            .data_mut()
            .effects
            .retain(|effect| !of_stream(effect));
        match context {
            Some(Context::Stream(stream)) => Some(stream.proxy),
            _ => None,
        }
    }
}
