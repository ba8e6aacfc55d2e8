//! A cluster of ours without hosts. Envoy lets a cluster call itself on every worker, and lets nothing else do so:
//! where a configuration has such a cluster, what happens outside streams reaches every worker at once.

use super::{EnvoyPtr, call};

/// Envoy's side of the cluster.
#[derive(Clone, Copy, Debug)]
pub struct HelperCluster(EnvoyPtr);

impl HelperCluster {
    /// # Safety
    /// The pointer is what Envoy passed to `on_cluster_new`, and the handle is given up in `on_cluster_destroy`
    /// and used on the main thread only.
    pub unsafe fn new(pointer: EnvoyPtr) -> Self {
        HelperCluster(pointer)
    }

    /// Tells Envoy that the cluster has what it needs.
    pub fn initialised(&self) {
        call!(cluster_pre_init_complete(self.0));
    }

    /// Gets `on_cluster_worker_event` called on every worker.
    pub fn run_on_all_workers(&self) {
        call!(cluster_run_on_all_workers(self.0, 0));
    }

    /// A way onto the main thread from elsewhere.
    pub fn scheduler(&self) -> Option<HelperScheduler> {
        call!(cluster_scheduler_new(self.0))
            .filter(|scheduler| !scheduler.is_null())
            .map(HelperScheduler)
    }
}

/// Gets `on_cluster_scheduled` called on the main thread, if the cluster is still there.
#[derive(Debug)]
pub struct HelperScheduler(EnvoyPtr);

// SAFETY: Envoy documents that any thread may commit, and the object is not tied to a thread.
unsafe impl Send for HelperScheduler {}
// SAFETY: as above.
unsafe impl Sync for HelperScheduler {}

impl HelperScheduler {
    pub fn commit(&self) {
        call!(cluster_scheduler_commit(self.0, 0));
    }
}

impl Drop for HelperScheduler {
    fn drop(&mut self) {
        call!(cluster_scheduler_delete(self.0));
    }
}
