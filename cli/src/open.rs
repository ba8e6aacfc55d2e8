//! The one place where an artefact becomes code that this process may run.

use ahead_runtime::Module;
use std::path::Path;

/// Where an artefact is.
#[derive(Clone, Copy, Debug)]
pub enum Artefact<'a> {
    File(&'a Path),
    /// In memory, just compiled.
    #[cfg_attr(not(feature = "compiler"), allow(dead_code))]
    Bytes(&'a [u8]),
}

/// Maps an artefact. The runtime checks everything about it but the instructions themselves.
#[allow(unsafe_code)]
pub fn open(artefact: Artefact<'_>) -> Result<Module, ahead_runtime::Error> {
    // SAFETY: the code in the artefact must keep to the ABI. In memory it is our own compiler's; a file is
    // what the user told us to run, as trusted as any executable they start.
    unsafe {
        match artefact {
            Artefact::File(path) => Module::open(path),
            Artefact::Bytes(bytes) => Module::from_bytes(bytes),
        }
    }
}
