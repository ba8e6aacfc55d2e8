//! What can go wrong outside the guest: opening an artefact, linking it, asking for too much.
//!
//! A guest that fails while it runs is a [`Trap`]; it appears here only where instantiation ran it.

use crate::trap::Trap;
use ahead_artifact::{FormatError, FuncType};
use std::fmt;
use std::io;
use std::path::PathBuf;

/// An artefact that cannot be opened, a module that cannot be linked, a limit that was reached.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error("cannot open `{}`: {source}", path.display())]
    Open { path: PathBuf, source: io::Error },

    /// The file is not what the compiler writes.
    #[error("not an Ahead artefact: {0}")]
    Elf(String),

    #[error(transparent)]
    Damaged(#[from] FormatError),

    #[error("the artefact is for {found}, this machine is {expected}")]
    Machine {
        found: String,
        expected: &'static str,
    },

    #[error(
        "the artefact has ABI version {found_major}.{found_minor}, and this runtime reads {major}.0 to \
         {major}.{minor}\n\nhint: compile the module again"
    )]
    AbiVersion {
        found_major: u16,
        found_minor: u16,
        major: u16,
        minor: u16,
    },

    #[error(
        "the artefact is laid out for pages of {artifact} bytes, and this machine's have {machine}"
    )]
    PageSize { artifact: u32, machine: usize },

    #[error(
        "the artefact needs CPU features that this machine lacks: {}\n\nhint: compile it for an older CPU with `--cpu`",
        missing.join(", ")
    )]
    CpuFeatures { missing: Vec<String> },

    #[error(
        "the artefact calls {found} builtins, and this runtime has {known}\n\nhint: compile the module again"
    )]
    Builtins { found: u32, known: u32 },

    #[error("unknown import: {}.{} ({ty})", Quoted(module), Quoted(name))]
    UnknownImport {
        module: String,
        name: String,
        ty: String,
    },

    #[error(
        "incompatible import type for {}.{}: the module wants {expected}, it is given {found}",
        Quoted(module),
        Quoted(name)
    )]
    IncompatibleImport {
        module: String,
        name: String,
        expected: String,
        found: String,
    },

    /// Memory in guard mode needs addresses, not bytes.
    #[error(
        "cannot reserve {bytes} bytes of address space for a memory: {source}{}\n\nhint: raise the limit \
         (`ulimit -v`), or compile with `--bounds explicit`, which needs no reservation",
        limit_note(*address_space_limit)
    )]
    Reservation {
        bytes: u64,
        /// The process's limit of address space, if it has one.
        address_space_limit: Option<u64>,
        source: io::Error,
    },

    #[error("cannot make a thread with a stack of {bytes} bytes: {source}")]
    Stack { bytes: usize, source: io::Error },

    #[error("cannot map {what}: {source}")]
    Map {
        what: &'static str,
        source: io::Error,
    },

    #[error("{what} of {requested} {unit} is beyond the limit of {limit}")]
    Limit {
        what: &'static str,
        requested: u64,
        unit: &'static str,
        limit: u64,
    },

    #[error("the function has type {found}, not {expected}")]
    FuncType { expected: FuncType, found: FuncType },

    #[error("a value of type {found} where {expected} belongs")]
    ValueType { expected: String, found: String },

    #[error("{found} values where {expected} belong")]
    ValueCount { expected: usize, found: usize },

    #[error("element {index} is beyond the table's end")]
    TableIndex { index: u64 },

    #[error("an immutable global cannot be set")]
    ImmutableGlobal,

    #[error("no module of this store can call functions of type {ty}")]
    MissingTrampoline { ty: FuncType },

    #[error("the signal handlers cannot be installed: {0}")]
    Signals(io::Error),

    /// The start function, or a segment that does not fit.
    #[error(transparent)]
    Trap(#[from] Trap),
}

fn limit_note(limit: Option<u64>) -> String {
    match limit {
        Some(bytes) => format!(" (the limit of address space is {bytes} bytes)"),
        None => String::new(),
    }
}

/// A name from the guest between backticks, with nothing in it that a terminal would act on.
pub(crate) struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`", Escaped(self.0))
    }
}

/// A name from the guest with nothing in it that a terminal would act on.
pub(crate) struct Escaped<'a>(pub &'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            // Beyond the controls: what turns writing around, joins it or shows nothing.
            let hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
            if c.is_control() || hidden {
                write!(f, "{}", c.escape_unicode())?;
            } else {
                f.write_fmt(format_args!("{c}"))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_speak_to_the_terminal() {
        assert_eq!(Escaped("a\x1b[31mb\nc").to_string(), r"a\u{1b}[31mb\u{a}c");
        assert_eq!(Quoted("grüße\u{202e}").to_string(), r"`grüße\u{202e}`");
    }
}
