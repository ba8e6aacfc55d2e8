//! What of a difference is more than noise, with few assumptions: medians, intervals of the median by rank, ratios
//! within a round, and the same engine against itself.

use serde::{Deserialize, Serialize};
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

/// The value below which `part` of all are, between 0 and 1; `None` of nothing.
pub fn quantile(values: &[f64], part: f64) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let place = part.clamp(0.0, 1.0) * last as f64;
    let (below, above) = (
        sorted[place.floor() as usize],
        sorted[place.ceil() as usize],
    );
    Some(below + (above - below) * place.fract())
}

pub fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// A median and between which values the true one lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

/// Confidence that an interval is to have.
const CONFIDENCE: f64 = 0.95;

/// Fewer values have no interval with the confidence.
pub const LEAST_COUNT: usize = 6;

/// The interval of the median by rank: whatever the distribution, the true median lies below the k-th smallest of n
/// values with the probability of fewer than k heads in n throws of a coin. Of fewer than six values no interval has
/// the confidence; they give all the range there is.
pub fn interval(values: &[f64]) -> Option<Interval> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len();
    let middle = median(&sorted)?;
    // How many to leave out at each end.
    let (mut left_out, mut below, mut term) = (0, 0.0, 0.5f64.powi(count as i32));
    while left_out < count / 2 {
        below += term;
        if 2.0 * below > 1.0 - CONFIDENCE {
            break;
        }
        term *= (count - left_out) as f64 / (left_out + 1) as f64;
        left_out += 1;
    }
    // `left_out` is now the largest rank that may still be excluded on each side, counted from one.
    let skipped = left_out.saturating_sub(1);
    Some(Interval {
        low: sorted[skipped],
        middle,
        high: sorted[count - 1 - skipped],
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Takes less than the reference.
    Less,
    /// Takes more.
    More,
    /// The difference is within the noise.
    Tie,
    /// Measured too few times to tell.
    Open,
}

/// An engine against the reference, in one quantity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Its amount over the reference's, round by round.
    pub ratio: Interval,
    pub verdict: Verdict,
}

/// Smaller differences are a matter of where code happens to lie, whatever the clock says.
pub const LEAST_NOISE: f64 = 1.01;

/// How far the same engine, measured twice in each round, is from itself: a ratio of at least [`LEAST_NOISE`].
pub fn noise(once: &[f64], again: &[f64]) -> f64 {
    match interval(&ratios(once, again)) {
        Some(ratio) => ratio.high.max(1.0 / ratio.low).max(LEAST_NOISE),
        None => LEAST_NOISE,
    }
}

/// Compares within each round, since both were then measured in the same minute. A tie is what the interval does not
/// decide, or what is no more than the machine's noise. Fewer than [`LEAST_COUNT`] rounds decide nothing, but for
/// amounts that do not vary, such as sizes.
pub fn compare(reference: &[f64], other: &[f64], noise: f64) -> Option<Comparison> {
    let ratios = ratios(reference, other);
    let ratio = interval(&ratios)?;
    let varies = |values: &[f64]| values.iter().any(|value| *value != values[0]);
    let is_fixed = ratios.len() > 1 && !varies(reference) && !varies(other);
    let apart = ratio.middle.max(1.0 / ratio.middle);
    let verdict = if ratio.low <= 1.0 && ratio.high >= 1.0 || apart <= noise {
        Verdict::Tie
    } else if ratios.len() < LEAST_COUNT && !is_fixed {
        Verdict::Open
    } else if ratio.middle < 1.0 {
        Verdict::Less
    } else {
        Verdict::More
    };
    Some(Comparison { ratio, verdict })
}

fn ratios(reference: &[f64], other: &[f64]) -> Vec<f64> {
    let pairs = reference.iter().zip(other);
    pairs
        .filter(|(reference, other)| **reference > 0.0 && **other > 0.0)
        .map(|(reference, other)| other / reference)
        .collect()
}

