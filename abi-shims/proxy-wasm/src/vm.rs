//! A VM: one instance of a filter on one thread, with the contexts of its plugins and streams.
//!
//! Whoever drives it (a proxy's adapter) forwards events as method calls. Each calls the filter at most once for
//! each thing that happened, and comes back with what the filter answered. Then the adapter takes the
//! [effects](Vm::take_effects): what the filter asked to be done to streams. They are applied with the VM at
//! rest, because the proxy may come back from them with the next event.
//!
//! A trap ends the VM. Every call after it gives the same [`Failed`], without touching the guest.
//!
//! Here is what all events have in common; the events themselves are in the files of `vm/`.

mod background;
mod callouts;
mod http;
mod network;
mod plugins;
mod streams;

use crate::callbacks::Callbacks;
use crate::callout::Callouts;
use crate::config::PluginConfig;
use crate::context::{Context, ContextId, Contexts};
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
}

impl<H: ProxyHost> Drop for Vm<H> {
    fn drop(&mut self) {
        let state = self.store.data_mut();
        for callout in state.callouts.drain(None) {
            state.host.reset_callout(callout);
        }
    }
}
