//! Builtins of the reference types proposal.

use super::{status, with_instance};
use ahead_artifact::{FuncIndex, TableIndex};

pub(super) unsafe extern "C" fn ref_func(vmctx: *mut u8, function: i32) -> *mut u8 {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, std::ptr::null_mut(), |_, instance| {
            let record = instance.func_ref(FuncIndex(function as u32));
            record.map_or(std::ptr::null_mut(), |record| record.as_ptr().cast())
        })
    }
}

pub(super) unsafe extern "C" fn table_set(
    vmctx: *mut u8,
    table: i32,
    index: i64,
    value: i64,
) -> i32 {
    // SAFETY: called by compiled code.
    unsafe { table_fill(vmctx, table, index, value, 1) }
}

pub(super) unsafe extern "C" fn table_grow(
    vmctx: *mut u8,
    table: i32,
    delta: i64,
    value: i64,
) -> i64 {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, -1, |store, instance| {
            let table = instance.table(TableIndex(table as u32));
            match store.tables[table].grow(delta as u64, value as u64) {
                Some(before) => before as i64,
                None => -1,
            }
        })
    }
}

pub(super) unsafe extern "C" fn table_fill(
    vmctx: *mut u8,
    table: i32,
    index: i64,
    value: i64,
    length: i64,
) -> i32 {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, 1, |store, instance| {
            let table = instance.table(TableIndex(table as u32));
            status(store.tables[table].fill(index as u64, value as u64, length as u64))
        })
    }
}
