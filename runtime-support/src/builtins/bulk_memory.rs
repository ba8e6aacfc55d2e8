//! Builtins of the bulk memory proposal.

use super::{status, with_instance};
use ahead_artifact::{DataIndex, ElemIndex, MemoryIndex, TableIndex};

/// Both ranges were checked by the code that calls.
pub(super) unsafe extern "C" fn memory_copy(
    _: *mut u8,
    destination: *mut u8,
    source: *mut u8,
    bytes: i64,
) {
    // SAFETY: compiled code checked both ranges against the current size.
    unsafe { std::ptr::copy(source, destination, bytes as usize) };
}

/// The range was checked by the code that calls.
pub(super) unsafe extern "C" fn memory_fill(
    _: *mut u8,
    destination: *mut u8,
    value: i32,
    bytes: i64,
) {
    // SAFETY: compiled code checked the range against the current size.
    unsafe { std::ptr::write_bytes(destination, value as u8, bytes as usize) };
}

pub(super) unsafe extern "C" fn memory_init(
    vmctx: *mut u8,
    memory: i32,
    segment: i32,
    destination: i64,
    source: i32,
    bytes: i32,
) -> i32 {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, 1, |store, instance| {
            let memory = instance.memory(MemoryIndex(memory as u32));
            let from = instance.data(DataIndex(segment as u32));
            let source = source as u32 as usize;
            let from = source
                .checked_add(bytes as u32 as usize)
                .and_then(|end| from.get(source..end));
            let memory = &mut store.memories[memory];
            status(from.is_some_and(|from| memory.write(destination as u64, from)))
        })
    }
}

pub(super) unsafe extern "C" fn data_drop(vmctx: *mut u8, segment: i32) {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, (), |_, instance| {
            instance.drop_data(DataIndex(segment as u32))
        })
    }
}

pub(super) unsafe extern "C" fn table_copy(
    vmctx: *mut u8,
    destination_table: i32,
    source_table: i32,
    destination: i64,
    source: i64,
    length: i64,
) -> i32 {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, 1, |store, instance| {
            let to = instance.table(TableIndex(destination_table as u32));
            let from = instance.table(TableIndex(source_table as u32));
            let (destination, source, length) = (destination as u64, source as u64, length as u64);
            if to == from {
                return status(store.tables[to].copy_within(destination, source, length));
            }
            let Ok([to, from]) = store.tables.get_disjoint_mut([to, from]) else {
                return status(false);
            };
            let words = from.words(source, length);
            status(words.is_some_and(|words| to.write(destination, words)))
        })
    }
}

pub(super) unsafe extern "C" fn table_init(
    vmctx: *mut u8,
    table: i32,
    segment: i32,
    destination: i64,
    source: i32,
    length: i32,
) -> i32 {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, 1, |store, instance| {
            status(instance.init_table(
                store,
                TableIndex(table as u32),
                ElemIndex(segment as u32),
                destination as u64,
                u64::from(source as u32),
                u64::from(length as u32),
            ))
        })
    }
}

pub(super) unsafe extern "C" fn elem_drop(vmctx: *mut u8, segment: i32) {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, (), |_, instance| {
            instance.drop_elements(ElemIndex(segment as u32))
        })
    }
}
