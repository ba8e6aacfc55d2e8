//! Initialisation: tables and memories of an instance get what its module says, in the specification's order.
//!
//! The instance has joined its store by now, so what is written stays even if a later segment traps.

use super::InstanceRecord;
use crate::error::Error;
use crate::store::StoreInner;
use crate::trap::Trap;
use ahead_artifact::data::DataMode;
use ahead_artifact::elements::ElementMode;
use ahead_artifact::{DataIndex, ElemIndex, TrapKind};
use std::ptr::NonNull;

/// Tables that start with another value than null.
pub(super) fn fill_tables(
    store: &mut StoreInner,
    record: NonNull<InstanceRecord>,
) -> Result<(), Error> {
    // SAFETY: an instance of this store, an allocation of its own.
    let record = unsafe { record.as_ref() };
    let interface = record.interface();
    let imported = interface.imported_tables().count();
    for (table, place) in interface.tables.iter().zip(&record.tables[imported..]) {
        if let (Some(init), Some(place)) = (&table.init, place) {
            let word = record.evaluate_word(init)?;
            store.tables[*place as usize].fill(0, word, table.ty.limits.min);
        }
    }
    Ok(())
}

/// Active element segments; the others count as dropped unless they are passive.
pub(super) fn copy_elements(
    store: &mut StoreInner,
    mut record: NonNull<InstanceRecord>,
) -> Result<(), Error> {
    // SAFETY: an instance of this store, an allocation of its own; no guest runs.
    let record = unsafe { record.as_mut() };
    let module = record.module.clone();
    for (index, segment) in module.inner().segments()?.elements.iter().enumerate() {
        let index = ElemIndex::new(index);
        match &segment.mode {
            ElementMode::Passive => {}
            ElementMode::Declared | ElementMode::Static => record.drop_elements(index),
            ElementMode::Active { table, offset } => {
                let offset = record.evaluate_word(offset)?;
                let length = segment.items.len() as u64;
                if !record.init_table(store, *table, index, offset, 0, length) {
                    return Err(Trap::new(TrapKind::TableOutOfBounds).into());
                }
                record.drop_elements(index);
            }
        }
    }
    Ok(())
}

/// Active data segments outside the image.
pub(super) fn copy_data(
    store: &mut StoreInner,
    mut record: NonNull<InstanceRecord>,
) -> Result<(), Error> {
    // SAFETY: as in `copy_elements`.
    let record = unsafe { record.as_mut() };
    let module = record.module.clone();
    for (index, segment) in module.inner().segments()?.data.iter().enumerate() {
        let index = DataIndex::new(index);
        match &segment.mode {
            DataMode::Passive => {}
            DataMode::InImage => record.drop_data(index),
            DataMode::Active { memory, offset } => {
                let start = record.evaluate_word(offset)?;
                let from = record.data(index);
                if !store.memories[record.memory(*memory)].write(start, from) {
                    return Err(Trap::new(TrapKind::MemoryOutOfBounds).into());
                }
                record.drop_data(index);
            }
        }
    }
    Ok(())
}
