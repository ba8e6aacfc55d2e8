//! The region that a benchmark program marks to be measured: `start` and `end` of module `bench`, as the programs of
//! Sightglass import them.

use ahead_runtime::{Caller, Linker};
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Defines both functions. Each `end` prints the time since the last `start` to standard error.
pub fn define<T: 'static>(linker: &mut Linker<T>) {
    static STARTED: Mutex<Option<Instant>> = Mutex::new(None);
    let started = || STARTED.lock().unwrap_or_else(PoisonError::into_inner);
    linker.func("bench", "start", move |_: Caller<'_, T>| {
        *started() = Some(Instant::now());
    });
    linker.func("bench", "end", move |_: Caller<'_, T>| {
        if let Some(start) = started().take() {
            // Standard error may be closed; the program goes on.
            let _ = writeln!(std::io::stderr(), "bench: {:?}", start.elapsed());
        }
    });
}
