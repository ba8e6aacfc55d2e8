//! Modules: compiled before, or when they are loaded.

use crate::func::func_type;
use crate::{Error, Export, ExportItem, FuncType, Import, ImportType, Interface, Trap};
use ahead_artifact::index::{FuncIndex, GlobalIndex, MemoryIndex, TableIndex, TypeIndex};
use std::path::Path;
use std::sync::Arc;
use wasmtime::{ExternType, ModuleExport};

/// A module, with its interface in the runtime's words.
#[derive(Clone)]
pub struct Module {
    pub(crate) module: wasmtime::Module,
    inner: Arc<Inner>,
}

struct Inner {
    interface: Interface,
    /// The types of the functions that are exported; an export's index is its place here and in `exports`.
    types: Vec<FuncType>,
    exports: Vec<(String, ModuleExport)>,
}

impl std::fmt::Debug for Module {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Module").finish_non_exhaustive()
    }
}

impl Module {
    /// Compiles a module with the engine of this process.
    pub fn compile(path: &Path) -> Result<Module, Error> {
        let module = wasmtime::Module::from_file(crate::engine(), path).map_err(refused)?;
        Module::of(module)
    }

    /// Loads what the engine of this process compiled before.
    ///
    /// # Safety
    /// The file must have been made by wasmtime and not be changed.
    pub unsafe fn open(path: &Path) -> Result<Module, Error> {
        // SAFETY: as the caller says.
        let module = unsafe { wasmtime::Module::deserialize_file(crate::engine(), path) };
        Module::of(module.map_err(refused)?)
    }

    fn of(module: wasmtime::Module) -> Result<Module, Error> {
        let mut interface = Interface::default();
        for import in module.imports() {
            let ExternType::Func(ty) = import.ty() else {
                return Err(Error::Trap(Trap::host(format!(
                    "`{}`.`{}` is no function",
                    import.module(),
                    import.name()
                ))));
            };
            let index = TypeIndex::new(interface.types.len());
            interface.types.push(func_type(&ty));
            interface.imports.push(Import {
                module: import.module().to_owned(),
                name: import.name().to_owned(),
                ty: ImportType::Func(index),
            });
        }
        let (mut types, mut exports) = (Vec::new(), Vec::new());
        for export in module.exports() {
            let item = match export.ty() {
                ExternType::Func(ty) => {
                    let index = FuncIndex::new(types.len());
                    types.push(func_type(&ty));
                    let place = module.get_export_index(export.name());
                    exports.extend(place.map(|place| (export.name().to_owned(), place)));
                    ExportItem::Func(index)
                }
                // Of these nobody asks more than whether they are there.
                ExternType::Memory(_) => ExportItem::Memory(MemoryIndex::new(0)),
                ExternType::Table(_) => ExportItem::Table(TableIndex::new(0)),
                _ => ExportItem::Global(GlobalIndex::new(0)),
            };
            interface.exports.push(Export {
                name: export.name().to_owned(),
                item,
            });
        }
        Ok(Module {
            module,
            inner: Arc::new(Inner {
                interface,
                types,
                exports,
            }),
        })
    }

    pub fn interface(&self) -> &Interface {
        &self.inner.interface
    }

    pub fn func_type(&self, function: FuncIndex) -> Option<&FuncType> {
        self.inner.types.get(function.index())
    }

    /// The functions that are exported.
    pub(crate) fn exports(&self) -> &[(String, ModuleExport)] {
        &self.inner.exports
    }
}

fn refused(error: wasmtime::Error) -> Error {
    Error::Trap(Trap::host(format!("{error:?}")))
}
