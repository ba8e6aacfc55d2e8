//! What all VMs of a process share: data and queues by `vm_id`, metrics by name.

mod data;
mod metrics;
mod queues;

pub(crate) use data::SharedData;
pub(crate) use metrics::{Metric, Metrics};
pub(crate) use queues::{Inbox, Queues};

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Shared data, queues and metrics. A process has one, [`Shared::of_process`]; tests make their own.
#[derive(Debug, Default)]
pub struct Shared {
    spaces: Mutex<HashMap<String, Arc<VmSpace>>>,
    pub(crate) queues: Queues,
    pub(crate) metrics: Metrics,
}

/// What VMs of one `vm_id` share.
#[derive(Debug, Default)]
pub(crate) struct VmSpace {
    pub data: SharedData,
}

impl Shared {
    pub fn new() -> Arc<Shared> {
        Arc::new(Shared::default())
    }

    pub fn of_process() -> Arc<Shared> {
        static OF_PROCESS: OnceLock<Arc<Shared>> = OnceLock::new();
        Arc::clone(OF_PROCESS.get_or_init(Shared::new))
    }

    /// What a `vm_id` names. It lasts as long as the process: VMs come and go with configurations, and what they
    /// have learnt is to stay.
    pub(crate) fn space(&self, vm_id: &str) -> Arc<VmSpace> {
        let mut spaces = self.spaces.lock().unwrap_or_else(PoisonError::into_inner);
        match spaces.get(vm_id) {
            Some(space) => Arc::clone(space),
            None => Arc::clone(spaces.entry(vm_id.to_owned()).or_default()),
        }
    }
}
