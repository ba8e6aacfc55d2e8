//! A filter: an artefact that was opened and found to be one, with what its imports stand for.

use crate::abi::AbiVersion;
use crate::callbacks;
use crate::error::Error;
use crate::host::ProxyHost;
use crate::state::State;
use crate::{emscripten, table, wasi};
use ahead_runtime::{Export, ExportItem, ImportType, Linker, Module};
use std::sync::Arc;

/// The code of a filter, checked. Clones share it; VMs on any thread are made of it.
///
/// Two filters are the same code only if one is a clone of the other, so an embedder opens an artefact once.
pub struct Filter<H: ProxyHost>(Arc<Inner<H>>);

struct Inner<H: ProxyHost> {
    module: Module,
    abi: AbiVersion,
    linker: Linker<State<H>>,
}

impl<H: ProxyHost> Clone for Filter<H> {
    fn clone(&self) -> Self {
        Filter(Arc::clone(&self.0))
    }
}

impl<H: ProxyHost> std::fmt::Debug for Filter<H> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filter")
            .field("module", &self.0.module)
            .field("abi", &self.0.abi)
            .finish_non_exhaustive()
    }
}

impl<H: ProxyHost> Filter<H> {
    /// Checks that a module is a filter: it says which ABI it speaks, imports only what that has, and exports
    /// callbacks with their types, an allocator and a memory.
    pub fn new(module: Module) -> Result<Self, Error> {
        let abi = abi_version(&module)?;
        callbacks::check(&module)?;
        let exports = &module.interface().exports;
        let func = |name: &str| {
            let is = |item: &ExportItem| matches!(item, ExportItem::Func(_));
            exports
                .iter()
                .any(|export| export.name == name && is(&export.item))
        };
        if !func("proxy_on_memory_allocate") && !func("malloc") {
            return Err(Error::NoAllocator);
        }
        if !exports
            .iter()
            .any(|export| export.name == "memory" && matches!(export.item, ExportItem::Memory(_)))
        {
            return Err(Error::NoMemory);
        }
        let mut linker = Linker::new();
        table::define(&mut linker, abi, &module);
        wasi::define(&mut linker, &module);
        emscripten::define(&mut linker);
        for import in &module.interface().imports {
            let known = matches!(import.ty, ImportType::Func(_))
                && linker.defines(&import.module, &import.name);
            if !known {
                return Err(Error::UnknownImport {
                    module: import.module.clone(),
                    name: import.name.clone(),
                    abi,
                    elsewhere: table::versions_with(&import.module, &import.name),
                });
            }
        }
        Ok(Filter(Arc::new(Inner {
            module,
            abi,
            linker,
        })))
    }

    pub fn abi_version(&self) -> AbiVersion {
        self.0.abi
    }

    /// Whether it has a callback, by its name in [`CALLBACKS`](crate::callbacks::CALLBACKS) or that of the two for
    /// headers. An event without a callback need not be forwarded.
    pub fn has_callback(&self, name: &str) -> bool {
        let exports = &self.0.module.interface().exports;
        let is_it =
            |export: &Export| export.name == name && matches!(export.item, ExportItem::Func(_));
        exports.iter().any(is_it)
    }

    pub fn module(&self) -> &Module {
        &self.0.module
    }

    pub(crate) fn linker(&self) -> &Linker<State<H>> {
        &self.0.linker
    }

    /// Tells filters apart as long as they live.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }
}

/// The version that a module names; the newest if it names several.
fn abi_version(module: &Module) -> Result<AbiVersion, Error> {
    let exports = &module.interface().exports;
    let mut names = exports.iter().map(|export| export.name.as_str());
    let newest_first = AbiVersion::ALL.iter().rev();
    newest_first
        .copied()
        .find(|version| exports.iter().any(|export| export.name == version.marker()))
        .ok_or_else(|| Error::NoMarker {
            found: names
                .find(|name| name.starts_with("proxy_abi_"))
                .map(str::to_owned),
        })
}
