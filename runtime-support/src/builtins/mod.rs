//! The builtins: what compiled code asks the runtime to do, one file for each proposal.
//!
//! The list is in `ahead-artifact`; a builtin without an implementation, or with another signature, does not
//! compile here. Each is called with the vmctx of the instance whose code calls, while the store is
//! exclusively the guest's. None calls back into a guest, and none unwinds into one.

mod bulk_memory;
mod exceptions;
mod mvp;
mod reference_types;
mod threads;

use crate::instance::InstanceRecord;
use crate::store::StoreInner;
use crate::vmctx::Vmctx;
use ahead_artifact::builtins::Builtin;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A function pointer in the table that compiled code reads.
#[repr(transparent)]
struct Pointer(*const u8);

// SAFETY: the address of a function.
unsafe impl Sync for Pointer {}

macro_rules! rust_type {
    (i32) => { i32 };
    (i64) => { i64 };
    (pointer) => { *mut u8 };
}

macro_rules! table {
    ($(@$proposal:ident $doc:literal $name:ident($($param:ident: $ty:ident),*) $(-> $result:ident)?;)*) => {
        static TABLE: [Pointer; Builtin::ALL.len()] = [$(
            Pointer(
                ($proposal::$name as unsafe extern "C" fn(*mut u8, $(rust_type!($ty)),*) $(-> rust_type!($result))?)
                    as *const u8,
            ),
        )*];
    };
}

ahead_artifact::for_each_builtin!(table);

/// The table that compiled code reads.
pub(crate) fn table() -> *const *const u8 {
    TABLE.as_ptr().cast()
}

/// How many builtins there are.
pub(crate) const COUNT: u32 = TABLE.len() as u32;

/// Runs a builtin for the instance of `vmctx`. A panic, which would be our bug, gives `failed`.
///
/// # Safety
/// Called by compiled code with its own vmctx.
unsafe fn with_instance<R>(
    vmctx: *mut u8,
    failed: R,
    act: impl FnOnce(&mut StoreInner, &mut InstanceRecord) -> R,
) -> R {
    catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: compiled code passes the vmctx it was given.
        let mut instance = unsafe { Vmctx::instance_of(vmctx) };
        // SAFETY: the guest has the store exclusively, and waits.
        let instance = unsafe { instance.as_mut() };
        let mut store = instance.store;
        // SAFETY: as above; the instance is an allocation of its own that the store only points to.
        act(unsafe { store.as_mut() }, instance)
    }))
    .unwrap_or(failed)
}

/// What a builtin that can fail returns.
fn status(done: bool) -> i32 {
    i32::from(!done)
}
