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

mod plugin;
mod retry;

pub use plugin::{Admission, Plugin};

use crate::config::PluginConfig;
use crate::context::ContextId;
use crate::error::Error;
use crate::filter::Filter;
use crate::host::ProxyHost;
use crate::shared::Shared;
use crate::vm::Vm;
use retry::Retry;
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

/// What tells VMs apart on a thread.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct VmKey {
    code: usize,
    vm_id: String,
    vm_configuration: Vec<u8>,
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
