//! A plugin on a thread: its root context in a VM that others may share, and the failure policy, in one place.

use super::retry::Retry;
use super::{Place, VmHandle, VmSource};
use crate::config::{Backoff, FailurePolicy, PluginConfig};
use crate::context::ContextId;
use crate::error::Error;
use crate::host::ProxyHost;
use crate::shared::Shared;
use crate::vm::Vm;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// What a new stream has to do with a plugin.
pub enum Admission<H: ProxyHost> {
    /// The filter sees it: in this VM, for this root.
    Filter(VmHandle<H>, ContextId),
    /// It passes as if there were no filter.
    Skip,
    /// It is answered with 503, and `wasm_fail_stream` as the reason.
    Refuse,
}

impl<H: ProxyHost> std::fmt::Debug for Admission<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Admission::Filter(_, root) => f.debug_tuple("Filter").field(root).finish(),
            Admission::Skip => f.write_str("Skip"),
            Admission::Refuse => f.write_str("Refuse"),
        }
    }
}

/// A plugin on a thread.
pub struct Plugin<H: ProxyHost> {
    pub(super) config: Arc<PluginConfig>,
    pub(super) place: Rc<Place<H>>,
    pub(super) shared: Arc<Shared>,
    pub(super) source: Rc<dyn VmSource<H>>,
    /// The root context, and the VM that it is in.
    pub(super) root: RefCell<Option<(VmHandle<H>, ContextId)>>,
    /// Of the root in a VM that is well.
    pub(super) retry: RefCell<Retry>,
}

impl<H: ProxyHost> std::fmt::Debug for Plugin<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plugin")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl<H: ProxyHost> Plugin<H> {
    pub fn config(&self) -> &Arc<PluginConfig> {
        &self.config
    }

    /// The plugin's VM and root, if they are there and alive.
    pub fn running(&self) -> Option<(VmHandle<H>, ContextId)> {
        let root = self.root.borrow();
        let (vm, root) = root.as_ref()?;
        // A VM that is busy is alive.
        let alive = vm.try_borrow().map_or(true, |vm| vm.failed().is_none());
        alive.then(|| (Rc::clone(vm), *root))
    }

    /// Makes VM and root if they are not there, whatever the failure policy says of earlier attempts. `Busy` if the
    /// VM is there, the root is not, and the VM is in a call.
    pub fn start(&self) -> Result<(VmHandle<H>, ContextId), Error> {
        if let Some(running) = self.running() {
            return Ok(running);
        }
        let vm = self.vm()?;
        self.retry.borrow_mut().made = Some(Instant::now());
        let mut borrowed = vm.try_borrow_mut().map_err(|_| Error::Busy)?;
        let root = borrowed.start_root(&self.config)?;
        drop(borrowed);
        self.retry.borrow_mut().not_before = None;
        *self.root.borrow_mut() = Some((Rc::clone(&vm), root));
        Ok((vm, root))
    }

    /// The VM of the plugin's place; a new one if that is dead.
    fn vm(&self) -> Result<VmHandle<H>, Error> {
        let mut state = self.place.state.borrow_mut();
        if let Some(vm) = &state.vm
            && vm.try_borrow().map_or(true, |vm| vm.failed().is_none())
        {
            return Ok(Rc::clone(vm));
        }
        state.vm = None;
        state.retry.made = Some(Instant::now());
        state.retry.not_before = None;
        let host = self.source.host(&self.config);
        let wake = self.source.wake(&self.config);
        let filter = &self.place.filter;
        let vm = Vm::new(filter, &self.config, &self.shared, wake, host)?;
        let vm = Rc::new(RefCell::new(vm));
        state.vm = Some(Rc::clone(&vm));
        Ok(vm)
    }

    /// What a new stream has to do with the plugin: the failure policy in one place.
    pub fn admit(&self, now: Instant) -> Admission<H> {
        if let Some((vm, root)) = self.running() {
            return Admission::Filter(vm, root);
        }
        let policy = self.config.failure_policy;
        let backoff = match policy {
            FailurePolicy::Reload(backoff) => backoff,
            _ => Backoff::default(),
        };
        self.note_dead_vm(backoff, now);
        let forbidden = self.place.state.borrow().retry.forbids(policy, now)
            || self.retry.borrow().forbids(policy, now);
        if !forbidden {
            match self.start() {
                Ok((vm, root)) => return Admission::Filter(vm, root),
                // Not its fault: the next stream may find it free.
                Err(Error::Busy) => {}
                Err(error) => {
                    self.source.report(&self.config, &error);
                    self.note_dead_vm(backoff, now);
                    let mut place = self.place.state.borrow_mut();
                    if place.vm.is_some() {
                        self.retry.borrow_mut().note(backoff, now);
                    } else if place.retry.not_before.is_none() {
                        // There was no VM that could have died.
                        place.retry.note(backoff, now);
                    }
                }
            }
        }
        match policy {
            FailurePolicy::FailOpen => Admission::Skip,
            FailurePolicy::FailClosed | FailurePolicy::Reload(_) => Admission::Refuse,
        }
    }

    /// Takes a VM that failed out of its place: nobody looks at it again, but for the streams that are in it.
    fn note_dead_vm(&self, backoff: Backoff, now: Instant) {
        let mut place = self.place.state.borrow_mut();
        let failed = |vm: &VmHandle<H>| vm.try_borrow().is_ok_and(|vm| vm.failed().is_some());
        if place.vm.as_ref().is_some_and(failed) {
            place.vm = None;
            place.retry.note(backoff, now);
        }
    }
}
