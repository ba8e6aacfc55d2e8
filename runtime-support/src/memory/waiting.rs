//! `memory.atomic.wait` and `notify`: threads that wait at an address of a shared memory.
//!
//! A thread compares the value and joins the queue of its address under one lock, and whoever notifies takes it
//! out under the same lock: so a notification between the two is not lost. The queues belong to the process, as
//! the addresses do: a shared memory never moves, and in a process two of them never have the same address.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Queues are spread over this many locks by address.
const BUCKETS: usize = 64;

#[derive(Default)]
struct Bucket {
    waiters: Mutex<VecDeque<Waiter>>,
}

struct Waiter {
    address: usize,
    signal: Arc<Signal>,
}

#[derive(Default)]
struct Signal {
    is_woken: Mutex<bool>,
    changed: Condvar,
}

static TABLE: [Bucket; BUCKETS] = [const {
    Bucket {
        waiters: Mutex::new(VecDeque::new()),
    }
}; BUCKETS];

fn lock(address: usize) -> MutexGuard<'static, VecDeque<Waiter>> {
    // Neighbours are told apart by the bits above a word's.
    let bucket = (address >> 3) % BUCKETS;
    let waiters = TABLE[bucket].waiters.lock();
    waiters.unwrap_or_else(PoisonError::into_inner)
}

/// How a wait ended, as the instruction gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Woken {
    Notified = 0,
    NotEqual = 1,
    TimedOut = 2,
}

/// Waits at `address` if `is_expected`, which is asked with the address locked. A negative timeout is none, and
/// one that no clock reaches is as good as none.
pub(crate) fn wait(
    address: usize,
    is_expected: impl FnOnce() -> bool,
    timeout_nanoseconds: i64,
) -> Woken {
    let deadline = u64::try_from(timeout_nanoseconds)
        .ok()
        .and_then(|nanoseconds| Instant::now().checked_add(Duration::from_nanos(nanoseconds)));
    let signal = Arc::new(Signal::default());
    {
        let mut waiters = lock(address);
        if !is_expected() {
            return Woken::NotEqual;
        }
        waiters.push_back(Waiter {
            address,
            signal: Arc::clone(&signal),
        });
    }
    if signal.wait(deadline) {
        return Woken::Notified;
    }
    // A notification may have come between the deadline and this lock: then it counts.
    let mut waiters = lock(address);
    let place = waiters
        .iter()
        .position(|waiter| Arc::ptr_eq(&waiter.signal, &signal));
    match place {
        Some(place) => {
            waiters.remove(place);
            Woken::TimedOut
        }
        None => Woken::Notified,
    }
}

impl Signal {
    /// Whether it was woken before the deadline.
    fn wait(&self, deadline: Option<Instant>) -> bool {
        let mut is_woken = self.is_woken.lock().unwrap_or_else(PoisonError::into_inner);
        while !*is_woken {
            is_woken = match deadline {
                None => self
                    .changed
                    .wait(is_woken)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return false;
                    }
                    let waited = self.changed.wait_timeout(is_woken, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        true
    }

    fn wake(&self) {
        *self.is_woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }
}

/// Wakes at most `count` threads that wait at `address`, those that came first; gives how many.
pub(crate) fn notify(address: usize, count: u32) -> u32 {
    let mut waiters = lock(address);
    let mut woken = 0;
    let mut place = 0;
    while woken < count && place < waiters.len() {
        if waiters[place].address == address {
            if let Some(waiter) = waiters.remove(place) {
                waiter.signal.wake();
                woken += 1;
            }
        } else {
            place += 1;
        }
    }
    woken
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_may_be_anything() {
        let address = 0x7000_0000;
        assert_eq!(wait(address, || false, i64::MIN), Woken::NotEqual);
        assert_eq!(wait(address, || true, 0), Woken::TimedOut);
        assert_eq!(wait(address, || true, 1), Woken::TimedOut);
        assert_eq!(notify(address, u32::MAX), 0);
    }

    #[test]
    fn who_waits_is_woken_in_order_and_as_often_as_asked() {
        let address = 0x7000_0100;
        // In the same bucket.
        let other = address + 8 * BUCKETS;
        let waiting = || lock(address).len();
        std::thread::scope(|scope| {
            let first = scope.spawn(|| wait(address, || true, -1));
            while waiting() < 1 {
                std::thread::yield_now();
            }
            let others =
                [i64::MAX, -1].map(|timeout| scope.spawn(move || wait(address, || true, timeout)));
            while waiting() < 3 {
                std::thread::yield_now();
            }
            assert_eq!(notify(other, u32::MAX), 0);
            assert_eq!(notify(address, 0), 0);
            assert_eq!(notify(address, 1), 1);
            assert_eq!(first.join().unwrap(), Woken::Notified);
            assert_eq!(waiting(), 2);
            assert_eq!(notify(address, u32::MAX), 2);
            for other in others {
                assert_eq!(other.join().unwrap(), Woken::Notified);
            }
        });
    }
}
