//! A thread's VMs and the plugins in them, and what happens when one fails. All adapters use this one registry,
//! so that they behave alike.
//!
//! Plugins of one code, `vm_id` and `vm_configuration` share a VM; each has its own root context. Both are made
//! when a stream first asks for them, or before by [`Plugin::start`], and end when the last handle of the plugin is
//! gone and [`Worker::sweep`] runs.
//!
//! | policy | streams that were in the VM when it failed | streams after it |
//! |---|---|---|
//! | `FailClosed` | answered with 503 | answered with 503 |
//! | `FailOpen` | answered with 503: the filter may have done half of its work | pass without the filter |
//! | `Reload` | answered with 503 | a new VM, not before the backoff is over; 503 until then |
//!
//! A VM is behind a [`RefCell`], because a proxy may come back to its adapter while one of its own functions runs:
//! an event that finds its VM borrowed has to wait until the VM is free.

use crate::config::{Backoff, FailurePolicy, PluginConfig};
use crate::context::ContextId;
use crate::error::Error;
use crate::filter::Filter;
use crate::host::ProxyHost;
use crate::shared::Shared;
use crate::vm::Vm;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// A VM that several plugins may share.
pub type VmHandle<H> = Rc<RefCell<Vm<H>>>;

/// What a worker needs of the adapter for each VM it makes.
pub trait VmSource<H: ProxyHost> {
    /// An object for a new VM.
    fn host(&self, config: &PluginConfig) -> H;

    /// What to call, from any thread, when a queue has something for the VM that is about to be made.
    fn wake(&self, config: &PluginConfig) -> Box<dyn Fn() + Send + Sync>;

    /// A VM or plugin failed; to be logged.
    fn report(&self, config: &PluginConfig, error: &Error);
}

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

/// What tells VMs apart on a thread.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct VmKey {
    code: usize,
    vm_id: String,
    vm_configuration: Vec<u8>,
}

/// When something that failed may be tried again.
#[derive(Debug, Default)]
struct Retry {
    failures: u32,
    /// When it was last made.
    made: Option<Instant>,
    /// Set by a failure, until the next attempt.
    not_before: Option<Instant>,
}

impl Retry {
    /// Notes a failure. One that comes late, when all waits would be over, starts the count anew.
    fn note(&mut self, backoff: Backoff, now: Instant) {
        let lived = self.made.map(|made| now.saturating_duration_since(made));
        if lived.is_some_and(|lived| lived > backoff.max) {
            self.failures = 0;
        }
        let wait = backoff.base.saturating_mul(1 << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        self.not_before = now.checked_add(wait.min(backoff.max));
    }

    /// Whether there is to be no attempt: after a failure, if the policy has only one, or before its time.
    fn forbids(&self, policy: FailurePolicy, now: Instant) -> bool {
        match (policy, self.not_before) {
            (_, None) => false,
            (FailurePolicy::Reload(_), Some(not_before)) => now < not_before,
            (_, Some(_)) => true,
        }
    }
}

/// Where a VM is, or was.
struct Place<H: ProxyHost> {
    filter: Filter<H>,
    state: RefCell<PlaceState<H>>,
}

struct PlaceState<H: ProxyHost> {
    vm: Option<VmHandle<H>>,
    retry: Retry,
}

/// A plugin on a thread.
pub struct Plugin<H: ProxyHost> {
    config: Arc<PluginConfig>,
    place: Rc<Place<H>>,
    shared: Arc<Shared>,
    source: Rc<dyn VmSource<H>>,
    /// The root context, and the VM that it is in.
    root: RefCell<Option<(VmHandle<H>, ContextId)>>,
    /// Of the root in a VM that is well.
    retry: RefCell<Retry>,
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
}

impl<H: ProxyHost> Plugin<H> {
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

/// A thread's registry.
pub struct Worker<H: ProxyHost> {
    shared: Arc<Shared>,
    source: Rc<dyn VmSource<H>>,
    places: HashMap<VmKey, Rc<Place<H>>>,
    plugins: Vec<Rc<Plugin<H>>>,
    /// Roots whose plugin is gone and that have not called `proxy_done` yet.
    ending: Vec<(VmHandle<H>, ContextId)>,
}

impl<H: ProxyHost> std::fmt::Debug for Worker<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Worker")
            .field("plugins", &self.plugins)
            .finish_non_exhaustive()
    }
}

