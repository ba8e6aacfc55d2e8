//! Stores, instances, and what a host function sees of its caller.

use crate::{Func, GuestMemory, Module, StoreConfig};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use wasmtime::{AsContext, AsContextMut, Memory, StoreContext, StoreContextMut, StoreLimits};

/// The embedder's data, and what is looked up once.
pub struct Held<T> {
    pub(crate) data: T,
    pub(crate) memory: Option<Memory>,
    /// The functions that were asked for with their types.
    pub(crate) typed: RefCell<Vec<Rc<dyn Any>>>,
    module: Option<Module>,
    /// In the order of the module's list.
    funcs: Vec<wasmtime::Func>,
    limits: StoreLimits,
}

pub trait AsStore {
    type Data: 'static;

    #[doc(hidden)]
    fn context(&self) -> StoreContext<'_, Held<Self::Data>>;
}

pub trait AsStoreMut: AsStore {
    #[doc(hidden)]
    fn context_mut(&mut self) -> StoreContextMut<'_, Held<Self::Data>>;
}

pub struct Store<T: 'static>(pub(crate) wasmtime::Store<Held<T>>);

impl<T: 'static> Store<T> {
    pub fn new(data: T) -> Self {
        Store::with_config(data, StoreConfig::default())
    }

    /// The stack's limit is the engine's, for all stores.
    pub fn with_config(data: T, config: StoreConfig) -> Self {
        let limits = wasmtime::StoreLimitsBuilder::new()
            .memory_size(config.memory_bytes_max as usize)
            .table_elements(config.table_elements_max as usize)
            .build();
        let held = Held {
            data,
            memory: None,
            typed: RefCell::default(),
            module: None,
            funcs: Vec::new(),
            limits,
        };
        let mut store = wasmtime::Store::new(crate::engine(), held);
        store.limiter(|held| &mut held.limits);
        Store(store)
    }

    pub fn data(&self) -> &T {
        &self.0.data().data
    }

    pub fn data_mut(&mut self) -> &mut T {
        &mut self.0.data_mut().data
    }

    /// Looks up what an instance exports.
    pub(crate) fn hold(&mut self, module: &Module, instance: wasmtime::Instance) {
        let exports = module.exports().iter();
        let funcs = exports.filter_map(|(_, place)| {
            let export = instance.get_module_export(&mut self.0, place);
            export.and_then(wasmtime::Extern::into_func)
        });
        let funcs: Vec<_> = funcs.collect();
        let memory = instance.get_memory(&mut self.0, "memory");
        let held = self.0.data_mut();
        held.funcs = funcs;
        held.memory = memory;
        held.module = Some(module.clone());
    }
}

impl<T: 'static> AsStore for Store<T> {
    type Data = T;

    fn context(&self) -> StoreContext<'_, Held<T>> {
        self.0.as_context()
    }
}

impl<T: 'static> AsStoreMut for Store<T> {
    fn context_mut(&mut self) -> StoreContextMut<'_, Held<T>> {
        self.0.as_context_mut()
    }
}

/// The one instance of a store.
#[derive(Clone, Copy, Debug)]
pub struct Instance;

impl Instance {
    pub fn func(&self, store: &impl AsStore, name: &str) -> Option<Func> {
        let context = store.context();
        let held = context.data();
        let exports = held.module.as_ref()?.exports();
        let place = exports.iter().position(|export| export.0 == name)?;
        held.funcs.get(place).copied().map(Func)
    }
}

pub struct Caller<'a, T: 'static>(pub(crate) wasmtime::Caller<'a, Held<T>>);

impl<T: 'static> Caller<'_, T> {
    pub fn data(&self) -> &T {
        &self.0.data().data
    }

    pub fn data_mut(&mut self) -> &mut T {
        &mut self.0.data_mut().data
    }

    pub fn memory(&mut self) -> GuestMemory<'_> {
        self.memory_and_data().0
    }

    pub fn memory_and_data(&mut self) -> (GuestMemory<'_>, &mut T) {
        if self.0.data().memory.is_none() {
            // The module's start function runs before its exports are looked up.
            let memory = self.0.get_export("memory");
            self.0.data_mut().memory = memory.and_then(wasmtime::Extern::into_memory);
        }
        let Some(memory) = self.0.data().memory else {
            return (GuestMemory::empty(), &mut self.0.data_mut().data);
        };
        let (bytes, held) = memory.data_and_store_mut(&mut self.0);
        // SAFETY: the slice is borrowed for as long as the view.
        let view = unsafe { GuestMemory::new(bytes.as_mut_ptr(), bytes.len()) };
        (view, &mut held.data)
    }
}

impl<T: 'static> AsStore for Caller<'_, T> {
    type Data = T;

    fn context(&self) -> StoreContext<'_, Held<T>> {
        self.0.as_context()
    }
}

impl<T: 'static> AsStoreMut for Caller<'_, T> {
    fn context_mut(&mut self) -> StoreContextMut<'_, Held<T>> {
        self.0.as_context_mut()
    }
}
