//! Metrics: one for each kind and name in the process, with its value, which no proxy gives back.
//!
//! A metric's number has its kind in the lowest two bits, as Envoy has it: the guest sees it, and some read it.

use crate::abi::{MetricType, Status};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

#[derive(Debug)]
pub(crate) struct Metric {
    pub kind: MetricType,
    pub name: Box<[u8]>,
    value: AtomicU64,
}

impl Metric {
    /// Adds to a counter or gauge; a gauge stops at 0.
    pub fn add(&self, delta: i64) {
        let add = |value: u64| Some(value.saturating_add_signed(delta));
        // The closure always gives a value.
        let _ = self
            .value
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    pub fn set(&self, value: u64) {
        self.value.store(value, Ordering::Relaxed);
    }

    pub fn value(&self) -> u64 {
        self.value.load(Ordering::Relaxed)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Metrics(RwLock<Registry>);

#[derive(Debug, Default)]
struct Registry {
    numbers: HashMap<(MetricType, Box<[u8]>), u32>,
    /// By number, without the kind.
    metrics: Vec<Arc<Metric>>,
}

/// Metrics of a process; no filter needs a million names.
const METRICS_MAX: usize = 1 << 20;

impl Metrics {
    /// Makes a metric or finds the one of this kind and name. `InternalFailure` if there are too many.
    pub fn define(&self, kind: MetricType, name: &[u8]) -> Result<(u32, Arc<Metric>), Status> {
        let mut registry = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let key = (kind, Box::from(name));
        if let Some(number) = registry.numbers.get(&key) {
            let metric = &registry.metrics[(number >> 2) as usize];
            return Ok((*number, Arc::clone(metric)));
        }
        if registry.metrics.len() >= METRICS_MAX {
            return Err(Status::InternalFailure);
        }
        let number = (registry.metrics.len() as u32) << 2 | kind.number();
        let metric = Arc::new(Metric {
            kind,
            name: key.1.clone(),
            value: AtomicU64::new(0),
        });
        registry.metrics.push(Arc::clone(&metric));
        registry.numbers.insert(key, number);
        Ok((number, metric))
    }

    /// The metric of a number. `NotFound` if there is none.
    pub fn find(&self, number: u32) -> Result<Arc<Metric>, Status> {
        let registry = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let metric = registry.metrics.get((number >> 2) as usize);
        match metric {
            Some(metric) if metric.kind.number() == number & 3 => Ok(Arc::clone(metric)),
            _ => Err(Status::NotFound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_its_kind_and_name() {
        let metrics = Metrics::default();
        let (counter, metric) = metrics.define(MetricType::Counter, b"n").unwrap();
        let (gauge, _) = metrics.define(MetricType::Gauge, b"n").unwrap();
        assert_ne!(counter, gauge);
        assert_eq!(
            metrics.define(MetricType::Counter, b"n").unwrap().0,
            counter
        );
        metric.add(5);
        assert_eq!(metrics.find(counter).unwrap().value(), 5);
        assert_eq!(metrics.find(gauge).unwrap().value(), 0);
        metric.add(-7);
        assert_eq!(metric.value(), 0);
        for unknown in [counter | 3, gauge | 3, gauge + 4, u32::MAX] {
            assert_eq!(metrics.find(unknown).err(), Some(Status::NotFound));
        }
    }
}
