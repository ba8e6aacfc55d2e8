//! Counters of the proxy and of its filters, and their text form for Prometheus.
//!
//! One registry serves all workers. The proxy's own metrics are fields, filters' are made by name; a filter's metric
//! `x` is `wasmcustom.x`, as in Envoy, which Prometheus reads as `wasmcustom_x`.

use ahead_proxy_wasm::abi::MetricType;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

#[derive(Debug, Default)]
pub struct Metric(AtomicU64);

impl Metric {
    pub fn add(&self, delta: u64) {
        self.0.fetch_add(delta, Ordering::Relaxed);
    }

    pub fn sub(&self, delta: u64) {
        self.0.fetch_sub(delta, Ordering::Relaxed);
    }

    pub fn set(&self, value: u64) {
        self.0.store(value, Ordering::Relaxed);
    }

    pub fn value(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// What an upstream has seen.
#[derive(Debug, Default)]
pub struct UpstreamMetrics {
    pub connections: Metric,
    pub connections_active: Metric,
    pub connect_failures: Metric,
    pub requests: Metric,
    pub requests_timed_out: Metric,
    pub requests_reset: Metric,
    pub overflows: Metric,
}

#[derive(Debug)]
pub struct Metrics {
    pub connections: Metric,
    pub connections_active: Metric,
    pub requests: Metric,
    pub requests_active: Metric,
    /// Responses by the first digit of their status; 0: none was sent.
    pub responses: [Metric; 6],
    pub filter_failures: Metric,
    pub reloads: Metric,
    pub reloads_refused: Metric,
    pub upstreams: Vec<(String, UpstreamMetrics)>,
    custom: RwLock<Custom>,
}

#[derive(Debug, Default)]
struct Custom {
    by_name: HashMap<(MetricType, Vec<u8>), usize>,
    metrics: Vec<Arc<Instrument>>,
}

#[derive(Debug)]
struct Instrument {
    name: String,
    kind: MetricType,
    value: Metric,
    histogram: Mutex<Histogram>,
}

/// Upper bounds of the buckets, those of Envoy.
const BUCKETS: [f64; 19] = [
    0.5,
    1.0,
    5.0,
    10.0,
    25.0,
    50.0,
    100.0,
    250.0,
    500.0,
    1000.0,
    2500.0,
    5000.0,
    10_000.0,
    30_000.0,
    60_000.0,
    300_000.0,
    600_000.0,
    1_800_000.0,
    3_600_000.0,
];

#[derive(Debug, Default)]
struct Histogram {
    buckets: [u64; BUCKETS.len()],
    count: u64,
    sum: u128,
}

impl Metrics {
    pub fn new<'a>(upstreams: impl Iterator<Item = &'a str>) -> Metrics {
        Metrics {
            connections: Metric::default(),
            connections_active: Metric::default(),
            requests: Metric::default(),
            requests_active: Metric::default(),
            responses: Default::default(),
            filter_failures: Metric::default(),
            reloads: Metric::default(),
            reloads_refused: Metric::default(),
            upstreams: upstreams
                .map(|name| (name.to_owned(), UpstreamMetrics::default()))
                .collect(),
            custom: RwLock::default(),
        }
    }

    /// Makes a filter's metric or finds it; the number is for [`add`](Self::add) and [`record`](Self::record).
    pub fn define(&self, kind: MetricType, name: &[u8]) -> u64 {
        let mut custom = self.custom.write().unwrap_or_else(PoisonError::into_inner);
        let custom = &mut *custom;
        let next = custom.metrics.len();
        let number = *custom.by_name.entry((kind, name.to_vec())).or_insert(next);
        if number == next {
            custom.metrics.push(Arc::new(Instrument {
                name: format!("wasmcustom_{}", sanitised(name)),
                kind,
                value: Metric::default(),
                histogram: Mutex::default(),
            }));
        }
        number as u64
    }

    fn custom(&self, number: u64) -> Option<Arc<Instrument>> {
        let custom = self.custom.read().unwrap_or_else(PoisonError::into_inner);
        custom.metrics.get(usize::try_from(number).ok()?).cloned()
    }

    /// Adds to a counter or a gauge; `false` if there is no such metric.
    pub fn add(&self, number: u64, delta: i64) -> bool {
        let Some(metric) = self.custom(number) else {
            return false;
        };
        // Two's complement: what is added modulo 2^64 goes down as well.
        metric.value.add(delta as u64);
        true
    }

    /// Sets a gauge, adds to a counter, counts in a histogram.
    pub fn record(&self, number: u64, value: u64) -> bool {
        let Some(metric) = self.custom(number) else {
            return false;
        };
        match metric.kind {
            MetricType::Counter => metric.value.add(value),
            MetricType::Gauge => metric.value.set(value),
            MetricType::Histogram => {
                let mut histogram = metric
                    .histogram
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                histogram.count += 1;
                histogram.sum += u128::from(value);
                for (bucket, bound) in histogram.buckets.iter_mut().zip(BUCKETS) {
                    *bucket += u64::from(value as f64 <= bound);
                }
            }
        }
        true
    }

    /// Everything, in Prometheus' text format.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut one = |name: &str, kind: &str, value: u64| {
            let _ = write!(out, "# TYPE {name} {kind}\n{name} {value}\n");
        };
        one(
            "ahead_downstream_cx_total",
            "counter",
            self.connections.value(),
        );
        one(
            "ahead_downstream_cx_active",
            "gauge",
            self.connections_active.value(),
        );
        one(
            "ahead_downstream_rq_total",
            "counter",
            self.requests.value(),
        );
        one(
            "ahead_downstream_rq_active",
            "gauge",
            self.requests_active.value(),
        );
        one(
            "ahead_filter_failures_total",
            "counter",
            self.filter_failures.value(),
        );
        one(
            "ahead_filter_reloads_total",
            "counter",
            self.reloads.value(),
        );
        one(
            "ahead_filter_reloads_refused_total",
            "counter",
            self.reloads_refused.value(),
        );
        let _ = writeln!(out, "# TYPE ahead_downstream_rq_xx counter");
        for (class, metric) in self.responses.iter().enumerate().skip(1) {
            let value = metric.value();
            let _ = writeln!(
                out,
                "ahead_downstream_rq_xx{{code_class=\"{class}\"}} {value}"
            );
        }
        self.upstreams_text(&mut out);
        self.custom_text(&mut out);
        out
    }

    fn upstreams_text(&self, out: &mut String) {
        type Field = fn(&UpstreamMetrics) -> &Metric;
        let families: [(&str, &str, Field); 7] = [
            ("cx_total", "counter", |metrics| &metrics.connections),
            ("cx_active", "gauge", |metrics| &metrics.connections_active),
            ("cx_connect_fail", "counter", |metrics| {
                &metrics.connect_failures
            }),
            ("rq_total", "counter", |metrics| &metrics.requests),
            ("rq_timeout", "counter", |metrics| {
                &metrics.requests_timed_out
            }),
            ("rq_rx_reset", "counter", |metrics| &metrics.requests_reset),
            ("cx_overflow", "counter", |metrics| &metrics.overflows),
        ];
        for (name, kind, field) in families {
            let _ = writeln!(out, "# TYPE ahead_upstream_{name} {kind}");
            for (upstream, metrics) in &self.upstreams {
                let value = field(metrics).value();
                let upstream = label(upstream);
                let _ = writeln!(
                    out,
                    "ahead_upstream_{name}{{upstream=\"{upstream}\"}} {value}"
                );
            }
        }
    }

    fn custom_text(&self, out: &mut String) {
        let custom = self.custom.read().unwrap_or_else(PoisonError::into_inner);
        // Names that are the same when written for Prometheus must not appear twice.
        let mut by_name = BTreeMap::new();
        for metric in &custom.metrics {
            by_name.entry(&metric.name).or_insert(metric);
        }
        for (name, metric) in by_name {
            match metric.kind {
                MetricType::Counter => {
                    let _ = write!(
                        out,
                        "# TYPE {name} counter\n{name} {}\n",
                        metric.value.value()
                    );
                }
                MetricType::Gauge => {
                    let _ = write!(
                        out,
                        "# TYPE {name} gauge\n{name} {}\n",
                        metric.value.value()
                    );
                }
                MetricType::Histogram => {
                    let histogram = metric
                        .histogram
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner);
                    let _ = writeln!(out, "# TYPE {name} histogram");
                    for (count, bound) in histogram.buckets.iter().zip(BUCKETS) {
                        let _ = writeln!(out, "{name}_bucket{{le=\"{bound}\"}} {count}");
                    }
                    let (count, sum) = (histogram.count, histogram.sum);
                    let _ = writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {count}");
                    let _ = write!(out, "{name}_sum {sum}\n{name}_count {count}\n");
                }
            }
        }
    }
}

