//! Few and plain: the least of several times, the middle one, the geometric mean of ratios.

use std::time::Duration;

/// The times of one thing, measured several times.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn push(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the machine can do when nothing disturbs it.
    pub fn least(&self) -> Option<Duration> {
        self.0.iter().min().copied()
    }

    pub fn median(&self) -> Option<Duration> {
        let mut sorted = self.0.clone();
        sorted.sort();
        sorted.get(sorted.len() / 2).copied()
    }
}

/// The geometric mean; `None` of nothing.
pub fn geometric_mean(ratios: &[f64]) -> Option<f64> {
    if ratios.is_empty() {
        return None;
    }
    let sum: f64 = ratios.iter().map(|ratio| ratio.ln()).sum();
    Some((sum / ratios.len() as f64).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_medians() {
        assert!((geometric_mean(&[0.5, 2.0]).unwrap() - 1.0).abs() < 1e-12);
        assert_eq!(geometric_mean(&[]), None);
        let mut times = Times::default();
        for milliseconds in [5, 1, 9] {
            times.push(Duration::from_millis(milliseconds));
        }
        assert_eq!(times.least(), Some(Duration::from_millis(1)));
        assert_eq!(times.median(), Some(Duration::from_millis(5)));
    }
}
