//! `ahead_call_export`: where the C functions of a linked object come in.
//!
//! `ahead compile -o X.o` gives each exported function a C function with its own parameters. That function
//! lays them out as compiled code wants them and calls this one, which converts nothing but functions: C has
//! handles of them where compiled code has records.

use crate::func::CFunc;
use crate::instance::{CInstance, ExportedFunc};
use crate::store::{CStore, with_store};
use crate::trap::{CTrap, guarded};
use crate::value::exception;
use ahead_artifact::vmctx::VmValue;
use ahead_runtime::{ExternRef, Hierarchy, Trap, Val, ValType};
use std::ptr;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_call_export(
    instance: *mut CInstance,
    export_index: u32,
    values: *mut VmValue,
    count: u32,
) -> *mut CTrap {
    guarded(|| {
        // SAFETY: null or an instance that was handed out.
        let instance = unsafe { instance.as_ref() };
        let instance = instance.ok_or_else(|| CTrap::misuse("`instance` is null"))?;
        let export = instance.exported_func(export_index).ok_or_else(|| {
            CTrap::misuse(format!(
                "export {export_index} is no function: the instance is of another module"
            ))
        })?;
        let needed = export.ty.params.len().max(export.ty.results.len());
        if (count as usize) < needed || (values.is_null() && needed > 0) {
            return Err(CTrap::misuse(format!(
                "room for {count} values where the export needs {needed}: the instance is of another module"
            )));
        }
        let mut types = export.ty.params.iter().chain(&export.ty.results);
        // An `externref` is a number to us; any other reference has to be looked at.
        if types.any(|ty| matches!(ty, ValType::Ref(_)) && *ty != ValType::EXTERNREF) {
            // SAFETY: there is room for the values, as was just checked; the C function filled them in.
            return unsafe { call_with_functions(instance.store(), export, values) };
        }
        with_store!(instance.store(), |access| {
            // SAFETY: the C function filled in parameters of the export's type, none of them a reference
            // into a store, and there is room for the values, as was just checked.
            unsafe { export.func.call_raw(access, values) }
        })
    })
}

/// # Safety
/// `values` must have room for parameters and results, and hold parameters of the export's type; functions
/// among them null or handles.
unsafe fn call_with_functions(
    store: &CStore,
    export: &ExportedFunc,
    values: *mut VmValue,
) -> Result<(), Trap> {
    let mut params = Vec::with_capacity(export.ty.params.len());
    for (index, &ty) in export.ty.params.iter().enumerate() {
        // SAFETY: there is room for the parameters, and they are filled in.
        let value = unsafe { *values.add(index) };
        let word = value.bits[0];
        params.push(match ty {
            ValType::I32 => Val::I32(word as i32),
            ValType::I64 => Val::I64(word as i64),
            ValType::F32 => Val::F32(word as u32),
            ValType::F64 => Val::F64(word),
            ValType::V128 => Val::V128(value.vector()),
            ValType::Ref(ty) if ty.hierarchy() == Hierarchy::Extern => {
                Val::ExternRef(ExternRef::from_word(word))
            }
            ValType::Ref(ty) if ty.hierarchy() == Hierarchy::Exn => {
                let raw = word as *mut std::ffi::c_void;
                // SAFETY: null or a reference that the store gave, as the caller says.
                Val::ExnRef(unsafe { exception(store, raw) })
            }
            ValType::Ref(_) => {
                // SAFETY: null or a handle, as the caller says.
                let func = unsafe { (word as *const CFunc).as_ref() };
                if func.is_some_and(|func| !ptr::eq(func.store, store)) {
                    return Err(CTrap::misuse("a function of another store"));
                }
                Val::FuncRef(func.map(|func| func.func))
            }
        });
    }
    let results = with_store!(store, |access| export.func.call(access, &params))?;
    for (index, result) in results.into_iter().enumerate() {
        let one = |word: u64| VmValue { bits: [word, 0] };
        let value = match result {
            Val::I32(value) => one(u64::from(value as u32)),
            Val::I64(value) => one(value as u64),
            Val::F32(bits) => one(u64::from(bits)),
            Val::F64(bits) => one(bits),
            Val::V128(bits) => VmValue::of_vector(bits),
            Val::ExnRef(reference) => {
                one(reference.map_or(0, |reference| reference.into_raw() as u64))
            }
            Val::ExternRef(reference) => one(reference.map_or(0, ExternRef::word)),
            Val::FuncRef(func) => one(func.map_or(0, |func| store.func(func) as u64)),
        };
        // SAFETY: there is room for the results.
        unsafe { values.add(index).write(value) };
    }
    Ok(())
}
