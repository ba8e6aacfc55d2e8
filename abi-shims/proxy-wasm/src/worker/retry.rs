//! When something that failed may be tried again.

use crate::config::{Backoff, FailurePolicy};
use std::time::Instant;

/// When something that failed may be tried again.
#[derive(Debug, Default)]
pub(super) struct Retry {
    failures: u32,
    /// When it was last made.
    pub made: Option<Instant>,
    /// Set by a failure, until the next attempt.
    pub not_before: Option<Instant>,
}

impl Retry {
    /// Notes a failure. One that comes late, when all waits would be over, starts the count anew.
    pub fn note(&mut self, backoff: Backoff, now: Instant) {
        let lived = self.made.map(|made| now.saturating_duration_since(made));
        if lived.is_some_and(|lived| lived > backoff.max) {
            self.failures = 0;
        }
        let wait = backoff.base.saturating_mul(1 << self.failures.min(16));
        self.failures = self.failures.saturating_add(1);
        self.not_before = now.checked_add(wait.min(backoff.max));
    }

    /// Whether there is to be no attempt: after a failure, if the policy has only one, or before its time.
    pub fn forbids(&self, policy: FailurePolicy, now: Instant) -> bool {
        match (policy, self.not_before) {
            (_, None) => false,
            (FailurePolicy::Reload(_), Some(not_before)) => now < not_before,
            (_, Some(_)) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn waits_double_up_to_the_longest_and_start_anew() {
        let backoff = Backoff {
            base: Duration::from_secs(1),
            max: Duration::from_secs(5),
        };
        let start = Instant::now();
        let mut retry = Retry::default();
        let mut wait = |made, now| {
            retry.made = Some(made);
            retry.note(backoff, now);
            retry.not_before.unwrap().duration_since(now).as_secs()
        };
        let waits: Vec<_> = (0..5).map(|_| wait(start, start)).collect();
        assert_eq!(waits, [1, 2, 4, 5, 5]);
        assert_eq!(wait(start, start + Duration::from_secs(6)), 1);
    }
}
