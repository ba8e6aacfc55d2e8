//! `ahead_linker_t`: what imports stand for, host functions in C among it.

use crate::error::{CError, array, free, guarded, guarded_or, object, string};
use crate::instance::{CCaller, CInstance};
use crate::module::CModule;
use crate::store::{CStore, StoreData, with_store};
use crate::tag::CTag;
use crate::trap::CTrap;
use crate::value::CValue;
use ahead_runtime::{Caller, FuncType, Linker, Trap, Val, ValType};
use std::ffi::{c_char, c_void};
use std::ptr;

/// A linker as C sees it.
pub struct CLinker(pub Linker<StoreData>);

/// `ahead_host_func_t`.
type CHostFunc = unsafe extern "C" fn(
    env: *mut c_void,
    caller: *mut CCaller,
    args: *const CValue,
    args_count: usize,
    results: *mut CValue,
    results_count: usize,
) -> *mut CTrap;

/// A host function in C with what it wants to be given.
struct HostFunc {
    func: CHostFunc,
    env: *mut c_void,
    env_free: Option<unsafe extern "C" fn(env: *mut c_void)>,
}

// SAFETY: the header says that a linker and its stores move between threads, so `env` may.
unsafe impl Send for HostFunc {}
// SAFETY: `env` is only passed on. Using a linker with stores of several threads at once is what the header forbids,
// but for a command with threads, whose host functions it tells to expect that.
unsafe impl Sync for HostFunc {}

impl Drop for HostFunc {
    fn drop(&mut self) {
        if let Some(env_free) = self.env_free {
            // SAFETY: C gave both together, and this is the only owner.
            unsafe { env_free(self.env) };
        }
    }
}

impl HostFunc {
    fn call(
        &self,
        mut caller: Caller<'_, StoreData>,
        args: &[Val],
        results: &mut [Val],
    ) -> Result<(), Trap> {
        // SAFETY: the store that the call happens in lives, and its handle as long.
        let store = unsafe { &*caller.data().handle() };
        let args: Vec<CValue> = args
            .iter()
            .map(|value| CValue::new(*value, store))
            .collect();
        let mut returned: Vec<CValue> = results
            .iter()
            .map(|value| CValue::new(*value, store))
            .collect();
        let trap = store.lend(&mut caller, || {
            let mut handle = CCaller::new(store);
            // SAFETY: the function is C's own, of this signature; every pointer is good for as many values
            // as it is told.
            unsafe {
                (self.func)(
                    self.env,
                    &raw mut handle,
                    args.as_ptr(),
                    args.len(),
                    returned.as_mut_ptr(),
                    returned.len(),
                )
            }
        });
        if !trap.is_null() {
            // SAFETY: a trap that was handed out, and C returned it: it is ours now.
            return Err(unsafe { Box::from_raw(trap) }.into_trap());
        }
        for (result, value) in results.iter_mut().zip(returned) {
            // SAFETY: C sets the member that the type names, as the header says.
            *result = unsafe { value.to_val(result.ty(), store) }?;
        }
        Ok(())
    }
}

#[unsafe(no_mangle)]
pub extern "C" fn ahead_linker_new() -> *mut CLinker {
    guarded_or(ptr::null_mut(), || {
        Box::into_raw(Box::new(CLinker(Linker::new())))
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_linker_define_func(
    linker: *mut CLinker,
    module: *const c_char,
    name: *const c_char,
    params: *const u8,
    params_count: usize,
    results: *const u8,
    results_count: usize,
    func: Option<CHostFunc>,
    env: *mut c_void,
    env_free: Option<unsafe extern "C" fn(env: *mut c_void)>,
) -> *mut CError {
    guarded(|| {
        // Ours from the start: it is freed on failure as well.
        let func = func.map(|func| HostFunc {
            func,
            env,
            env_free,
        });
        // SAFETY: null or valid as the header says, each of them.
        let (linker, module, name, params, results) = unsafe {
            (
                linker.as_mut().ok_or_else(|| CError::null("linker"))?,
                string(module, "module")?,
                string(name, "name")?,
                array(params, params_count, "params")?,
                array(results, results_count, "results")?,
            )
        };
        let func = func.ok_or_else(|| CError::null("func"))?;
        let ty = FuncType {
            params: types(params)?,
            results: types(results)?,
        };
        linker
            .0
            .func_dynamic(module, name, ty, move |caller, args, results| {
                func.call(caller, args, results)
            });
        Ok(())
    })
}

pub fn types(codes: &[u8]) -> Result<Vec<ValType>, CError> {
    let parse = |code: &u8| {
        ValType::from_byte(*code)
            .ok_or_else(|| CError::new(format!("`{code:#x}` is not a value type")))
    };
    codes.iter().map(parse).collect()
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_linker_define_instance(
    linker: *mut CLinker,
    module: *const c_char,
    instance: *const CInstance,
) -> *mut CError {
    guarded(|| {
        // SAFETY: null or valid as the header says, each of them.
        let (linker, module, instance) = unsafe {
            (
                linker.as_mut().ok_or_else(|| CError::null("linker"))?,
                string(module, "module")?,
                object(instance, "instance")?,
            )
        };
        with_store!(instance.store(), |access| {
            linker
                .0
                .define_instance(&*access, module, instance.instance);
        });
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_linker_define_tag(
    linker: *mut CLinker,
    module: *const c_char,
    name: *const c_char,
    tag: *const CTag,
) -> *mut CError {
    guarded(|| {
        // SAFETY: null or valid as the header says, each of them.
        let (linker, module, name, tag) = unsafe {
            (
                linker.as_mut().ok_or_else(|| CError::null("linker"))?,
                string(module, "module")?,
                string(name, "name")?,
                object(tag, "tag")?,
            )
        };
        linker.0.define(module, name, tag.tag);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_linker_define_wasi(linker: *mut CLinker) -> *mut CError {
    guarded(|| {
        // SAFETY: null or a linker that was handed out.
        let linker = unsafe { linker.as_mut() }.ok_or_else(|| CError::null("linker"))?;
        ahead_wasi::add_to_linker(&mut linker.0, |data| &mut data.wasi);
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_linker_instantiate(
    linker: *const CLinker,
    store: *mut CStore,
    module: *const CModule,
    instance: *mut *mut CInstance,
) -> *mut CError {
    guarded(|| {
        // SAFETY: null or valid as the header says, each of them.
        let (linker, store, module) = unsafe {
            (
                object(linker, "linker")?,
                object(store, "store")?,
                object(module, "module")?,
            )
        };
        if instance.is_null() {
            return Err(CError::null("instance"));
        }
        if !store.caller().is_null() {
            return Err(CError::new(
                "a host function cannot instantiate in the store that it is called in",
            ));
        }
        // SAFETY: no guest of the store runs, and the header makes the caller the only user.
        let access = unsafe { &mut *store.exclusive() };
        let made = linker.0.instantiate(access, &module.0)?;
        // SAFETY: writable, as the header says.
        unsafe { instance.write(store.instance(made)) };
        Ok(())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_linker_free(linker: *mut CLinker) {
    // SAFETY: the header makes it the caller's last use.
    unsafe { free(linker) };
}
