//! `ahead_call_export`: where the C functions of a linked object come in.
//!
//! `ahead compile -o X.o` gives each exported function a C function with its own parameters. That function
//! lays them out as compiled code wants them and calls this one; nothing is converted here.

use crate::instance::CInstance;
use crate::store::with_store;
use crate::trap::{CTrap, guarded};
use ahead_artifact::vmctx::VmValue;
use ahead_runtime::Trap;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_call_export(
    instance: *mut CInstance,
    export_index: u32,
    values: *mut VmValue,
    count: u32,
) -> *mut CTrap {
    guarded(|| {
        // SAFETY: null or an instance that was handed out.
        let instance =
            unsafe { instance.as_ref() }.ok_or_else(|| CTrap::misuse("`instance` is null"))?;
        let export = instance.exported_func(export_index).ok_or_else(|| {
            CTrap::misuse(format!(
                "export {export_index} of the instance is no function: the instance is of another module"
            ))
        })?;
        if (count as usize) < export.values || (values.is_null() && export.values > 0) {
            return Err(wrong_count(count, export.values));
        }
        with_store!(instance.store(), |access| {
            // SAFETY: the C function filled in parameters of the export's type, and there is room for as
            // many values as were just checked.
            unsafe { export.func.call_raw(access, values) }
        })
    })
}

#[cold]
fn wrong_count(found: u32, needed: usize) -> Trap {
    CTrap::misuse(format!(
        "room for {found} values where the export needs {needed}: the instance is of another module"
    ))
}
