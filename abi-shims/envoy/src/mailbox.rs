//! A mailbox for each of Envoy's threads that has VMs: what other threads have for them, and how to get the thread
//! to look.
//!
//! Envoy lets a module onto a worker in two ways: through a stream that lives there, and through a cluster of the
//! module's own. So a worker is woken through the helper cluster if the configuration has one, else through any of
//! its streams, else not: then what is due is done when the next event reaches the worker. The main thread is woken
//! through a filter configuration.

use crate::callout::CalloutEvent;
use crate::plugin;
use crate::sys::{HelperScheduler, StreamScheduler};
use ahead_proxy_wasm::CalloutId;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Tells VMs of the process apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VmNumber(u64);

impl VmNumber {
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        VmNumber(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// What another thread has for a VM.
#[derive(Debug)]
pub struct Delivery {
    pub vm: VmNumber,
    pub callout: CalloutId,
    pub event: CalloutEvent,
}

/// One of Envoy's threads.
#[derive(Debug)]
pub struct Mailbox {
    is_main: bool,
    /// Something waits to be looked at.
    pending: AtomicBool,
    deliveries: Mutex<Vec<Delivery>>,
    /// Ways onto this worker, by a number of the stream.
    streams: Mutex<HashMap<u64, StreamScheduler>>,
}

/// A lock, also when somebody panicked with it: what is in there is valid at every moment.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All mailboxes; threads of Envoy do not come and go.
static ALL: Mutex<Vec<Arc<Mailbox>>> = Mutex::new(Vec::new());

/// Ways through helper clusters, by a number of the cluster. A cluster that is replaced goes after the new one has
/// come; the last is used.
static HELPERS: Mutex<Vec<(usize, HelperScheduler)>> = Mutex::new(Vec::new());

/// Whether there is any.
static HAS_HELPER: AtomicBool = AtomicBool::new(false);

fn wake_through_helper() -> bool {
    match lock(&HELPERS).last() {
        Some((_, helper)) => helper.commit(),
        None => return false,
    }
    true
}

thread_local! {
    static OWN: std::cell::OnceCell<Arc<Mailbox>> = const { std::cell::OnceCell::new() };
    static IS_MAIN: std::cell::Cell<bool> = const { std::cell::Cell::new(false) };
}

/// Notes that this is Envoy's main thread.
pub fn on_main_thread() {
    IS_MAIN.set(true);
}

/// Whether this is Envoy's main thread.
pub fn is_main_thread() -> bool {
    IS_MAIN.get()
}

/// Gives other threads a helper cluster.
pub fn add_helper(number: usize, scheduler: HelperScheduler) {
    lock(&HELPERS).push((number, scheduler));
    HAS_HELPER.store(true, Ordering::Release);
}

/// Takes a helper cluster away.
pub fn remove_helper(number: usize) {
    let mut helpers = lock(&HELPERS);
    helpers.retain(|(other, _)| *other != number);
    HAS_HELPER.store(!helpers.is_empty(), Ordering::Release);
}

/// Whether workers can be reached at any time.
pub fn has_helper() -> bool {
    HAS_HELPER.load(Ordering::Acquire)
}

/// Whether Envoy is about to end, and how many workers have not ended their plugins yet.
static ENDING: AtomicBool = AtomicBool::new(false);
static UNENDED: AtomicUsize = AtomicUsize::new(0);

/// Has workers end their plugins; false if there are none that have any. On the main thread.
pub fn end_workers() -> bool {
    let workers = lock(&ALL).iter().filter(|mailbox| !mailbox.is_main).count();
    UNENDED.store(workers, Ordering::Release);
    ENDING.store(true, Ordering::Release);
    workers > 0
}

pub fn is_ending() -> bool {
    ENDING.load(Ordering::Acquire)
}

/// A worker has ended its plugins; the main thread looks when it was the last.
pub fn worker_ended() {
    if UNENDED.fetch_sub(1, Ordering::AcqRel) == 1 {
        wake_through_helper();
    }
}

pub fn all_workers_ended() -> bool {
    UNENDED.load(Ordering::Acquire) == 0
}

/// Has every thread look, workers that have no VM yet too.
pub fn wake_all() {
    for mailbox in lock(&ALL).iter() {
        mailbox.pending.store(true, Ordering::Release);
    }
    wake_through_helper();
}

impl Mailbox {
    /// This thread's.
    pub fn own() -> Arc<Mailbox> {
        OWN.with(|own| {
            let make = || {
                let mailbox = Arc::new(Mailbox {
                    is_main: IS_MAIN.get(),
                    pending: AtomicBool::new(false),
                    deliveries: Mutex::default(),
                    streams: Mutex::default(),
                });
                lock(&ALL).push(mailbox.clone());
                mailbox
            };
            own.get_or_init(make).clone()
        })
    }

    /// Whether this thread's has something, without making one.
    pub fn own_is_pending() -> bool {
        OWN.with(|own| own.get().is_some_and(|mailbox| mailbox.is_pending()))
    }

    pub fn is_pending(&self) -> bool {
        self.pending.load(Ordering::Relaxed)
    }

    /// What has come; nothing is pending then. By the thread itself.
    pub fn take(&self) -> Vec<Delivery> {
        self.pending.store(false, Ordering::Release);
        std::mem::take(&mut *lock(&self.deliveries))
    }

    /// Puts something in and has the thread look. From any thread.
    pub fn deliver(&self, delivery: Delivery) {
        lock(&self.deliveries).push(delivery);
        self.wake();
    }

    /// Has the thread look as soon as it can. From any thread.
    pub fn wake(&self) {
        self.pending.store(true, Ordering::Release);
        if wake_through_helper() {
            return;
        }
        if self.is_main {
            plugin::wake_main_thread();
        } else if let Some(stream) = lock(&self.streams).values().next() {
            stream.commit(0);
        }
    }

    /// Whether the thread could not be woken now.
    pub fn needs_a_way(&self) -> bool {
        !self.is_main && !has_helper() && lock(&self.streams).is_empty()
    }

    /// Another way onto this worker, until [`Mailbox::forget_way`].
    pub fn add_way(&self, number: u64, scheduler: StreamScheduler) {
        lock(&self.streams).insert(number, scheduler);
        // What came when there was no way need not wait for another event.
        if self.is_pending() {
            self.wake();
        }
    }

    pub fn forget_way(&self, number: u64) {
        lock(&self.streams).remove(&number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_delivered_waits_until_the_thread_looks() {
        let mailbox = Mailbox::own();
        assert!(!Mailbox::own_is_pending());
        assert!(mailbox.needs_a_way());
        let sender = mailbox.clone();
        let vm = VmNumber::new();
        std::thread::spawn(move || {
            sender.deliver(Delivery {
                vm,
                callout: CalloutId(7),
                event: CalloutEvent::Reset,
            });
        })
        .join()
        .unwrap();
        assert!(Mailbox::own_is_pending());
        let came = mailbox.take();
        assert_eq!(
            (came.len(), came[0].vm, came[0].callout),
            (1, vm, CalloutId(7))
        );
        assert!(!Mailbox::own_is_pending());
    }
}
