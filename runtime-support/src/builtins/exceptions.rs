//! Builtins of the exception handling proposal.

use super::with_instance;
use crate::trap;
use ahead_artifact::TagIndex;
use ahead_artifact::vmctx::VmException;
use ahead_targets::host::{self, GuestThrow, Waiting};
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

#[allow(non_upper_case_globals, reason = "it stands for a function")]
pub(super) const exception_throw: unsafe extern "C" fn(*mut u8, *mut u8) =
    host::guest_throws::<Throw>;

struct Throw;

impl GuestThrow for Throw {
    unsafe extern "C" fn thrown(vmctx: *mut u8, exception: *mut u8, by: &Waiting) {
        let Some(exception) = NonNull::new(exception.cast::<VmException>()) else {
            return;
        };
        // SAFETY: called by compiled code with an exception of its store; nothing here has anything to drop.
        unsafe { trap::throw(exception, by) };
        // SAFETY: called by compiled code.
        unsafe {
            with_instance(vmctx, (), |store, _| store.uncaught = exception.as_ptr());
        }
    }
}
