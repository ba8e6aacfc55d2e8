//! What this program makes for Envoy: modules that Envoy loads, and configurations that load them.

mod configuration;
mod conversion;
mod module;

pub use configuration::{Bootstrap, Place, Source, filter, helper_cluster};
pub use conversion::convert;
pub use module::{carries_filter, join};

use crate::artefact::ArtefactFile;
use crate::library::{self, Library};
use ahead_artifact::{Interface, SectionKind};
use ahead_proxy_wasm::abi::AbiVersion;
use ahead_targets::Isa;
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// The adapter for `target`: in `directory`, or where the runtime is looked for.
pub fn find_adapter(target: Isa, directory: Option<&Path>) -> Result<PathBuf> {
    let wanted = Library {
        name: "libahead_envoy.so",
        what: "Envoy adapter",
        package: "ahead-envoy",
    };
    library::find(&wanted, target, directory, module::machine_of)
}

/// Checks that an artefact says that it is a Proxy-Wasm filter. Whether it is a good one, the adapter finds out.
pub fn check_filter(artefact: Vec<u8>) -> Result<()> {
    let file = ArtefactFile::parse(artefact)?;
    let metadata = file.metadata()?;
    let interface = Interface::parse(metadata.section(SectionKind::Interface))?;
    let is_marker = |name: &str| {
        AbiVersion::ALL
            .iter()
            .any(|version| version.marker() == name)
    };
    if !interface
        .exports
        .iter()
        .any(|export| is_marker(&export.name))
    {
        let markers = AbiVersion::ALL.iter();
        let markers: Vec<_> = markers
            .map(|version| format!("`{}`", version.marker()))
            .collect();
        bail!(
            "not a Proxy-Wasm filter: it exports none of {}",
            markers.join(", ")
        );
    }
    Ok(())
}
