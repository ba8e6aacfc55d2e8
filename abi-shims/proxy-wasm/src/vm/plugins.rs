//! Plugins: root contexts, from their start to their end.

use super::Vm;
use crate::config::PluginConfig;
use crate::context::{Context, ContextId, Ending, Root};
use crate::error::{Error, Failed};
use crate::host::ProxyHost;
use std::sync::Arc;

impl<H: ProxyHost> Vm<H> {
    /// Makes a plugin's root context and starts it: `proxy_on_context_create`, `proxy_on_vm_start`,
    /// `proxy_on_configure`. `Refused` if one of the latter returns false: then there is no context.
    pub fn start_root(&mut self, plugin: &Arc<PluginConfig>) -> Result<ContextId, Error> {
        self.alive()?;
        let root = self.store.data_mut().contexts.add(Context::Root(Root {
            plugin: Arc::clone(plugin),
            tick: None,
            ending: Ending::Alive,
        }));
        let started = self.start_plugin(root, plugin);
        let state = self.store.data_mut();
        state.configuring = None;
        if started.is_err() {
            state.contexts.remove(root);
            for callout in state.callouts.drain(Some(root)) {
                state.host.reset_callout(callout);
            }
        }
        started.map(|()| root)
    }

    fn start_plugin(&mut self, root: ContextId, plugin: &Arc<PluginConfig>) -> Result<(), Error> {
        let callbacks = self.callbacks;
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.store.data_mut().configuring = Some(Arc::clone(plugin));
        self.create(root, ContextId::NONE)?;
        self.store.data_mut().configuring = None;
        let params = (root.0, length(&self.store.data().config.vm_configuration));
        let callback = callbacks.proxy_on_vm_start;
        if self.call(root, "proxy_on_vm_start", callback, params)? == Some(0) {
            return Err(Error::Refused("proxy_on_vm_start"));
        }
        self.store.data_mut().configuring = Some(Arc::clone(plugin));
        let params = (root.0, length(&plugin.configuration));
        let callback = callbacks.proxy_on_configure;
        if self.call(root, "proxy_on_configure", callback, params)? == Some(0) {
            return Err(Error::Refused("proxy_on_configure"));
        }
        Ok(())
    }

    pub(super) fn create(&mut self, context: ContextId, parent: ContextId) -> Result<(), Failed> {
        let callback = self.callbacks.proxy_on_context_create;
        let params = (context.0, parent.0);
        self.call(context, "proxy_on_context_create", callback, params)?;
        Ok(())
    }

    /// Ends a plugin: `proxy_on_done` and, unless that returned false, `proxy_on_delete`. If it did, the root stays
    /// and ticks until it calls `proxy_done`. Gives whether the root is gone.
    pub fn end_root(&mut self, root: ContextId) -> Result<bool, Failed> {
        let Some(context) = self.store.data_mut().contexts.root_mut(root) else {
            return Ok(true);
        };
        // Before the guest runs: it may call `proxy_done` from within.
        context.ending = Ending::Pending;
        let callback = self.callbacks.proxy_on_done;
        let done = self.call(root, "proxy_on_done", callback, (root.0,))?;
        if !self.store.data().contexts.contains(root) {
            return Ok(true);
        }
        if done == Some(0) {
            return Ok(false);
        }
        self.delete(root);
        self.alive().map(|()| true)
    }

    /// Whether a root is there.
    pub fn has_root(&self, root: ContextId) -> bool {
        self.store.data().contexts.root(root).is_some()
    }

    /// The plugin of a root.
    pub fn plugin(&self, root: ContextId) -> Option<&Arc<PluginConfig>> {
        let root = self.store.data().contexts.root(root);
        root.map(|root| &root.plugin)
    }
}
