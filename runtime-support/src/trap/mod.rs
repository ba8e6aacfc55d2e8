//! Traps: why a guest stopped, and the way out of it.
//!
//! `activation.rs` goes in and comes back, `signals.rs` turns faults of guest code into traps, `code.rs`
//! knows which addresses are guest code, `unwind.rs` where exceptions are caught, `host_throw.rs` how a host function
//! throws one, `backtrace.rs` reads frames, `stack.rs` knows this thread's stack.

mod activation;
mod backtrace;
mod code;
mod host_throw;
mod signals;
mod stack;
mod unwind;

pub(crate) use activation::{invoke, raise};
pub use backtrace::Frame;
pub(crate) use code::{CodeRange, Registration};
pub use signals::install_signal_handlers;
pub(crate) use signals::{Look, install as install_handlers};
pub(crate) use stack::thread_bytes as thread_stack_bytes;
pub use stack::with_stack;
pub(crate) use unwind::{scan_stack, throw};

use crate::error::Escaped;
use crate::exception::Exception;
use ahead_artifact::TrapKind;
use std::any::Any;
use std::error::Error as StdError;
use std::fmt;

/// Why a guest stopped.
#[derive(Debug)]
#[non_exhaustive]
pub enum TrapReason {
    /// The guest did what it must not.
    Kind(TrapKind),
    /// The guest asked to end, with this status.
    Exit(i32),
    /// It was thrown, by a guest or a host function, and not caught.
    Exception(Exception),
    /// A host function failed.
    Host(Box<dyn StdError + Send + Sync>),
}

/// A guest that stopped before it was done: the reason, and where it was.
pub struct Trap(Box<TrapInner>);

struct TrapInner {
    reason: TrapReason,
    frames: Vec<Frame>,
    /// Frames further out that were not read.
    frames_left: usize,
}

impl Trap {
    pub fn new(kind: TrapKind) -> Self {
        Self::of(TrapReason::Kind(kind))
    }

    /// The guest's own end, as `proc_exit` asks for it.
    pub fn exit(status: i32) -> Self {
        Self::of(TrapReason::Exit(status))
    }

    /// A failure of a host function.
    pub fn host(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::of(TrapReason::Host(error.into()))
    }

    fn of(reason: TrapReason) -> Self {
        Trap(Box::new(TrapInner {
            reason,
            frames: Vec::new(),
            frames_left: 0,
        }))
    }

    /// What a host function's panic becomes.
    pub(crate) fn from_panic(payload: Box<dyn Any + Send>) -> Self {
        let message = match payload.downcast::<String>() {
            Ok(message) => *message,
            Err(payload) => match payload.downcast::<&'static str>() {
                Ok(message) => (*message).to_owned(),
                Err(_) => "without a message".to_owned(),
            },
        };
        Self::host(HostPanic(message))
    }

    pub(crate) fn with_backtrace(mut self, backtrace: backtrace::Backtrace) -> Self {
        // A trap that passes from a guest through the host into a guest further out keeps its origin.
        if self.0.frames.is_empty() {
            self.0.frames = backtrace.frames;
            self.0.frames_left = backtrace.left;
        }
        self
    }

    pub fn kind(&self) -> &TrapReason {
        &self.0.reason
    }

    /// The exception, if it is one that was not caught.
    pub fn exception(&self) -> Option<&Exception> {
        match &self.0.reason {
            TrapReason::Exception(exception) => Some(exception),
            _ => None,
        }
    }

    /// The kind of a trap that the guest made itself.
    pub fn trap_kind(&self) -> Option<TrapKind> {
        match self.0.reason {
            TrapReason::Kind(kind) => Some(kind),
            TrapReason::Exception(_) => Some(TrapKind::UncaughtException),
            _ => None,
        }
    }

    /// The status that the guest wants to end with.
    pub fn exit_status(&self) -> Option<i32> {
        match self.0.reason {
            TrapReason::Exit(status) => Some(status),
            _ => None,
        }
    }

    /// The guest's frames, innermost first. Host functions in between do not appear.
    pub fn backtrace(&self) -> &[Frame] {
        &self.0.frames
    }

    /// The reason without the backtrace.
    pub fn message(&self) -> String {
        match &self.0.reason {
            TrapReason::Kind(kind) => format!("wasm trap: {kind}"),
            TrapReason::Exception(_) => format!("wasm trap: {}", TrapKind::UncaughtException),
            TrapReason::Exit(status) => format!("the guest ended with status {status}"),
            TrapReason::Host(error) => error.to_string(),
        }
    }
}

impl From<TrapKind> for Trap {
    fn from(kind: TrapKind) -> Self {
        Trap::new(kind)
    }
}

/// What a host function returns to throw.
impl From<Exception> for Trap {
    fn from(exception: Exception) -> Self {
        Trap::of(TrapReason::Exception(exception))
    }
}

impl From<crate::host::OutOfBounds> for Trap {
    fn from(error: crate::host::OutOfBounds) -> Self {
        Trap::host(error)
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())?;
        for (number, frame) in self.0.frames.iter().enumerate() {
            write!(f, "\n{number:4}: {frame}")?;
        }
        if self.0.frames_left > 0 {
            write!(f, "\n      ... and {} more", self.0.frames_left)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl StdError for Trap {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.reason {
            TrapReason::Host(error) => Some(&**error),
            _ => None,
        }
    }
}

/// A host function panicked.
#[derive(Debug)]
struct HostPanic(String);

impl fmt::Display for HostPanic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a host function panicked: {}", Escaped(&self.0))
    }
}

impl StdError for HostPanic {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_told_apart() {
        let trap = Trap::new(TrapKind::MemoryOutOfBounds);
        assert_eq!(trap.to_string(), "wasm trap: out of bounds memory access");
        assert_eq!(trap.trap_kind(), Some(TrapKind::MemoryOutOfBounds));
        assert_eq!(Trap::exit(3).exit_status(), Some(3));
        let panic = Trap::from_panic(Box::new("oh\n"));
        assert_eq!(panic.to_string(), r"a host function panicked: oh\u{a}");
        assert!(panic.source().is_some());
    }
}
