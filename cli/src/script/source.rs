//! Where a script's modules come from.
//!
//! A precompiled module is found by the hash of its binary, per bounds mode:
//! ```text
//! DIR/guard/<hash>.so      the artefact
//! DIR/guard/<hash>.err     why the compiler refused the module
//! ```

use crate::open::{Artefact, open};
use ahead_artifact::Bounds;
use ahead_runtime::Module;
use std::path::{Path, PathBuf};

/// Why there is no module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The compiler says that it is no module it takes.
    Rejected(String),
    /// Something else went wrong, whatever the module is.
    Failed(String),
}

impl Refusal {
    pub fn message(&self) -> &str {
        match self {
            Refusal::Rejected(message) | Refusal::Failed(message) => message,
        }
    }
}

/// Gives modules for binaries.
pub trait ModuleSource: Sync {
    fn module(&self, wasm: &[u8]) -> Result<Module, Refusal>;
}

/// Compiles modules as they come, for this machine.
#[cfg(feature = "compiler")]
#[derive(Clone, Debug)]
pub struct Compiled {
    pub config: ahead_compiler::Config,
}

#[cfg(feature = "compiler")]
impl ModuleSource for Compiled {
    fn module(&self, wasm: &[u8]) -> Result<Module, Refusal> {
        let artifact = compile(wasm, &self.config)?;
        open(Artefact::Bytes(&artifact)).map_err(|error| Refusal::Failed(error.to_string()))
    }
}

#[cfg(feature = "compiler")]
fn compile(wasm: &[u8], config: &ahead_compiler::Config) -> Result<Vec<u8>, Refusal> {
    match ahead_compiler::compile(wasm, config) {
        Ok(artifact) => Ok(artifact.shared_object()),
        Err(error @ ahead_compiler::Error::Internal { .. }) => {
            Err(Refusal::Failed(error.to_string()))
        }
        Err(error) => Err(Refusal::Rejected(error.to_string())),
    }
}

/// Looks artefacts up that a [`Precompiler`] wrote.
#[derive(Clone, Debug)]
pub struct Precompiled {
    directory: PathBuf,
}

impl Precompiled {
    /// The artefacts below `root` for a bounds mode.
    pub fn new(root: &Path, bounds: Bounds) -> Self {
        Precompiled {
            directory: root.join(bounds.to_string()),
        }
    }

    fn path(&self, wasm: &[u8], extension: &str) -> PathBuf {
        self.directory
            .join(format!("{:032x}.{extension}", hash(wasm)))
    }
}

impl ModuleSource for Precompiled {
    fn module(&self, wasm: &[u8]) -> Result<Module, Refusal> {
        let artefact = self.path(wasm, "so");
        if artefact.exists() {
            return open(Artefact::File(&artefact))
                .map_err(|error| Refusal::Failed(error.to_string()));
        }
        match std::fs::read_to_string(self.path(wasm, "err")) {
            Ok(message) => Err(Refusal::Rejected(message)),
            Err(_) => Err(Refusal::Failed(format!(
                "not precompiled: no `{}`",
                artefact.display()
            ))),
        }
    }
}

/// 128-bit FNV-1a: stable over versions and machines, and good enough for modules that nobody forges.
fn hash(bytes: &[u8]) -> u128 {
    bytes
        .iter()
        .fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, |hash, &byte| {
            (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
        })
}

/// Compiles the modules of scripts to files for [`Precompiled`].
#[cfg(feature = "compiler")]
#[derive(Debug)]
pub struct Precompiler {
    config: ahead_compiler::Config,
    files: Precompiled,
}

#[cfg(feature = "compiler")]
impl Precompiler {
    pub fn new(root: &Path, config: ahead_compiler::Config) -> std::io::Result<Self> {
        let files = Precompiled::new(root, config.bounds);
        std::fs::create_dir_all(&files.directory)?;
        Ok(Precompiler { config, files })
    }

    /// Compiles one module, unless it is there already.
    pub fn compile(&self, wasm: &[u8]) -> anyhow::Result<()> {
        use anyhow::Context;
        let (artefact, refusal) = (self.files.path(wasm, "so"), self.files.path(wasm, "err"));
        if artefact.exists() || refusal.exists() {
            return Ok(());
        }
        // Not by way of `output`: thousands of small files that can be made again need not reach the disk.
        let (path, bytes) = match compile(wasm, &self.config) {
            Ok(bytes) => (artefact, bytes),
            Err(Refusal::Rejected(message)) => (refusal, message.into_bytes()),
            Err(Refusal::Failed(message)) => anyhow::bail!(message),
        };
        std::fs::write(&path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_never_change() {
        assert_eq!(hash(b""), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
        assert_eq!(hash(b"a"), 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964);
    }

    #[test]
    fn what_was_not_precompiled_is_not_rejected() {
        let source = Precompiled::new(Path::new("/nonexistent"), Bounds::Guard);
        let refusal = source.module(b"").err().unwrap();
        assert!(
            matches!(&refusal, Refusal::Failed(message) if message.contains("not precompiled"))
        );
    }
}
