//! The configuration of a network filter, as Envoy keeps it on its main thread.

use super::{EnvoyPtr, METRICS_OK, ModuleBuffer, call};
use ahead_proxy_wasm::abi::MetricType;

/// Envoy's side of a filter configuration.
#[derive(Debug)]
pub struct NetworkConfig(EnvoyPtr);

// SAFETY: defining is for the main thread, which is where it is done; counting is for all threads.
unsafe impl Send for NetworkConfig {}
// SAFETY: as above.
unsafe impl Sync for NetworkConfig {}

impl NetworkConfig {
    /// # Safety
    /// The pointer is what Envoy passed to `on_network_filter_config_new`, and the handle is given up in
    /// `on_network_filter_config_destroy`.
    pub unsafe fn new(pointer: EnvoyPtr) -> Self {
        NetworkConfig(pointer)
    }

    /// Makes a metric; only while the configuration is made.
    pub fn define_metric(&self, kind: MetricType, name: &[u8]) -> Option<usize> {
        let name = ModuleBuffer::of(name);
        let mut id = 0;
        let result = match kind {
            MetricType::Counter => {
                call!(network_filter_config_define_counter(self.0, name, &mut id))
            }
            MetricType::Gauge => call!(network_filter_config_define_gauge(self.0, name, &mut id)),
            MetricType::Histogram => {
                call!(network_filter_config_define_histogram(
                    self.0, name, &mut id
                ))
            }
        };
        (result == Some(METRICS_OK)).then_some(id)
    }

    /// Adds to a counter or a gauge. From any thread.
    pub fn add_to_metric(&self, kind: MetricType, id: usize, delta: i64) -> bool {
        let amount = delta.unsigned_abs();
        let result = match kind {
            MetricType::Counter if delta >= 0 => {
                call!(network_filter_config_increment_counter(self.0, id, amount))
            }
            MetricType::Gauge if delta >= 0 => {
                call!(network_filter_config_increment_gauge(self.0, id, amount))
            }
            MetricType::Gauge => call!(network_filter_config_decrement_gauge(self.0, id, amount)),
            _ => None,
        };
        result == Some(METRICS_OK)
    }

    /// Sets a gauge or records in a histogram. From any thread.
    pub fn record_metric(&self, kind: MetricType, id: usize, value: u64) -> bool {
        let result = match kind {
            MetricType::Gauge => call!(network_filter_config_set_gauge(self.0, id, value)),
            MetricType::Histogram => {
                call!(network_filter_config_record_histogram_value(
                    self.0, id, value
                ))
            }
            MetricType::Counter => None,
        };
        result == Some(METRICS_OK)
    }

    /// A way onto the main thread. To be made on it.
    pub fn scheduler(&self) -> Option<NetworkScheduler> {
        call!(network_filter_config_scheduler_new(self.0))
            .filter(|scheduler| !scheduler.is_null())
            .map(NetworkScheduler)
    }
}

/// Gets `on_network_filter_config_scheduled` called on the main thread, if the configuration is still there.
#[derive(Debug)]
pub struct NetworkScheduler(EnvoyPtr);

// SAFETY: Envoy documents that any thread may commit, and the object is not tied to a thread.
unsafe impl Send for NetworkScheduler {}
// SAFETY: as above.
unsafe impl Sync for NetworkScheduler {}

impl NetworkScheduler {
    pub fn commit(&self) {
        call!(network_filter_config_scheduler_commit(self.0, 0));
    }
}

impl Drop for NetworkScheduler {
    fn drop(&mut self) {
        call!(network_filter_config_scheduler_delete(self.0));
    }
}
