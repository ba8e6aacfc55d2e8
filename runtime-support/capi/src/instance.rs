//! `ahead_instance_t` and `ahead_caller_t`: the ways to exports.

use crate::error::{guarded_or, string};
use crate::func::CFunc;
use crate::memory::CMemory;
use crate::store::{CStore, StoreData, with_store};
use crate::tag::CTag;
use ahead_runtime::{Caller, Extern, Func, FuncType, Instance};
use std::cell::OnceCell;
use std::ffi::c_char;
use std::ptr;

/// An instance as C sees it. Belongs to its store.
pub struct CInstance {
    store: *const CStore,
    pub instance: Instance,
    /// The exported functions by the module's numbers of exports, found at first use.
    exported_funcs: OnceCell<Vec<Option<ExportedFunc>>>,
}

/// An exported function that is called by number.
pub struct ExportedFunc {
    pub func: Func,
    pub ty: FuncType,
}

impl CInstance {
    pub fn new(store: &CStore, instance: Instance) -> Self {
        CInstance {
            store,
            instance,
            exported_funcs: OnceCell::new(),
        }
    }

    /// The function that is the module's export `index`.
    pub fn exported_func(&self, index: u32) -> Option<&ExportedFunc> {
        let funcs = self.exported_funcs.get_or_init(|| {
            with_store!(self.store(), |access| {
                let module = self.instance.module(&*access);
                // Exports that have nothing at run time are left out here and not there.
                let mut found = self.instance.exports(&*access).peekable();
                let exports = module.interface().exports.iter();
                let exports = exports.map(|export| found.next_if(|(name, _)| *name == export.name));
                let func = |func: Func| ExportedFunc {
                    func,
                    ty: func.ty(&*access),
                };
                exports
                    .map(|export| export.and_then(|(_, item)| item.func()).map(func))
                    .collect()
            })
        });
        funcs.get(index as usize)?.as_ref()
    }

    pub fn store(&self) -> &CStore {
        // SAFETY: the store owns this handle, so it lives.
        unsafe { &*self.store }
    }

    fn export(&self, name: &str) -> Option<Extern> {
        with_store!(self.store(), |access| self.instance.export(&*access, name))
    }
}

/// A caller as C sees it. Lives while its host function runs.
pub struct CCaller {
    store: *const CStore,
    caller: *mut Caller<'static, StoreData>,
}

impl CCaller {
    pub fn new(store: &CStore) -> Self {
        CCaller {
            store,
            caller: store.caller(),
        }
    }

    fn store(&self) -> &CStore {
        // SAFETY: the host function runs in the store.
        unsafe { &*self.store }
    }

    fn export(&self, name: &str) -> Option<Extern> {
        // SAFETY: the host function that was lent this caller has not returned.
        unsafe { &*self.caller }.export(name)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_instance_func(
    instance: *mut CInstance,
    name: *const c_char,
) -> *mut CFunc {
    // SAFETY: null or an instance that was handed out, and null or a C string.
    let (instance, name) = unsafe { (instance.as_ref(), string(name, "name")) };
    guarded_or(ptr::null_mut(), || match (instance, name) {
        (Some(instance), Ok(name)) => func(instance.store(), instance.export(name)),
        _ => ptr::null_mut(),
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_instance_memory(
    instance: *mut CInstance,
    name: *const c_char,
) -> *mut CMemory {
    // SAFETY: null or an instance that was handed out, and null or a C string.
    let (instance, name) = unsafe { (instance.as_ref(), string(name, "name")) };
    guarded_or(ptr::null_mut(), || match (instance, name) {
        (Some(instance), Ok(name)) => memory(instance.store(), instance.export(name)),
        _ => ptr::null_mut(),
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_instance_tag(
    instance: *mut CInstance,
    name: *const c_char,
) -> *mut CTag {
    // SAFETY: null or an instance that was handed out, and null or a C string.
    let (instance, name) = unsafe { (instance.as_ref(), string(name, "name")) };
    guarded_or(ptr::null_mut(), || match (instance, name) {
        (Some(instance), Ok(name)) => {
            let tag = instance.export(name).and_then(Extern::tag);
            tag.map_or(ptr::null_mut(), |tag| instance.store().tag(tag))
        }
        _ => ptr::null_mut(),
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_instance_store(instance: *const CInstance) -> *mut CStore {
    // SAFETY: null or an instance that was handed out.
    unsafe { instance.as_ref() }.map_or(ptr::null_mut(), |instance| instance.store.cast_mut())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_caller_memory(caller: *mut CCaller) -> *mut CMemory {
    // SAFETY: null or the caller of a host function that runs.
    let caller = unsafe { caller.as_ref() };
    guarded_or(ptr::null_mut(), || {
        caller.map_or(ptr::null_mut(), |caller| {
            memory(caller.store(), caller.export("memory"))
        })
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_caller_func(
    caller: *mut CCaller,
    name: *const c_char,
) -> *mut CFunc {
    // SAFETY: null or the caller of a host function that runs, and null or a C string.
    let (caller, name) = unsafe { (caller.as_ref(), string(name, "name")) };
    guarded_or(ptr::null_mut(), || match (caller, name) {
        (Some(caller), Ok(name)) => func(caller.store(), caller.export(name)),
        _ => ptr::null_mut(),
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_caller_store(caller: *mut CCaller) -> *mut CStore {
    // SAFETY: null or the caller of a host function that runs.
    unsafe { caller.as_ref() }.map_or(ptr::null_mut(), |caller| caller.store.cast_mut())
}

fn func(store: &CStore, export: Option<Extern>) -> *mut CFunc {
    let func = export.and_then(Extern::func);
    func.map_or(ptr::null_mut(), |func| store.func(func))
}

fn memory(store: &CStore, export: Option<Extern>) -> *mut CMemory {
    let memory = export.and_then(Extern::memory);
    memory.map_or(ptr::null_mut(), |memory| store.memory(memory))
}