impl<H: ProxyHost> Worker<H> {
    pub fn new(shared: Arc<Shared>, source: impl VmSource<H> + 'static) -> Self {
        Worker {
            shared,
            source: Rc::new(source),
            places: HashMap::new(),
            plugins: Vec::new(),
            ending: Vec::new(),
        }
    }

    /// A plugin of this thread: the one that is there, if there is one of this code and configuration. Nothing of
    /// it runs yet.
    pub fn plugin(&mut self, filter: &Filter<H>, config: &Arc<PluginConfig>) -> Rc<Plugin<H>> {
        let key = VmKey {
            code: filter.address(),
            vm_id: config.vm_id.clone(),
            vm_configuration: config.vm_configuration.clone(),
        };
        let place = self.places.entry(key).or_insert_with(|| {
            Rc::new(Place {
                filter: filter.clone(),
                state: RefCell::new(PlaceState {
                    vm: None,
                    retry: Retry::default(),
                }),
            })
        });
        let there = self.plugins.iter();
        let mut there =
            there.filter(|plugin| Rc::ptr_eq(&plugin.place, place) && plugin.config == *config);
        if let Some(plugin) = there.next() {
            return Rc::clone(plugin);
        }
        let plugin = Rc::new(Plugin {
            config: Arc::clone(config),
            place: Rc::clone(place),
            shared: Arc::clone(&self.shared),
            source: Rc::clone(&self.source),
            root: RefCell::new(None),
            retry: RefCell::default(),
        });
        self.plugins.push(Rc::clone(&plugin));
        plugin
    }

    /// The VMs of this thread that are alive.
    pub fn vms(&self) -> Vec<VmHandle<H>> {
        let mut vms: Vec<VmHandle<H>> = Vec::new();
        let of_places = self.places.values();
        let of_places = of_places.filter_map(|place| place.state.borrow().vm.clone());
        let of_ending = self.ending.iter().map(|(vm, _)| Rc::clone(vm));
        for vm in of_places.chain(of_ending) {
            let is_known = vms.iter().any(|known| Rc::ptr_eq(known, &vm));
            if !is_known && vm.try_borrow().map_or(true, |vm| vm.failed().is_none()) {
                vms.push(vm);
            }
        }
        vms
    }

    /// When the next tick of any VM is due.
    pub fn next_tick(&self) -> Option<Instant> {
        let vms = self.vms();
        vms.iter()
            .filter_map(|vm| vm.try_borrow().ok()?.next_tick())
            .min()
    }

    /// Ends plugins that nobody has a handle of, and drops VMs without plugins. VMs that are busy are left for the
    /// next time.
    pub fn sweep(&mut self) {
        let ending = &mut self.ending;
        self.plugins.retain(|plugin| {
            if Rc::strong_count(plugin) > 1 {
                return true;
            }
            let mut root = plugin.root.borrow_mut();
            let Some((vm, id)) = root.take() else {
                return false;
            };
            let Ok(mut borrowed) = vm.try_borrow_mut() else {
                *root = Some((Rc::clone(&vm), id));
                return true;
            };
            // A VM that fails now has no plugin left to tell of it.
            let gone = borrowed.end_root(id).unwrap_or(true);
            drop(borrowed);
            if !gone {
                ending.push((vm, id));
            }
            false
        });
        ending.retain(|(vm, root)| {
            vm.try_borrow()
                .map_or(true, |vm| vm.failed().is_none() && vm.has_root(*root))
        });
        self.places.retain(|_, place| Rc::strong_count(place) > 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn waits_double_up_to_the_longest_and_start_anew() {
        let backoff = Backoff {
            base: Duration::from_secs(1),
            max: Duration::from_secs(5),
        };
        let start = Instant::now();
        let mut retry = Retry::default();
        let mut wait = |made, now| {
            retry.made = Some(made);
            retry.note(backoff, now);
            retry.not_before.unwrap().duration_since(now).as_secs()
        };
        let waits: Vec<_> = (0..5).map(|_| wait(start, start)).collect();
        assert_eq!(waits, [1, 2, 4, 5, 5]);
        assert_eq!(wait(start, start + Duration::from_secs(6)), 1);
    }
}
