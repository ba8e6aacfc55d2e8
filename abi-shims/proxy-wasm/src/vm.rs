//! A VM: one instance of a filter on one thread, with the contexts of its plugins and streams.
//!
//! Whoever drives it (a proxy's adapter) forwards events as method calls. Each calls the filter at most once for
//! each thing that happened, and comes back with what the filter answered. Then the adapter takes the
//! [effects](Vm::take_effects): what the filter asked to be done to streams. They are applied with the VM at
//! rest, because the proxy may come back from them with the next event.
//!
//! A trap ends the VM. Every call after it gives the same [`Failed`], without touching the guest.
//!
//! Callouts are in `vm/callouts.rs`, HTTP streams in `vm/http.rs`, connections in `vm/network.rs`.

mod callouts;
mod http;
mod network;

use crate::callbacks::Callbacks;
use crate::callout::Callouts;
use crate::config::PluginConfig;
use crate::context::{Context, ContextId, Contexts, Ending, Root, Stream};
use crate::effect::Effect;
use crate::error::{Error, Failed};
use crate::filter::Filter;
use crate::host::ProxyHost;
use crate::hostcalls::log::LogBudget;
use crate::shared::{Inbox, Shared};
use crate::state::{Message, State};
use crate::wasi;
use ahead_runtime::{Store, StoreConfig, TrapReason, TypedFunc, WasmValues};
use std::sync::Arc;
use std::time::Instant;

/// One instance of a filter.
pub struct Vm<H: ProxyHost> {
    store: Store<State<H>>,
    callbacks: Callbacks,
    failed: Option<Failed>,
}

impl<H: ProxyHost> std::fmt::Debug for Vm<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vm")
            .field("failed", &self.failed)
            .finish_non_exhaustive()
    }
}

impl<H: ProxyHost> Vm<H> {
    /// Makes an instance and lets it initialise itself: `_initialize` and `main`, or `_start`. No plugin runs in it
    /// yet.
    ///
    /// Of `config` the VM's part counts: `vm_id`, `vm_configuration`, `environment`, `limits`. `wake` is called, on
    /// any thread, when a queue has something for this VM: then [`Vm::on_queue_ready`] is to be called, on the
    /// VM's.
    pub fn new(
        filter: &Filter<H>,
        config: &Arc<PluginConfig>,
        shared: &Arc<Shared>,
        wake: impl Fn() + Send + Sync + 'static,
        host: H,
    ) -> Result<Self, Error> {
        let limits = &config.limits;
        let store_config = StoreConfig {
            stack_bytes_max: limits.stack_bytes_max,
            memory_bytes_max: limits.memory_bytes_max,
            table_elements_max: limits.table_elements_max,
            ..StoreConfig::default()
        };
        let state = State {
            host,
            abi: filter.abi_version(),
            wasi: wasi::context(config)?,
            config: Arc::clone(config),
            contexts: Contexts::new(),
            effective: ContextId::NONE,
            current: ContextId::NONE,
            stop: false,
            configuring: None,
            message: Message::default(),
            callouts: Callouts::default(),
            effects: Vec::new(),
            finished: Vec::new(),
            allocate: None,
            shared: Arc::clone(shared),
            space: shared.space(&config.vm_id),
            inbox: Inbox::new(Box::new(wake)),
            metrics: Default::default(),
            log_budget: LogBudget::new(),
            properties: Default::default(),
            scratch: Vec::new(),
            pairs: Default::default(),
        };
        let mut store = Store::with_config(state, store_config);
        let instance = filter
            .linker()
            .instantiate(&mut store, filter.module())
            .map_err(Error::Instantiate)?;
        let callbacks = Callbacks::of(&store, instance);
        // The specification prefers the first; TinyGo's `malloc` keeps what it gives for ever.
        store.data_mut().allocate = callbacks.proxy_on_memory_allocate.or(callbacks.malloc);
        let mut vm = Vm {
            store,
            callbacks,
            failed: None,
        };
        vm.initialise()?;
        Ok(vm)
    }

