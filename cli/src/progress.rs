//! The bar that long compiles show on a terminal.

use ahead_compiler::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// Compiles that are done sooner show nothing.
const QUIET_FOR: Duration = Duration::from_millis(500);

/// Shows functions compiled, once compiling takes noticeably long and somebody is watching.
#[derive(Debug)]
pub struct Bar {
    started: Instant,
    watched: bool,
    bar: OnceLock<ProgressBar>,
}

impl Bar {
    pub fn new() -> Self {
        Bar {
            started: Instant::now(),
            watched: std::io::stderr().is_terminal(),
            bar: OnceLock::new(),
        }
    }
}

impl Progress for Bar {
    fn functions(&self, done: usize, total: usize) {
        if !self.watched || self.started.elapsed() < QUIET_FOR {
            return;
        }
        let bar = self.bar.get_or_init(|| {
            let bar = ProgressBar::with_draw_target(
                Some(total as u64),
                ProgressDrawTarget::stderr_with_hz(10),
            );
            let style = ProgressStyle::with_template("{bar:32} {pos}/{len} functions, {eta} left");
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        // Reports overtake each other between threads; the bar only goes forward.
        if bar.position() < done as u64 {
            bar.set_position(done as u64);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}
