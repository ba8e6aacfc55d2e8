//! Why a module was not compiled.
//!
//! One enum for the crate, variants by cause, with the facts: function, byte offset, proposal. Messages are
//! lower case, with literals in backticks and the place last.

use crate::proposals::Proposal;
use ahead_artifact::FuncIndex;
use std::fmt;

/// A function as messages name it: `function 42 `parse_header``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionLabel {
    pub index: FuncIndex,
    /// From the name section, or its export; escaped when shown.
    pub name: Option<String>,
}

impl fmt::Display for FunctionLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "function {}", self.index)?;
        match &self.name {
            Some(name) => write!(f, " `{}`", name.escape_debug()),
            None => Ok(()),
        }
    }
}

/// The function that an error is in, as the front of its message.
fn within(function: &Option<FunctionLabel>) -> String {
    function
        .as_ref()
        .map_or(String::new(), |function| format!("{function}: "))
}

/// Why a module was not compiled.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are not a valid module.
    #[error("{}{message} (at offset {offset:#x})", within(.function))]
    Invalid {
        function: Option<FunctionLabel>,
        message: String,
        /// From the first byte of the module, as everywhere here.
        offset: u64,
    },

    /// The module needs a proposal that this version does not build.
    #[error(
        "{}{item} needs the {proposal} proposal, which is not built yet (at offset {offset:#x})",
        within(.function)
    )]
    NotBuilt {
        function: Option<FunctionLabel>,
        /// What needs it: an instruction in backticks, or a phrase.
        item: String,
        proposal: Proposal,
        offset: u64,
    },

    /// The module needs a proposal that the configuration leaves out.
    #[error(
        "{}{item} needs the {proposal} proposal (at offset {offset:#x})\n\nhint: enable it with `--wasm {proposal}`",
        within(.function)
    )]
    NotEnabled {
        function: Option<FunctionLabel>,
        item: String,
        proposal: Proposal,
        offset: u64,
    },

    /// The module exceeds a limit of this compiler.
    #[error("{}{what} exceeds the limit of {limit} (at offset {offset:#x})", within(.function))]
    Limit {
        function: Option<FunctionLabel>,
        what: String,
        limit: u64,
        offset: u64,
    },

    /// The configuration asks for a proposal that this version does not build.
    #[error("the {0} proposal is not built yet")]
    ProposalNotBuilt(Proposal),

    /// The code generator refuses a function: too large for its encodings or its own limits.
    #[error("{function}: {message}")]
    Codegen {
        function: FunctionLabel,
        message: String,
    },

    /// The compiled module does not fit an artefact.
    #[error("{0}")]
    TooLarge(String),

    /// Settings that the code generator refuses.
    #[error("code generation settings: {0}")]
    Settings(String),

    /// A symbol prefix or an option of an output format that cannot be used.
    #[error("{0}")]
    Output(String),

    /// A bug of ours.
    #[error("internal error: {}{message}\n\nhint: this is a bug in ahead; please report it with the module", within(.function))]
    Internal {
        function: Option<FunctionLabel>,
        message: String,
    },
}
