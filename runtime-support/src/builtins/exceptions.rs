//! Builtins of the exception handling proposal.

use super::with_instance;
use crate::trap;
use ahead_artifact::TagIndex;
use ahead_artifact::vmctx::VmException;
use std::ptr::{self, NonNull};

pub(super) unsafe extern "C" fn exception_new(vmctx: *mut u8, tag: i32) -> *mut u8 {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, ptr::null_mut(), |store, instance| {
            let record = store.new_exception(instance.vmctx.tag(TagIndex(tag as u32)));
            record.map_or(ptr::null_mut(), |record| record.as_ptr().cast())
        })
    }
}

pub(super) unsafe extern "C" fn exception_throw(
    vmctx: *mut u8,
    exception: *mut u8,
    frame: *mut u8,
) {
    let Some(exception) = NonNull::new(exception.cast::<VmException>()) else {
        return;
    };
    // SAFETY: called by compiled code with an exception of its store and its own frame; nothing here has
    // anything to drop.
    unsafe { trap::throw(exception, frame as usize) };
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, (), |store, _| store.uncaught = exception.as_ptr());
    }
}