/// What lies further from the quartiles than one and a half times their distance: how many of them.
pub fn outliers(values: &[f64]) -> usize {
    let (Some(low), Some(high)) = (quantile(values, 0.25), quantile(values, 0.75)) else {
        return 0;
    };
    let reach = 1.5 * (high - low);
    let far = |value: &&f64| **value < low - reach || **value > high + reach;
    values.iter().filter(far).count()
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
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0, 5.0], 0.99), Some(4.96));
        assert_eq!(median(&[]), None);
    }

    /// The ranks of the interval, from the table of the sign test at 95 %.
    #[test]
    fn intervals_leave_out_what_the_sign_test_does() {
        let ranks = |count: usize| {
            let values: Vec<f64> = (1..=count).map(|rank| rank as f64).collect();
            let interval = interval(&values).unwrap();
            (interval.low as usize, interval.high as usize)
        };
        assert_eq!(ranks(1), (1, 1));
        assert_eq!(ranks(5), (1, 5));
        assert_eq!(ranks(6), (1, 6));
        assert_eq!(ranks(8), (1, 8));
        assert_eq!(ranks(9), (2, 8));
        assert_eq!(ranks(10), (2, 9));
        assert_eq!(ranks(12), (3, 10));
        assert_eq!(ranks(20), (6, 15));
    }

    /// Milliseconds of one program under one engine, recorded on a machine that was compiling three other things:
    /// the same engine differs from itself by a fifth.
    const LOADED_ONCE: [f64; 8] = [41.2, 58.9, 44.0, 71.3, 40.8, 49.6, 63.1, 42.2];
    const LOADED_AGAIN: [f64; 8] = [52.7, 43.1, 49.9, 58.0, 46.3, 40.9, 51.8, 55.4];
    /// Another engine on the same machine, a tenth faster in truth.
    const LOADED_OTHER: [f64; 8] = [37.0, 39.2, 56.1, 48.8, 51.0, 36.9, 44.7, 46.5];

    #[test]
    fn on_a_loaded_machine_nobody_wins() {
        let noise = noise(&LOADED_ONCE, &LOADED_AGAIN);
        assert!(noise > 1.2, "{noise}");
        let comparison = compare(&LOADED_ONCE, &LOADED_OTHER, noise).unwrap();
        assert_eq!(comparison.verdict, Verdict::Tie);
        let width = comparison.ratio.high / comparison.ratio.low;
        assert!(width > 1.3, "the interval is narrow: {comparison:?}");
    }

    #[test]
    fn on_a_quiet_machine_a_tenth_is_seen() {
        let once = [41.0, 41.2, 40.9, 41.1, 41.0, 41.3, 41.0, 41.1];
        let again = [41.1, 41.0, 41.0, 41.2, 41.0, 41.1, 41.2, 41.0];
        let other = once.map(|time| time * 0.9);
        let noise = noise(&once, &again);
        assert!(noise < 1.02, "{noise}");
        assert_eq!(
            compare(&once, &other, noise).unwrap().verdict,
            Verdict::Less
        );
        assert_eq!(
            compare(&other, &once, noise).unwrap().verdict,
            Verdict::More
        );
        // Within the noise, though every round says the same.
        let close = once.map(|time| time * 1.005);
        assert_eq!(compare(&once, &close, noise).unwrap().verdict, Verdict::Tie);
    }

    #[test]
    fn few_rounds_decide_nothing() {
        let verdict = |once: &[f64], other: &[f64]| compare(once, other, 1.01).unwrap().verdict;
        assert_eq!(verdict(&[1.0, 1.1], &[2.0, 2.1]), Verdict::Open);
        assert_eq!(verdict(&[1.0], &[1.0]), Verdict::Tie);
        assert_eq!(
            verdict(&[1.0, 1.1, 1.0, 1.2, 1.0, 1.1], &[2.0; 6]),
            Verdict::More
        );
        // Sizes do not vary.
        assert_eq!(verdict(&[100.0; 2], &[200.0; 2]), Verdict::More);
    }

    #[test]
    fn what_is_far_off_is_counted() {
        assert_eq!(outliers(&[1.0, 1.1, 0.9, 1.0, 9.0]), 1);
        assert_eq!(outliers(&[]), 0);
    }
}