/// A name that Prometheus takes: what it does not is `_`, as Envoy does it.
fn sanitised(name: &[u8]) -> String {
    let letter = |byte: &u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b':' => *byte as char,
        _ => '_',
    };
    name.iter().map(letter).collect()
}

fn label(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_found_by_kind_and_name() {
        let metrics = Metrics::new(["up"].into_iter());
        let counter = metrics.define(MetricType::Counter, b"my.count-er");
        assert_eq!(metrics.define(MetricType::Counter, b"my.count-er"), counter);
        assert_ne!(metrics.define(MetricType::Gauge, b"g"), counter);
        assert!(metrics.add(counter, 3) && metrics.add(counter, -1));
        assert!(!metrics.add(99, 1) && !metrics.record(99, 1));
        assert!(
            metrics
                .text()
                .contains("# TYPE wasmcustom_my_count_er counter\nwasmcustom_my_count_er 2\n")
        );
        assert!(
            metrics
                .text()
                .contains("ahead_upstream_rq_total{upstream=\"up\"} 0\n")
        );
    }

    #[test]
    fn a_histogram_counts_up_to_its_bounds() {
        let metrics = Metrics::new([].into_iter());
        let number = metrics.define(MetricType::Histogram, b"h");
        for value in [0, 7, 8, u64::MAX] {
            metrics.record(number, value);
        }
        let text = metrics.text();
        for line in [
            "wasmcustom_h_bucket{le=\"0.5\"} 1\n",
            "wasmcustom_h_bucket{le=\"5\"} 1\n",
            "wasmcustom_h_bucket{le=\"10\"} 3\n",
            "wasmcustom_h_bucket{le=\"+Inf\"} 4\n",
            "wasmcustom_h_sum 18446744073709551630\n",
            "wasmcustom_h_count 4\n",
        ] {
            assert!(text.contains(line), "{line}{text}");
        }
    }
}
