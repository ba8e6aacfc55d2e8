//! The configuration of an HTTP filter, as Envoy keeps it on its main thread: metrics, requests that belong to no
//! stream, and a way to get onto that thread.

use super::outgoing::Outgoing;
use super::{EnvoyPtr, METRICS_OK, ModuleBuffer, call};
use ahead_proxy_wasm::abi::MetricType;

/// Envoy's side of a filter configuration.
#[derive(Debug)]
pub struct HttpConfig(EnvoyPtr);

// SAFETY: those of its methods that are not for every thread say so, and what they need is on the main thread.
unsafe impl Send for HttpConfig {}
// SAFETY: as above; Envoy's counters may be used from all threads.
unsafe impl Sync for HttpConfig {}

impl HttpConfig {
    /// # Safety
    /// The pointer is what Envoy passed to `on_http_filter_config_new`, and the handle is given up in
    /// `on_http_filter_config_destroy`.
    pub unsafe fn new(pointer: EnvoyPtr) -> Self {
        HttpConfig(pointer)
    }

    /// The same configuration once more, for as long as this one is not given up.
    pub fn handle(&self) -> HttpConfig {
        HttpConfig(self.0)
    }

    /// Makes a metric; only while the configuration is made. `labels` are names of tags.
    pub fn define_metric(&self, kind: MetricType, name: &[u8], labels: &[&[u8]]) -> Option<usize> {
        let mut labels: Vec<_> = labels.iter().map(|label| ModuleBuffer::of(label)).collect();
        let (labels, count) = (labels.as_mut_ptr(), labels.len());
        let name = ModuleBuffer::of(name);
        let mut id = 0;
        let result = match kind {
            MetricType::Counter => {
                call!(http_filter_config_define_counter(
                    self.0, name, labels, count, &mut id
                ))
            }
            MetricType::Gauge => {
                call!(http_filter_config_define_gauge(
                    self.0, name, labels, count, &mut id
                ))
            }
            MetricType::Histogram => {
                call!(http_filter_config_define_histogram(
                    self.0, name, labels, count, &mut id
                ))
            }
        };
        (result == Some(METRICS_OK)).then_some(id)
    }

    /// Adds to a counter or a gauge. From any thread.
    pub fn add_to_metric(&self, kind: MetricType, id: usize, labels: &[&[u8]], delta: i64) -> bool {
        let mut labels: Vec<_> = labels.iter().map(|label| ModuleBuffer::of(label)).collect();
        let (labels, count) = (labels.as_mut_ptr(), labels.len());
        let amount = delta.unsigned_abs();
        let result = match kind {
            MetricType::Counter if delta >= 0 => {
                call!(http_filter_config_increment_counter(
                    self.0, id, labels, count, amount
                ))
            }
            MetricType::Gauge if delta >= 0 => {
                call!(http_filter_config_increment_gauge(
                    self.0, id, labels, count, amount
                ))
            }
            MetricType::Gauge => {
                call!(http_filter_config_decrement_gauge(
                    self.0, id, labels, count, amount
                ))
            }
            _ => None,
        };
        result == Some(METRICS_OK)
    }

    /// Sets a gauge or records in a histogram. From any thread.
    pub fn record_metric(&self, kind: MetricType, id: usize, labels: &[&[u8]], value: u64) -> bool {
        let mut labels: Vec<_> = labels.iter().map(|label| ModuleBuffer::of(label)).collect();
        let (labels, count) = (labels.as_mut_ptr(), labels.len());
        let result = match kind {
            MetricType::Gauge => {
                call!(http_filter_config_set_gauge(
                    self.0, id, labels, count, value
                ))
            }
            MetricType::Histogram => {
                call!(http_filter_config_record_histogram_value(
                    self.0, id, labels, count, value
                ))
            }
            MetricType::Counter => None,
        };
        result == Some(METRICS_OK)
    }

    /// HTTP streams that belong to no other. Main thread only.
    pub fn outgoing(&self) -> Outgoing {
        Outgoing::of_config(self.0)
    }

    /// A way onto the main thread. To be made on it.
    pub fn scheduler(&self) -> Option<ConfigScheduler> {
        call!(http_filter_config_scheduler_new(self.0))
            .filter(|scheduler| !scheduler.is_null())
            .map(ConfigScheduler)
    }
}

/// Gets `on_http_filter_config_scheduled` called on the main thread, if the configuration is still there.
#[derive(Debug)]
pub struct ConfigScheduler(EnvoyPtr);

// SAFETY: Envoy documents that any thread may commit, and the object is not tied to a thread.
unsafe impl Send for ConfigScheduler {}
// SAFETY: as above.
unsafe impl Sync for ConfigScheduler {}

impl ConfigScheduler {
    pub fn commit(&self, event: u64) {
        call!(http_filter_config_scheduler_commit(self.0, event));
    }
}

impl Drop for ConfigScheduler {
    fn drop(&mut self) {
        call!(http_filter_config_scheduler_delete(self.0));
    }
}
