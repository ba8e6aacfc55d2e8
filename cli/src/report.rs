//! How errors reach the user, and what the process exits with.
//!
//! Messages are lower case, on standard error: `error: ...`, then a blank line and `hint: ...` when there
//! is something to do. A cause may carry its own hint after a blank line; it stays last.

use crate::cli::Color;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code of a guest that trapped: what a shell reports for a process that aborted.
pub const EXIT_TRAP: u8 = 134;

const EXIT_ERROR: u8 = 1;
const EXIT_USAGE: u8 = 2;

static COLORED: AtomicBool = AtomicBool::new(false);

/// A request that makes no sense, as opposed to one that failed.
#[derive(Debug)]
pub struct Usage(pub String);

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}

/// The guest trapped; the trap prints itself with its backtrace.
#[derive(Debug)]
pub struct GuestTrap(pub String);

impl fmt::Display for GuestTrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GuestTrap {}

pub fn set_color(color: Color) {
    let colored = match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
                && io::stderr().is_terminal()
        }
    };
    COLORED.store(colored, Ordering::Relaxed);
}

/// Text in the given ANSI style, or plain if colours are off.
fn styled(style: &str, text: &str) -> String {
    if COLORED.load(Ordering::Relaxed) {
        format!("\x1b[{style}m{text}\x1b[0m")
    } else {
        text.to_owned()
    }
}

/// Prints the error, if there is one, and says what to exit with. A reader of our output that went away,
/// as `head` does, is no error.
pub fn finish(result: anyhow::Result<ExitCode>) -> ExitCode {
    let error = match result {
        Ok(code) => return code,
        Err(error) => error,
    };
    if is_closed_pipe(&error) {
        return ExitCode::SUCCESS;
    }
    // Standard error may be closed as well; there is nobody left to tell.
    let _ = write!(io::stderr(), "{}", rendered(&error));
    if error.is::<GuestTrap>() {
        ExitCode::from(EXIT_TRAP)
    } else if error.is::<Usage>() {
        ExitCode::from(EXIT_USAGE)
    } else {
        ExitCode::from(EXIT_ERROR)
    }
}

/// A remark that is not an error, for `-v` and for things the user should know.
pub fn note(message: &str) {
    let _ = writeln!(io::stderr(), "{}: {message}", styled("1;36", "note"));
}

fn rendered(error: &anyhow::Error) -> String {
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    let (message, hint) = split_hint(&chain);
    let mut out = format!("{}: {message}\n", styled("1;31", "error"));
    if let Some(hint) = hint {
        out += &format!("\n{}: {hint}\n", styled("1;36", "hint"));
    }
    out
}

/// The causes as one line, outermost first, and the hint that one of them carries.
fn split_hint(chain: &[String]) -> (String, Option<String>) {
    let mut hint = None;
    let mut parts: Vec<&str> = Vec::new();
    for cause in chain {
        let message = match cause.split_once("\n\nhint: ") {
            Some((message, advice)) => {
                hint = Some(advice.trim_end().to_owned());
                message
            }
            None => cause.trim_end(),
        };
        // Some libraries print their source themselves and give it as a source as well.
        if !parts.last().is_some_and(|last| last.contains(message)) {
            parts.push(message);
        }
    }
    (parts.join(": "), hint)
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn the_hint_comes_last_wherever_it_was() {
        let error = Err::<(), _>(anyhow::anyhow!(
            "needs threads (at offset 0x1)\n\nhint: enable it"
        ))
        .context("cannot compile `a.wasm`")
        .unwrap_err();
        assert_eq!(
            rendered(&error),
            "error: cannot compile `a.wasm`: needs threads (at offset 0x1)\n\nhint: enable it\n"
        );
    }

    #[test]
    fn a_cause_told_twice_is_printed_once() {
        let chain = ["outer: inner".to_owned(), "inner".to_owned()];
        assert_eq!(split_hint(&chain), ("outer: inner".into(), None));
    }

    #[test]
    fn a_closed_pipe_is_no_error() {
        let error = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(is_closed_pipe(&error.context("cannot write")));
    }
}
