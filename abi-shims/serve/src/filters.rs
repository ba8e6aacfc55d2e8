//! The chain of filters as it is on the disk: opened once in a process, opened again when a file changes.
//!
//! A chain that is served has been tried: its plugins were started once, in virtual machines of their own, and none
//! refused its configuration. So a bad artefact never takes the place of a good one.

use crate::error::Error;
use crate::host::Host;
use crate::worker::Worker;
use ahead_proxy_wasm::{FailurePolicy, Filter, PluginConfig};
use ahead_runtime::Module;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Opens an artefact, or makes one of a module.
pub type Opener = Arc<dyn Fn(&Path) -> Result<Module, String> + Send + Sync>;

/// A filter as it is asked for.
#[derive(Clone, Debug)]
pub struct FilterSpec {
    pub file: PathBuf,
    /// Without `configuration` and `vm_configuration`, which are read from here:
    pub plugin: PluginConfig,
    pub configuration: Text,
    pub vm_configuration: Text,
}

/// Bytes, or where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text {
    Inline(Vec<u8>),
    File(PathBuf),
}

impl Text {
    fn read(&self) -> Result<Vec<u8>, Error> {
        match self {
            Text::Inline(bytes) => Ok(bytes.clone()),
            Text::File(path) => fs::read(path).map_err(|error| Error::Read {
                path: path.clone(),
                error,
            }),
        }
    }

    fn file(&self) -> Option<&Path> {
        match self {
            Text::Inline(_) => None,
            Text::File(path) => Some(path),
        }
    }
}

/// What tells a file from what it was before; `None` if it is not there.
pub type Stamp = Option<(i64, i64, u64, u64)>;

pub fn stamp(path: &Path) -> Stamp {
    let meta = fs::metadata(path).ok()?;
    Some((meta.mtime(), meta.mtime_nsec(), meta.size(), meta.ino()))
}

/// One filter, opened.
#[derive(Clone, Debug)]
pub struct Opened {
    pub file: PathBuf,
    pub stamp: Stamp,
    pub filter: Filter<Host>,
    pub plugin: Arc<PluginConfig>,
}

/// All filters, in the order of requests.
#[derive(Clone, Debug, Default)]
pub struct Chain(pub Vec<Opened>);

impl Chain {
    /// Opens what is asked for. What `previous` has of an unchanged file is taken from there, so that its virtual
    /// machines go on.
    pub fn open(specs: &[FilterSpec], opener: &Opener, previous: &Chain) -> Result<Chain, Error> {
        let mut chain = Chain::default();
        for spec in specs {
            let stamp = stamp(&spec.file);
            let unchanged = |opened: &&Opened| opened.file == spec.file && opened.stamp == stamp;
            let known = chain.0.iter().chain(&previous.0).find(unchanged);
            let filter = match known {
                Some(opened) => opened.filter.clone(),
                None => {
                    let module = opener(&spec.file).map_err(Error::Filter)?;
                    Filter::new(module).map_err(|error| {
                        Error::Filter(format!("`{}`: {error}", spec.file.display()))
                    })?
                }
            };
            let plugin = Arc::new(PluginConfig {
                configuration: spec.configuration.read()?,
                vm_configuration: spec.vm_configuration.read()?,
                ..spec.plugin.clone()
            });
            let file = spec.file.clone();
            chain.0.push(Opened {
                file,
                stamp,
                filter,
                plugin,
            });
        }
        Ok(chain)
    }

    /// Starts every plugin once, in virtual machines that nobody else uses, and ends them again.
    pub fn try_out(&self, worker: &Rc<Worker>) -> Result<(), Error> {
        let mut plugins = Vec::new();
        let mut wrong = None;
        for opened in &self.0 {
            let plugin = worker.plugin(opened);
            if let Err(error) = plugin.start() {
                let told = format!("filter `{}`: {error}", opened.plugin.name);
                if opened.plugin.failure_policy == FailurePolicy::FailOpen {
                    log::warn!("{told}; requests pass without it");
                } else {
                    wrong = wrong.or(Some(Error::Filter(told)));
                }
            }
            plugins.push(plugin);
        }
        drop(plugins);
        worker.sweep();
        wrong.map_or(Ok(()), Err)
    }
}

/// The files that a chain depends on.
pub fn files(specs: &[FilterSpec]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for spec in specs {
        files.push(spec.file.clone());
        let texts = [&spec.configuration, &spec.vm_configuration];
        files.extend(
            texts
                .iter()
                .filter_map(|text| text.file())
                .map(Path::to_owned),
        );
    }
    files.sort();
    files.dedup();
    files
}