    fn initialise(&mut self) -> Result<(), Failed> {
        let callbacks = self.callbacks;
        let none = ContextId::NONE;
        if callbacks._initialize.is_none() {
            return self.run_start(callbacks._start);
        }
        self.call(none, "_initialize", callbacks._initialize, ())?;
        match callbacks.main {
            Some(_) => self.call(none, "main", callbacks.main, (0, 0)).map(drop),
            None => self
                .call(none, "__main_void", callbacks.__main_void, ())
                .map(drop),
        }
    }

    /// A program's start may end with `proc_exit(0)` instead of returning; the instance lives on.
    fn run_start(&mut self, start: Option<TypedFunc<(), ()>>) -> Result<(), Failed> {
        let Some(start) = start else { return Ok(()) };
        match start.call(&mut self.store, ()) {
            Err(trap) if !matches!(trap.kind(), TrapReason::Exit(0)) => {
                Err(self.fail("_start", trap))
            }
            _ => self.after_call(),
        }
    }

    /// Calls a callback of the filter; `None` if it has none.
    fn call<P: WasmValues, R: WasmValues>(
        &mut self,
        context: ContextId,
        name: &'static str,
        callback: Option<TypedFunc<P, R>>,
        params: P,
    ) -> Result<Option<R>, Failed> {
        self.alive()?;
        let Some(callback) = callback else {
            return Ok(None);
        };
        let state = self.store.data_mut();
        state.current = context;
        state.effective = context;
        state.stop = false;
        match callback.call(&mut self.store, params) {
            Ok(result) => {
                if !self.store.data().finished.is_empty() {
                    let stop = self.store.data().stop;
                    self.after_call()?;
                    self.store.data_mut().stop = stop;
                }
                Ok(Some(result))
            }
            Err(trap) => Err(self.fail(name, trap)),
        }
    }

    /// Deletes the roots that are done.
    fn after_call(&mut self) -> Result<(), Failed> {
        while let Some(root) = self.store.data_mut().finished.pop() {
            self.delete(root);
        }
        self.alive()
    }

    #[cold]
    fn fail(&mut self, callback: &'static str, trap: ahead_runtime::Trap) -> Failed {
        let failed = Failed {
            callback,
            trap: Arc::new(trap),
        };
        self.failed = Some(failed.clone());
        let state = self.store.data_mut();
        state.finished.clear();
        // What a broken filter asked for last is nothing to rely on.
        state.effects.clear();
        failed
    }

    /// Calls `proxy_on_delete` and forgets the context, even if the filter fails.
    fn delete(&mut self, id: ContextId) -> Option<Context<H::Stream>> {
        let callback = self.callbacks.proxy_on_delete;
        // A failure is in `failed`.
        let _ = self.call(id, "proxy_on_delete", callback, (id.0,));
        let state = self.store.data_mut();
        let context = state.contexts.remove(id);
        if let Some(Context::Root(_)) = context {
            for callout in state.callouts.drain(Some(id)) {
                state.host.reset_callout(callout);
            }
            state.host.ticks_changed();
        }
        context
    }

    fn alive(&self) -> Result<(), Failed> {
        self.failed.clone().map_or(Ok(()), Err)
    }

    /// Why the VM is dead, if it is.
    pub fn failed(&self) -> Option<&Failed> {
        self.failed.as_ref()
    }

    /// The proxy's object.
    pub fn host(&self) -> &H {
        &self.store.data().host
    }

    pub fn host_mut(&mut self) -> &mut H {
        &mut self.store.data_mut().host
    }

    /// What the filter asked for since the last time, in order.
    #[must_use]
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.store.data_mut().effects)
    }

    // --- plugins ----------------------------------------------------------------------------------------------

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

    fn create(&mut self, context: ContextId, parent: ContextId) -> Result<(), Failed> {
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

    // --- time, queues, foreign functions ----------------------------------------------------------------------

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

    // --- streams ------------------------------------------------------------------------------------------------

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

impl<H: ProxyHost> Drop for Vm<H> {
    fn drop(&mut self) {
        let state = self.store.data_mut();
        for callout in state.callouts.drain(None) {
            state.host.reset_callout(callout);
        }
    }
}
