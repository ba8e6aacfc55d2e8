//! From a file to a module that can run: an artefact is opened, anything else is compiled to memory first.

use crate::cli::GlobalOptions;
use crate::input;
use crate::open::{Artefact, open};
#[cfg(feature = "compiler")]
use crate::report::Usage;
use ahead_runtime::{Error, Module};
use anyhow::{Context, Result};
use std::path::Path;

/// For modules, which are compiled first.
#[cfg(feature = "compiler")]
#[derive(Clone, Debug, clap::Args)]
pub struct CompileOptions {
    /// How accesses to memory are kept inside it; `guard` if there is address space for it
    #[arg(long, value_name = "MODE")]
    bounds: Option<crate::compile::BoundsChoice>,

    #[command(flatten)]
    codegen: crate::compile::CodegenOptions,
}

/// Without a compiler there is nothing to choose.
#[cfg(not(feature = "compiler"))]
#[derive(Clone, Debug, clap::Args)]
pub struct CompileOptions {}

/// Maps an artefact.
pub fn open_file(path: &Path) -> Result<Module> {
    match open(Artefact::File(path)) {
        // It names the file itself.
        Err(error @ Error::Open { .. }) => Err(error.into()),
        other => other.with_context(|| format!("cannot open `{}`", path.display())),
    }
}

/// Whether opening a file means to compile it.
pub fn is_module(path: &Path) -> Result<bool> {
    let native = input::is_native(path);
    Ok(!native.with_context(|| format!("cannot read `{}`", path.display()))?)
}

#[cfg(feature = "compiler")]
impl CompileOptions {
    /// An artefact is compiled already: options that say how would do nothing.
    pub fn refuse_for(&self, file: &Path) -> Result<()> {
        let given = [
            (self.bounds.is_some(), "--bounds"),
            (self.codegen.cpu.is_some(), "--cpu"),
            (self.codegen.jobs.is_some(), "--jobs"),
            (!self.codegen.proposals.is_empty(), "--wasm"),
        ];
        match given.iter().find(|(given, _)| *given) {
            Some((_, option)) => Err(Usage(format!(
                "`{option}` is for modules, and `{}` is compiled already",
                file.display()
            ))
            .into()),
            None => Ok(()),
        }
    }

    /// Compiles a module to memory.
    pub fn compiled(&self, file: &Path, global: &GlobalOptions) -> Result<Module> {
        use crate::{compile, progress::Bar, report};
        use ahead_artifact::Bounds;
        let wasm = input::read_module(file)?;
        let bounds = match self.bounds {
            Some(choice) => choice.into(),
            None => match address_space_limit() {
                Some(limit) if limit < GUARD_WANTS_BYTES => {
                    if global.verbose {
                        report::note(&format!(
                            "explicit bounds checks: guard pages do not fit {limit} bytes of address space"
                        ));
                    }
                    Bounds::Explicit
                }
                _ => Bounds::Guard,
            },
        };
        let config = self.codegen.config(compile::target(None)?, bounds)?;
        let artifact = self.codegen.compile(file, &wasm, &config, &Bar::new())?;
        open(Artefact::Bytes(&artifact.shared_object()))
            .with_context(|| format!("cannot open what `{}` was compiled to", file.display()))
    }
}

#[cfg(not(feature = "compiler"))]
impl CompileOptions {
    pub fn refuse_for(&self, _: &Path) -> Result<()> {
        Ok(())
    }

    pub fn compiled(&self, file: &Path, _: &GlobalOptions) -> Result<Module> {
        anyhow::bail!(
            "`{}` is not native code, and this `ahead` has no compiler\n\nhint: compile it with an `ahead` \
             that has one",
            file.display()
        )
    }
}

/// Below this much address space memories with guard pages are not attempted: one memory and what the
/// process itself maps.
#[cfg(feature = "compiler")]
const GUARD_WANTS_BYTES: u64 = ahead_artifact::tunables::GUARD_RESERVATION_BYTES + (1 << 30);

#[cfg(feature = "compiler")]
fn address_space_limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::As).current
}
