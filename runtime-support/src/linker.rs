//! A linker: what the imports of modules stand for.

use crate::error::Error;
use crate::host::{Caller, HostFunc, IntoHostFunc};
use crate::instance::{self, ImportValue, Instance};
use crate::memory::{Memory, SharedMemory};
use crate::module::Module;
use crate::store::{AsStore, Store};
use crate::trap::Trap;
use crate::value::{Extern, Val};
use ahead_artifact::FuncType;
use ahead_artifact::interface::Import;
use std::collections::HashMap;

/// Definitions by module name and name, for stores with data of type `T`. Host functions and shared memories defined
/// here serve any number of stores; other items belong to the store they were made in.
pub struct Linker<T> {
    modules: HashMap<Box<str>, HashMap<Box<str>, Definition<T>>>,
}

enum Definition<T> {
    HostFunc(HostFunc<T>),
    Extern(Extern),
    SharedMemory(SharedMemory),
}

impl<T> Clone for Definition<T> {
    fn clone(&self) -> Self {
        match self {
            Definition::HostFunc(func) => Definition::HostFunc(func.clone()),
            Definition::Extern(item) => Definition::Extern(*item),
            Definition::SharedMemory(memory) => Definition::SharedMemory(memory.clone()),
        }
    }
}

impl<T> Clone for Linker<T> {
    fn clone(&self) -> Self {
        Linker {
            modules: self.modules.clone(),
        }
    }
}

impl<T> Default for Linker<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> std::fmt::Debug for Linker<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.modules.keys()).finish()
    }
}

impl<T> Linker<T> {
    pub fn new() -> Self {
        Linker {
            modules: HashMap::new(),
        }
    }

    fn insert(&mut self, module: &str, name: &str, definition: Definition<T>) -> &mut Self {
        match self.modules.get_mut(module) {
            Some(names) => names.insert(name.into(), definition),
            None => self
                .modules
                .entry(module.into())
                .or_default()
                .insert(name.into(), definition),
        };
        self
    }

    /// Defines an item. A later definition of the same name takes the place of an earlier one.
    pub fn define(&mut self, module: &str, name: &str, item: impl Into<Extern>) -> &mut Self {
        self.insert(module, name, Definition::Extern(item.into()))
    }

    /// Defines a memory that instances of all stores share.
    pub fn define_shared_memory(
        &mut self,
        module: &str,
        name: &str,
        memory: &SharedMemory,
    ) -> &mut Self {
        self.insert(module, name, Definition::SharedMemory(memory.clone()))
    }

    /// Defines all exports of an instance under the name `module`.
    pub fn define_instance(
        &mut self,
        store: &impl AsStore,
        module: &str,
        instance: Instance,
    ) -> &mut Self {
        for (name, item) in instance.exports(store) {
            self.define(module, name, item);
        }
        self
    }

    /// Defines a host function: a closure that takes a [`Caller`] and WebAssembly values.
    pub fn func<Params, Results>(
        &mut self,
        module: &str,
        name: &str,
        func: impl IntoHostFunc<T, Params, Results>,
    ) -> &mut Self {
        self.insert(module, name, Definition::HostFunc(func.into_host_func()))
    }

    /// Defines a host function whose type is known at run time.
    pub fn func_dynamic(
        &mut self,
        module: &str,
        name: &str,
        ty: FuncType,
        func: impl Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Trap> + Send + Sync + 'static,
    ) -> &mut Self {
        self.insert(
            module,
            name,
            Definition::HostFunc(HostFunc::dynamic(ty, func)),
        )
    }

    /// Whether a name is defined.
    pub fn defines(&self, module: &str, name: &str) -> bool {
        self.look_up(module, name).is_some()
    }

    fn look_up(&self, module: &str, name: &str) -> Option<&Definition<T>> {
        self.modules.get(module)?.get(name)
    }

    /// Makes an instance of a module: links its imports, initialises its memories and tables, and runs its
    /// start function.
    ///
    /// # Panics
    /// If a definition that the module imports belongs to another store.
    pub fn instantiate(&self, store: &mut Store<T>, module: &Module) -> Result<Instance, Error> {
        let imports = &module.interface().imports;
        let mut resolve = |import: &Import| match self.look_up(&import.module, &import.name) {
            Some(Definition::HostFunc(func)) => Ok(ImportValue::HostFunc(func.definition.clone())),
            Some(Definition::Extern(item)) => Ok(ImportValue::Extern(*item)),
            Some(Definition::SharedMemory(memory)) => {
                let memory = Memory::of_shared(store, memory)?;
                Ok(ImportValue::Extern(memory.into()))
            }
            None => Err(Error::UnknownImport {
                module: import.module.clone(),
                name: import.name.clone(),
                ty: instance::describe(module, import.ty),
            }),
        };
        let values = imports
            .iter()
            .map(&mut resolve)
            .collect::<Result<Vec<_>, _>>()?;
        instance::instantiate(store.inner(), module, values)
    }
}
