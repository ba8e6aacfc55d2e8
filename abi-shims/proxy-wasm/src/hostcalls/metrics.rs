//! Section `metrics`: counters, gauges and histograms. The proxy shows them; their values are kept here.

use crate::abi::{MetricType, Status};
use crate::effect::Outcome;
use crate::host::{HostMetric, ProxyHost};
use crate::shared::Metric;
use crate::state::{Call, State};
use std::sync::Arc;

/// The metrics that a VM knows, by number without the kind.
#[derive(Debug, Default)]
pub(crate) struct VmMetrics {
    known: Vec<Option<Known>>,
    count: usize,
}

#[derive(Clone, Debug)]
struct Known {
    metric: Arc<Metric>,
    host: HostMetric,
}

/// The metric of a number, made known to the proxy if another VM defined it. `NotFound` if there is none.
fn find<H: ProxyHost>(state: &mut State<H>, number: u32) -> Result<&Known, Status> {
    let index = (number >> 2) as usize;
    let is_known = |known: &Option<Known>| {
        known
            .as_ref()
            .is_some_and(|known| known.metric.kind.number() == number & 3)
    };
    if !state.metrics.known.get(index).is_some_and(is_known) {
        let metric = state.shared.metrics.find(number)?;
        let host = state.host.define_metric(metric.kind, &metric.name)?;
        remember(state, number, Known { metric, host })?;
    }
    let known = state.metrics.known.get(index).and_then(Option::as_ref);
    known.ok_or(Status::NotFound)
}

fn remember<H: ProxyHost>(state: &mut State<H>, number: u32, known: Known) -> Result<(), Status> {
    let metrics = &mut state.metrics;
    if metrics.count >= state.config.limits.metrics_max {
        return Err(Status::InternalFailure);
    }
    let index = (number >> 2) as usize;
    if metrics.known.len() <= index {
        metrics.known.resize(index + 1, None);
    }
    metrics.known[index] = Some(known);
    metrics.count += 1;
    Ok(())
}

/// Makes a metric, or finds the one of this kind and name, and writes its number to `return_metric_id`.
/// `BadArgument` for an unknown kind, `InternalFailure` beyond the limits, and what the proxy says.
pub(crate) fn proxy_define_metric<H: ProxyHost>(
    call: &mut Call<'_, H>,
    metric_type: u32,
    name_data: u32,
    name_size: u32,
    return_metric_id: u32,
) -> Outcome {
    let kind = MetricType::from_number(metric_type).ok_or(Status::BadArgument)?;
    let (mut memory, state) = call.parts();
    memory.slice(return_metric_id, 4)?;
    let name = memory.slice(name_data, name_size)?;
    let limits = &state.config.limits;
    if name.len() > limits.name_bytes_max || state.metrics.count >= limits.metrics_max {
        return Err(Status::InternalFailure.into());
    }
    let (number, metric) = state.shared.metrics.define(kind, name)?;
    let known = state.metrics.known.get((number >> 2) as usize);
    if !known.is_some_and(Option::is_some) {
        let host = state.host.define_metric(kind, name)?;
        remember(state, number, Known { metric, host })?;
    }
    memory.write_u32(return_metric_id, number)?;
    Ok(())
}

/// Sets a gauge, records in a histogram, adds to a counter. `NotFound` if there is no such metric.
pub(crate) fn proxy_record_metric<H: ProxyHost>(
    call: &mut Call<'_, H>,
    metric_id: u32,
    value: u64,
) -> Outcome {
    let state = call.state();
    let Known { metric, host: id } = find(state, metric_id)?;
    let (kind, id) = (metric.kind, *id);
    match kind {
        MetricType::Counter => metric.add(i64::try_from(value).unwrap_or(i64::MAX)),
        MetricType::Gauge => metric.set(value),
        MetricType::Histogram => {}
    }
    let (host, stream) = state.host_and_stream();
    match kind {
        MetricType::Counter => {
            host.increment_metric(stream, id, i64::try_from(value).unwrap_or(i64::MAX))?;
        }
        _ => host.record_metric(stream, id, value)?,
    }
    Ok(())
}

/// Adds to a counter or gauge. `NotFound` if there is no such metric, `BadArgument` for a histogram, and for a
/// counter if it would not count up.
pub(crate) fn proxy_increment_metric<H: ProxyHost>(
    call: &mut Call<'_, H>,
    metric_id: u32,
    delta: i64,
) -> Outcome {
    let state = call.state();
    let Known { metric, host: id } = find(state, metric_id)?;
    let allowed = match metric.kind {
        MetricType::Counter => delta > 0,
        MetricType::Gauge => true,
        MetricType::Histogram => false,
    };
    if !allowed {
        return Err(Status::BadArgument.into());
    }
    metric.add(delta);
    let id = *id;
    let (host, stream) = state.host_and_stream();
    Ok(host.increment_metric(stream, id, delta)?)
}

/// Writes a counter's or gauge's value to `return_value` as a `u64`. `NotFound` if there is no such metric,
/// `BadArgument` for a histogram.
pub(crate) fn proxy_get_metric<H: ProxyHost>(
    call: &mut Call<'_, H>,
    metric_id: u32,
    return_value: u32,
) -> Outcome {
    call.check(return_value, 8)?;
    let metric = call.state().shared.metrics.find(metric_id)?;
    if metric.kind == MetricType::Histogram {
        return Err(Status::BadArgument.into());
    }
    call.write_u64(return_value, metric.value())
}
