//! Threads that work through a list.
//!
//! Each thread has a state of its own that it uses for one item after another, takes the next item from a
//! shared counter, and keeps its results until the end, so that nothing is locked. Results come back in the
//! order of the items, whatever thread made them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Stack of a thread. Code generation recurses over what a module contains, within limits that Cranelift
/// sets itself; this is far beyond them. Only what is touched is ever used.
const STACK_BYTES: usize = 32 << 20;

/// Runs `work` on each of `0..count`, taken in the order of `order`, and returns the results by number. If
/// any fails, the error of the lowest number that failed is returned, on any number of threads.
pub fn run<S, T, E>(
    order: &[u32],
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E>
where
    T: Send,
    E: Send,
{
    let next = AtomicUsize::new(0);
    // The lowest number that failed so far: items above it need not be worked on any more.
    let failed = AtomicUsize::new(usize::MAX);
    let worker = || {
        let mut state = state();
        let mut done: Vec<(usize, Result<T, E>)> = Vec::new();
        while let Some(&item) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let item = item as usize;
            if item > failed.load(Ordering::Relaxed) {
                continue;
            }
            let result = work(&mut state, item);
            if result.is_err() {
                failed.fetch_min(item, Ordering::Relaxed);
            }
            done.push((item, result));
        }
        done
    };
    let threads = threads.clamp(1, order.len().max(1));
    let done: Vec<_> = thread::scope(|scope| {
        let spawned: Vec<_> = (0..threads)
            .map_while(|number| {
                let builder = thread::Builder::new()
                    .name(format!("ahead-codegen-{number}"))
                    .stack_size(STACK_BYTES);
                // A machine that gives no more threads gets the work done by those that it gave.
                builder.spawn_scoped(scope, worker).ok()
            })
            .collect();
        let mut done = if spawned.is_empty() {
            worker()
        } else {
            Vec::new()
        };
        for thread in spawned {
            match thread.join() {
                Ok(results) => done.extend(results),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });

    let mut results: Vec<Option<T>> = Vec::new();
    results.resize_with(order.len(), || None);
    let mut first_error: Option<(usize, E)> = None;
    for (item, result) in done {
        match result {
            Ok(result) => results[item] = Some(result),
            Err(error) if first_error.as_ref().is_none_or(|first| item < first.0) => {
                first_error = Some((item, error));
            }
            Err(_) => {}
        }
    }
    match first_error {
        Some((_, error)) => Err(error),
        None => Ok(results.into_iter().flatten().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_from_any_number_of_threads() {
        let order: Vec<u32> = (0..1000).rev().collect();
        for threads in [1, 2, 7, 5000] {
            let squares = run(&order, threads, || (), |(), item| Ok::<_, ()>(item * item));
            let expected: Vec<_> = (0..1000).map(|item| item * item).collect();
            assert_eq!(squares.unwrap(), expected);
        }
        assert_eq!(run(&[], 2, || (), |(), item| Ok::<_, ()>(item)), Ok(vec![]));
    }

    #[test]
    fn the_lowest_error_is_returned() {
        let order: Vec<u32> = (0..500).rev().collect();
        for threads in [1, 4] {
            let result = run(
                &order,
                threads,
                || (),
                |(), item| {
                    if item % 100 == 37 {
                        Err(item)
                    } else {
                        Ok(item)
                    }
                },
            );
            assert_eq!(result, Err(37));
        }
    }
}
