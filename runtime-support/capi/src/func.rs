//! `ahead_func_t`: a function, and calling it.

use crate::error::array;
use crate::store::{CStore, with_store};
use crate::trap::{CTrap, guarded};
use crate::value::CValue;
use ahead_runtime::{Func, FuncType, Trap, Val, ValType};

/// A function as C sees it. Belongs to its store.
pub struct CFunc {
    pub store: *const CStore,
    pub func: Func,
    ty: FuncType,
}

impl CFunc {
    pub fn new(store: &CStore, func: Func) -> Self {
        CFunc {
            store,
            func,
            ty: with_store!(store, |access| func.ty(&*access)),
        }
    }

    fn store(&self) -> &CStore {
        // SAFETY: the store owns this handle, so it lives.
        unsafe { &*self.store }
    }

    fn call(
        &self,
        args: &[CValue],
        results: *mut CValue,
        results_count: usize,
    ) -> Result<(), Trap> {
        let count = |what, given, wanted| {
            if given == wanted {
                return Ok(());
            }
            let message = format!("{given} {what} for a function of type {}", self.ty);
            Err(CTrap::misuse(message))
        };
        count("arguments", args.len(), self.ty.params.len())?;
        count("results", results_count, self.ty.results.len())?;
        if results.is_null() && results_count > 0 {
            return Err(CTrap::misuse("`results` is null"));
        }
        let store = self.store();
        let args = args
            .iter()
            .zip(&self.ty.params)
            // SAFETY: C sets the member that the type names, as the header says.
            .map(|(arg, ty)| unsafe { arg.to_val(*ty, store) })
            .collect::<Result<Vec<Val>, Trap>>()?;
        let values = with_store!(store, |access| self.func.call(access, &args))?;
        for (index, value) in values.into_iter().enumerate() {
            // SAFETY: there are as many places as results, as the header says.
            unsafe { results.add(index).write(CValue::new(value, store)) };
        }
        Ok(())
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_func_param_count(func: *const CFunc) -> usize {
    // SAFETY: null or a function that was handed out.
    unsafe { func.as_ref() }.map_or(0, |func| func.ty.params.len())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_func_result_count(func: *const CFunc) -> usize {
    // SAFETY: null or a function that was handed out.
    unsafe { func.as_ref() }.map_or(0, |func| func.ty.results.len())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_func_param(func: *const CFunc, index: usize) -> u8 {
    // SAFETY: null or a function that was handed out.
    unsafe { func.as_ref() }.map_or(0, |func| type_at(&func.ty.params, index))
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_func_result(func: *const CFunc, index: usize) -> u8 {
    // SAFETY: null or a function that was handed out.
    unsafe { func.as_ref() }.map_or(0, |func| type_at(&func.ty.results, index))
}

fn type_at(types: &[ValType], index: usize) -> u8 {
    types.get(index).map_or(0, |ty| ty.to_byte())
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_func_call(
    func: *const CFunc,
    args: *const CValue,
    args_count: usize,
    results: *mut CValue,
    results_count: usize,
) -> *mut CTrap {
    guarded(|| {
        // SAFETY: null or a function that was handed out.
        let func = unsafe { func.as_ref() }.ok_or_else(|| CTrap::misuse("`func` is null"))?;
        // SAFETY: as many values as C says.
        let args = unsafe { array(args, args_count, "args") };
        let args = args.map_err(|error| CTrap::misuse(error.text()))?;
        func.call(args, results, results_count)
    })
}
