//! Wakes threads when their VMs have a tick due: modules get no timers from Envoy. One thread for the process, from
//! the first tick on.

use crate::mailbox::{Mailbox, lock};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::Instant;

struct Timer {
    due: Mutex<Vec<(Arc<Mailbox>, Instant)>>,
    changed: Condvar,
}

static TIMER: OnceLock<&'static Timer> = OnceLock::new();

/// Has `mailbox` woken at a time, instead of the one it had; `None`: at none.
pub fn set(mailbox: &Arc<Mailbox>, at: Option<Instant>) {
    if at.is_none() && TIMER.get().is_none() {
        return;
    }
    let timer = TIMER.get_or_init(start);
    let mut due = lock(&timer.due);
    let entry = due
        .iter()
        .position(|(other, _)| Arc::ptr_eq(other, mailbox));
    match (entry, at) {
        (Some(index), Some(at)) if due[index].1 == at => return,
        (Some(index), Some(at)) => due[index].1 = at,
        (Some(index), None) => {
            due.swap_remove(index);
        }
        (None, Some(at)) => due.push((mailbox.clone(), at)),
        (None, None) => return,
    }
    timer.changed.notify_one();
}

fn start() -> &'static Timer {
    let timer: &'static Timer = Box::leak(Box::new(Timer {
        due: Mutex::default(),
        changed: Condvar::new(),
    }));
    let thread = std::thread::Builder::new().name("ahead-timer".into());
    // Without the thread ticks come with the next event of their worker.
    if thread.spawn(|| run(timer)).is_err() {
        crate::log::error("there is no thread for ticks");
    }
    timer
}

fn run(timer: &Timer) {
    let mut due = lock(&timer.due);
    loop {
        let now = Instant::now();
        let mut woken = Vec::new();
        due.retain(|(mailbox, at)| {
            let later = *at > now;
            if !later {
                woken.push(mailbox.clone());
            }
            later
        });
        if !woken.is_empty() {
            // Waking takes locks of its own.
            drop(due);
            for mailbox in woken {
                mailbox.wake();
            }
            due = lock(&timer.due);
            continue;
        }
        due = match due.iter().map(|(_, at)| *at).min() {
            Some(next) => {
                let waited = timer.changed.wait_timeout(due, next - now);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => timer
                .changed
                .wait(due)
                .unwrap_or_else(PoisonError::into_inner),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_thread_is_woken_when_it_is_due_and_once() {
        let mailbox = Mailbox::own();
        set(&mailbox, Some(Instant::now() + Duration::from_secs(3600)));
        set(&mailbox, Some(Instant::now()));
        while !mailbox.is_pending() {
            std::thread::yield_now();
        }
        mailbox.take();
        set(&mailbox, None);
        assert!(lock(&TIMER.get().unwrap().due).is_empty());
    }
}
