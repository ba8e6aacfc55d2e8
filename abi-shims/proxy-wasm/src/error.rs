//! What can go wrong with a filter: it is no filter, it cannot be started, it refuses, it traps.

use crate::abi::AbiVersion;
use ahead_runtime::{FuncType, Trap};
use ahead_wasi::ConfigError;
use std::fmt;
use std::sync::Arc;

/// Why there is no filter, no VM or no plugin.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    #[error(
        "not a Proxy-Wasm filter: it exports none of {}{}",
        markers(),
        other_marker(found.as_deref())
    )]
    NoMarker {
        /// A marker of another ABI.
        found: Option<String>,
    },

    #[error(
        "the filter imports `{}`.`{}`, which ABI {abi} does not have{}",
        module.escape_default(),
        name.escape_default(),
        other_versions(elsewhere)
    )]
    UnknownImport {
        module: String,
        name: String,
        abi: AbiVersion,
        /// The versions that have it.
        elsewhere: Vec<AbiVersion>,
    },

    #[error("the filter exports `{name}` with type {found}, and the ABI has it with {expected}")]
    ExportType {
        name: &'static str,
        expected: String,
        found: FuncType,
    },

    #[error(
        "the filter exports neither `proxy_on_memory_allocate` nor `malloc`, so nothing can be handed to it"
    )]
    NoAllocator,

    #[error("the filter exports no memory of the name `memory`")]
    NoMemory,

    #[error("the plugin's environment: {0}")]
    Environment(#[from] ConfigError),

    #[error("the filter cannot be instantiated: {0}")]
    Instantiate(ahead_runtime::Error),

    #[error("`{0}` returned false")]
    Refused(&'static str),

    #[error("the filter's VM is in a call, and its plugin cannot start before that ends")]
    Busy,

    #[error(transparent)]
    Failed(#[from] Failed),
}

fn markers() -> String {
    let markers = AbiVersion::ALL.iter().map(|version| version.marker());
    markers
        .map(|marker| format!("`{marker}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn other_marker(found: Option<&str>) -> String {
    found.map_or(String::new(), |name| {
        format!("; it exports `{}`", name.escape_default())
    })
}

fn other_versions(versions: &[AbiVersion]) -> String {
    if versions.is_empty() {
        return String::new();
    }
    let versions: Vec<_> = versions.iter().map(AbiVersion::to_string).collect();
    format!(" ({} has it)", versions.join(", "))
}

/// A guest trapped. Its VM is dead: every later call gives the same again.
#[derive(Clone)]
pub struct Failed {
    /// The callback it was in: an export's name.
    pub callback: &'static str,
    pub trap: Arc<Trap>,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the filter failed in `{}`: {}", self.callback, self.trap)
    }
}

impl fmt::Debug for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Failed {}
