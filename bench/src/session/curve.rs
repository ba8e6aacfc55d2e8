//! From the times of single iterations to figures and to the curve of warming up.

use super::Quantity;
use crate::statistics;
use crate::worker::Record;

/// What a record of repeating says of the quantities.
pub fn repeated(record: &Record, is_command: bool) -> Vec<(Quantity, f64)> {
    let times: Vec<f64> = record.iterations_ns.iter().map(|&ns| ns as f64).collect();
    let warm = &times[times.len() / 2..];
    let mut found = Vec::new();
    let mut add = |quantity, amount: Option<f64>| {
        found.extend(amount.map(|amount| (quantity, amount)));
    };
    add(Quantity::First, curve(record).first().copied());
    let batches = &record.batches_ns;
    let steady = match batches.is_empty() {
        true => statistics::median(warm),
        false => statistics::median(&batches[batches.len() / 2..]),
    };
    add(Quantity::Steady, steady);
    if record.count > 0 {
        let each = record.cpu_ns as f64 / record.count as f64;
        add(Quantity::SteadyCpu, Some(each));
    }
    if !is_command {
        add(Quantity::CallMedian, statistics::median(warm));
        add(Quantity::CallSlow, statistics::quantile(warm, 0.99));
    }
    let instances: Vec<f64> = record.instantiate_ns.iter().map(|&ns| ns as f64).collect();
    let warm = &instances[instances.len() / 2..];
    add(Quantity::Instantiate, statistics::median(warm));
    add(Quantity::InstanceMemory, record.instance_bytes);
    found
}

/// The times of the iterations, where the first has loading and making the instance in it.
pub fn curve(record: &Record) -> Vec<f64> {
    let mut times: Vec<f64> = record.iterations_ns.iter().map(|&ns| ns as f64).collect();
    let before = record.load_ns.unwrap_or(0) as f64;
    if let Some(first) = times.first_mut() {
        *first += before;
        // An export's call comes behind the making of its instance; a command's iteration has it in it.
        if record.exit.is_none() {
            *first += record.instantiate_ns.first().copied().unwrap_or(0) as f64;
        }
    }
    times
}

/// The middle one of several rounds' curves, at iterations that are evenly spaced on a scale of powers.
pub fn middle_curve(curves: &[Vec<f64>]) -> Vec<(u32, f64)> {
    let longest = curves.iter().map(Vec::len).max().unwrap_or(0);
    let mut points = Vec::new();
    let mut at = 1usize;
    while at <= longest {
        // From here to the next point: single iterations at first, then ever more of them.
        let next = (at + 1).max((at as f64 * 1.15).round() as usize);
        let values = curves.iter().filter_map(|curve| {
            let end = next.min(curve.len() + 1);
            (at < end)
                .then(|| statistics::median(&curve[at - 1..end - 1]))
                .flatten()
        });
        let values: Vec<f64> = values.collect();
        points.extend(statistics::median(&values).map(|middle| (at as u32, middle)));
        at = next;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_begin_with_loading() {
        let record = Record {
            load_ns: Some(100),
            instantiate_ns: vec![10],
            iterations_ns: vec![5, 1, 1],
            ..Record::default()
        };
        assert_eq!(curve(&record), [115.0, 1.0, 1.0]);
        let command = Record {
            exit: Some(0),
            ..record
        };
        assert_eq!(curve(&command), [105.0, 1.0, 1.0]);
    }

    #[test]
    fn curves_are_thinned_by_powers() {
        let long: Vec<f64> = (0..10_000).map(|_| 1.0).collect();
        let points = middle_curve(&[long.clone(), long[..9].to_vec()]);
        assert_eq!(points[..3], [(1, 1.0), (2, 1.0), (3, 1.0)]);
        assert!(points.len() < 80 && points.last().unwrap().0 > 8_000);
    }
}
