//! Where filters come from: an artefact that the configuration names, or the one that this module carries.
//!
//! An artefact is opened once as long as any configuration uses it, so that a configuration that is loaded again finds
//! its VMs.

use crate::host::EnvoyHost;
use crate::mailbox::lock;
use ahead_proxy_wasm::Filter;
use ahead_runtime::Module;
use std::collections::HashMap;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, Weak};

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("`{0}` cannot be opened: {1}")]
    File(PathBuf, std::io::Error),
    #[error("`{0}`: {1}")]
    Module(PathBuf, Box<ahead_runtime::Error>),
    #[error("`{0}`: {1}")]
    Filter(PathBuf, Box<ahead_proxy_wasm::Error>),
    #[error("no `artifact` is given, and this module carries no filter")]
    None,
    #[error("`artifact` is given, and this module carries a filter")]
    Two,
    #[error("the filter in this module: {0}")]
    CarriedModule(Box<ahead_runtime::Error>),
    #[error("the filter in this module: {0}")]
    CarriedFilter(Box<ahead_proxy_wasm::Error>),
}

/// A filter that is open as long as somebody has it.
pub struct Artefact {
    pub filter: Filter<EnvoyHost>,
}

/// What a file was when it was opened. A file that is replaced is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

impl FileId {
    fn of(path: &Path) -> std::io::Result<FileId> {
        let metadata = std::fs::metadata(path)?;
        Ok(FileId {
            device: metadata.dev(),
            inode: metadata.ino(),
            bytes: metadata.len(),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        })
    }
}

type Opened = HashMap<Option<PathBuf>, (Option<FileId>, Weak<Artefact>)>;

static OPENED: Mutex<Option<Opened>> = Mutex::new(None);

/// The filter at `path`, or the one that this module carries.
pub fn open(path: Option<&Path>) -> Result<Arc<Artefact>, OpenError> {
    let carried = carried();
    let id = match (path, carried) {
        (None, None) => return Err(OpenError::None),
        (Some(_), Some(_)) => return Err(OpenError::Two),
        (None, Some(_)) => None,
        (Some(path), None) => {
            Some(FileId::of(path).map_err(|error| OpenError::File(path.to_owned(), error))?)
        }
    };
    let mut opened = lock(&OPENED);
    let opened = opened.get_or_insert_default();
    opened.retain(|_, (_, artefact)| artefact.strong_count() > 0);
    let key = path.map(Path::to_owned);
    if let Some((known, artefact)) = opened.get(&key)
        && *known == id
        && let Some(artefact) = artefact.upgrade()
    {
        return Ok(artefact);
    }
    let filter = match (path, carried) {
        (Some(path), _) => {
            let module = open_module(path)
                .map_err(|error| OpenError::Module(path.to_owned(), error.into()))?;
            Filter::new(module).map_err(|error| OpenError::Filter(path.to_owned(), error.into()))?
        }
        (None, Some(header)) => {
            let module =
                adopt_module(header).map_err(|error| OpenError::CarriedModule(error.into()))?;
            Filter::new(module).map_err(|error| OpenError::CarriedFilter(error.into()))?
        }
        (None, None) => return Err(OpenError::None),
    };
    let artefact = Arc::new(Artefact { filter });
    opened.insert(key, (id, Arc::downgrade(&artefact)));
    Ok(artefact)
}

fn open_module(path: &Path) -> Result<Module, ahead_runtime::Error> {
    // SAFETY: whoever configures Envoy answers for the code that it loads, as for this module itself.
    unsafe { Module::open(path) }
}

fn adopt_module(header: *const u8) -> Result<Module, ahead_runtime::Error> {
    // SAFETY: `ahead compile --emit envoy` put a whole artefact there and nobody else sets the slot; this module is
    // never unloaded (see `hooks/program.rs`).
    unsafe { Module::adopt(header) }
}

/// Where `ahead compile --emit envoy` notes what it put beside the adapter: found by its name and its first bytes.
#[repr(C)]
pub struct Slot {
    magic: [u8; 16],
    /// The distance of the artefact's header from this slot; 0 for none. Atomic, so that the compiler does not take
    /// it for a constant.
    distance: AtomicI64,
}

#[unsafe(no_mangle)]
#[allow(non_upper_case_globals)]
pub static ahead_envoy_embedded: Slot = Slot {
    magic: *b"ahead filter at:",
    distance: AtomicI64::new(0),
};

/// The header of the artefact that this module carries.
fn carried() -> Option<*const u8> {
    let slot = &ahead_envoy_embedded;
    let distance = slot.distance.load(Ordering::Relaxed);
    let start = std::ptr::from_ref(slot).cast::<u8>();
    (distance != 0 && slot.magic.starts_with(b"ahead"))
        .then(|| start.wrapping_offset(distance as isize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_opened_is_named() {
        let message = |path: Option<&str>| {
            let opened = open(path.map(Path::new));
            opened.err().expect("an error").to_string()
        };
        assert_eq!(
            message(None),
            "no `artifact` is given, and this module carries no filter"
        );
        assert!(message(Some("/nowhere")).starts_with("`/nowhere` cannot be opened: No such file"));
        assert!(message(Some("Cargo.toml")).starts_with("`Cargo.toml`: "));
    }
}
