//! The bar that measurements show on a terminal.

use ahead_bench::session::Doing;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};

/// Shows how far a measurement is: a bar to somebody who watches, lines with `--verbose`.
#[derive(Debug)]
pub struct Turns {
    are_lines: bool,
    bar: Option<ProgressBar>,
}

impl Turns {
    pub fn new(verbose: bool) -> Self {
        let is_watched = std::io::stderr().is_terminal() && !verbose;
        Turns {
            are_lines: verbose,
            bar: is_watched.then(ProgressBar::new_spinner),
        }
    }

    pub fn tell(&self, doing: Doing<'_>) {
        if self.are_lines {
            // Standard error may be closed; the measurement goes on.
            let _ = writeln!(std::io::stderr(), "... {}", doing.what);
        }
        let Some(bar) = &self.bar else { return };
        bar.set_message(doing.what.to_owned());
        if let Some((over, all)) = doing.turns {
            // Nobody knows how much is left before the first turn is over.
            let style = match over {
                0 => ProgressStyle::with_template("{bar:32} {msg}"),
                _ => ProgressStyle::with_template("{bar:32} {msg}, {eta} left"),
            };
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_length(all as u64);
            bar.set_position(over as u64);
            if over == 0 {
                // What was before says nothing of how long a turn takes.
                bar.reset();
            }
        }
        bar.tick();
    }
}

impl Drop for Turns {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
