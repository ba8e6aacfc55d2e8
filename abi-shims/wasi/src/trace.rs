//! Telling an observer each call of the guest: name, arguments by name, result.

use crate::memory::Call;
use crate::table::Function;
use crate::types::Errno;
use std::fmt::{self, Write};
use std::sync::{Mutex, PoisonError};

/// Gets a line for each call when it has ended, such as
/// `path_open(fd=3, dirflags=1, path="notes.txt", oflags=0, ...) = Noent`.
pub struct Trace(Box<dyn FnMut(&str) + Send>);

impl Trace {
    pub fn new(line: impl FnMut(&str) + Send + 'static) -> Self {
        Trace(Box::new(line))
    }
}

/// Tells of a call that has ended. Calls of several threads are told one after the other.
pub(crate) fn ended(trace: &Mutex<Trace>, call: &str, outcome: impl fmt::Display) {
    let line = format!("{call} = {outcome}");
    let mut trace = trace.lock().unwrap_or_else(PoisonError::into_inner);
    (trace.0)(&line);
}

impl fmt::Debug for Trace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Trace")
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Outcome {
    Returned(Errno),
    /// The guest does not go on.
    Exit,
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Returned(errno) => write!(formatter, "{errno:?}"),
            Outcome::Exit => formatter.write_str("exit"),
        }
    }
}

/// How much of a path is shown.
const PATH_SHOWN_BYTES_MAX: u32 = 256;

/// The call as text. Paths are shown as they are before it, since a call may write over its own arguments.
pub(crate) fn describe(call: &Call<'_>, function: &Function, args: &[u64]) -> String {
    let mut shown = Vec::new();
    let mut params = function.params.iter().zip(args);
    while let Some(((name, _), &arg)) = params.next() {
        // Elsewhere a parameter of that name is where a path goes to.
        if function.section == "path" && name.ends_with("path") {
            let bytes = params.next().map_or(0, |(_, &bytes)| bytes);
            shown.push(format!("{name}={}", path(call, arg as u32, bytes as u32)));
        } else {
            shown.push(format!("{name}={arg}"));
        }
    }
    format!("{}({})", function.name, shown.join(", "))
}

fn path(call: &Call<'_>, address: u32, bytes: u32) -> String {
    match call.memory.slice(address, bytes.min(PATH_SHOWN_BYTES_MAX)) {
        Ok(path) => {
            let mut text = format!("\"{}\"", path.escape_ascii());
            if bytes > PATH_SHOWN_BYTES_MAX {
                // Writing to a string cannot fail.
                let _ = write!(text, "... {bytes} bytes");
            }
            text
        }
        Err(_) => format!("{address}+{bytes}"),
    }
}
