//! What happens to plugins outside of streams: ticks, queues, calls by the proxy.

use super::Vm;
use crate::context::{ContextId, Root};
use crate::error::Failed;
use crate::host::ProxyHost;
use crate::state::Message;
use std::time::Instant;

impl<H: ProxyHost> Vm<H> {
    /// When the next tick is due.
    pub fn next_tick(&self) -> Option<Instant> {
        let roots = self.store.data().contexts.roots();
        roots
            .filter_map(|(_, root)| root.tick.map(|tick| tick.due))
            .min()
    }

    /// `proxy_on_tick` of each root whose tick is due at `now`. Its next one is a period later, counted from
    /// `now`: a tick that comes late is not made up for.
    pub fn run_ticks(&mut self, now: Instant) -> Result<(), Failed> {
        let roots = self.store.data().contexts.roots();
        let is_due = |root: &Root| root.tick.is_some_and(|tick| tick.due <= now);
        let due: Vec<_> = roots
            .filter(|(_, root)| is_due(root))
            .map(|(id, _)| id)
            .collect();
        for root in due {
            let Some(context) = self.store.data_mut().contexts.root_mut(root) else {
                continue;
            };
            if let Some(tick) = &mut context.tick {
                tick.due = now + tick.period;
            }
            self.on_tick(root)?;
        }
        Ok(())
    }

    /// `proxy_on_tick` of one root.
    pub fn on_tick(&mut self, root: ContextId) -> Result<(), Failed> {
        let callback = self.callbacks.proxy_on_tick;
        self.call(root, "proxy_on_tick", callback, (root.0,))?;
        Ok(())
    }

    /// Whether a queue has something for this VM.
    pub fn has_queue_notices(&self) -> bool {
        self.store.data().inbox.len() > 0
    }

    /// `proxy_on_queue_ready` for each item that has come in since.
    pub fn on_queue_ready(&mut self) -> Result<(), Failed> {
        // As many as there are now: a filter that feeds its own queue must not keep its thread.
        for _ in 0..self.store.data().inbox.len() {
            let Some((root, queue)) = self.store.data().inbox.take() else {
                break;
            };
            if !self.has_root(root) {
                continue;
            }
            let callback = self.callbacks.proxy_on_queue_ready;
            self.call(root, "proxy_on_queue_ready", callback, (root.0, queue))?;
        }
        Ok(())
    }

    /// `proxy_on_foreign_function`: the proxy calls a function of the filter by number.
    pub fn on_foreign_function(
        &mut self,
        root: ContextId,
        function: u32,
        arguments: Vec<u8>,
    ) -> Result<(), Failed> {
        let callback = self.callbacks.proxy_on_foreign_function;
        let length = u32::try_from(arguments.len()).unwrap_or(u32::MAX);
        self.store.data_mut().message.call_data = Some(arguments);
        let params = (root.0, function, length);
        let called = self.call(root, "proxy_on_foreign_function", callback, params);
        self.store.data_mut().message = Message::default();
        called.map(drop)
    }
}
