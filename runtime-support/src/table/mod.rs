//! Tables: the embedder's handle and the record behind it; the elements are in `elements.rs`.
//!
//! To the runtime an element is a word, as `table.get` gives it: the address of a function's record, or what
//! an external reference holds.

mod elements;

use crate::error::Error;
use crate::store::{AsStore, AsStoreMut, Exclusive, Fixed, StoreId, StoreInner};
use crate::value::Val;
use ahead_artifact::vmctx::{VmFuncRef, VmTable, VmValue};
use ahead_artifact::{AddressType, Hierarchy, Limits, TableType, ValType};
use elements::Elements;
use std::io::ErrorKind;
use std::ptr::{self, NonNull};

/// A table of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    store: StoreId,
    index: u32,
}

impl Table {
    pub(crate) fn of(store: StoreId, index: u32) -> Self {
        Table { store, index }
    }

    /// Makes a table whose elements are all `init`.
    pub fn new(store: &mut impl AsStoreMut, ty: TableType, init: Val) -> Result<Table, Error> {
        let store = store.exclusive();
        init.check(ValType::Ref(ty.element), store.id)?;
        let mut record = TableRecord::new(ty, store.config.table_elements_max)?;
        record.fill(0, init.to_word(store.id), ty.limits.min);
        let index = store.add_table(record)?;
        Ok(Table::of(store.id, index))
    }

    pub(crate) fn index(self, store: &StoreInner) -> u32 {
        store.check(self.store);
        self.index
    }

    fn record(self, store: &StoreInner) -> &TableRecord {
        store.check(self.store);
        &store.tables[self.index as usize]
    }

    fn record_mut(self, store: &mut StoreInner) -> &mut TableRecord {
        store.check(self.store);
        &mut store.tables[self.index as usize]
    }

    /// Its type, with the current size as the minimum.
    pub fn ty(&self, store: &impl AsStore) -> TableType {
        self.record(store.shared()).current_type()
    }

    /// Size in elements.
    pub fn size(&self, store: &impl AsStore) -> u64 {
        self.record(store.shared()).length()
    }

    /// An element; `None` beyond the end.
    pub fn get(&self, store: &impl AsStore, index: u64) -> Option<Val> {
        let store = store.shared();
        let record = self.record(store);
        let value = VmValue {
            bits: [record.get(index)?, 0],
        };
        // SAFETY: the table holds values of its type and of this store.
        Some(unsafe { Val::from_vm(ValType::Ref(record.ty.element), value, store.id) })
    }

    pub fn set(&self, store: &mut impl AsStoreMut, index: u64, value: Val) -> Result<(), Error> {
        let store = store.exclusive();
        let (id, word) = (store.id, value.to_word(store.id));
        let record = self.record_mut(store);
        value.check(ValType::Ref(record.ty.element), id)?;
        if record.fill(index, word, 1) {
            Ok(())
        } else {
            Err(Error::TableIndex { index })
        }
    }

    /// Grows by `delta` elements of `init` and gives the former size; `None` if a limit forbids it.
    pub fn grow(
        &self,
        store: &mut impl AsStoreMut,
        delta: u64,
        init: Val,
    ) -> Result<Option<u64>, Error> {
        let store = store.exclusive();
        let (id, word) = (store.id, init.to_word(store.id));
        let record = self.record_mut(store);
        init.check(ValType::Ref(record.ty.element), id)?;
        Ok(record.grow(delta, word))
    }
}

/// A table's elements and limits.
#[derive(Debug)]
pub(crate) struct TableRecord {
    ty: TableType,
    elements_max: u64,
    elements: Elements,
    length: usize,
    definition: NonNull<VmTable>,
    own: Option<Fixed<VmTable>>,
}

impl TableRecord {
    /// A table of nulls.
    pub fn new(ty: TableType, store_max: u64) -> Result<Self, Error> {
        let index_max = match ty.address {
            AddressType::I32 => u64::from(u32::MAX),
            AddressType::I64 => u64::MAX,
        };
        let elements_max = ty.limits.max.unwrap_or(u64::MAX);
        let elements_max = elements_max.min(store_max).min(index_max);
        if ty.limits.min > elements_max {
            return Err(Error::Limit {
                what: "a table",
                requested: ty.limits.min,
                unit: "elements",
                limit: elements_max,
            });
        }
        let length = ty.limits.min as usize;
        let elements =
            Elements::zeroed(ty.element.hierarchy(), length).ok_or_else(|| Error::Map {
                what: "a table",
                source: ErrorKind::OutOfMemory.into(),
            })?;
        let own = Fixed::new(VmTable {
            entries: ptr::null_mut(),
            length: 0,
        });
        let mut record = TableRecord {
            ty,
            elements_max,
            elements,
            length,
            definition: own.address(),
            own: Some(own),
        };
        record.publish();
        Ok(record)
    }

    /// Moves what compiled code reads into a vmctx.
    pub fn define_at(&mut self, definition: NonNull<VmTable>) {
        self.definition = definition;
        self.publish();
        self.own = None;
    }

    fn publish(&mut self) {
        let record = VmTable {
            entries: self.elements.base(),
            length: self.length,
        };
        // SAFETY: the record is our own or in a vmctx of the same store; its guests wait.
        unsafe { self.definition.write(record) };
    }

    pub fn definition(&self) -> NonNull<VmTable> {
        self.definition
    }

    pub fn current_type(&self) -> TableType {
        TableType {
            element: self.ty.element,
            limits: Limits {
                min: self.length(),
                max: self.ty.limits.max,
            },
            ..self.ty
        }
    }

    pub fn length(&self) -> u64 {
        self.length as u64
    }

    /// The slice indices of a range, if it lies inside the table.
    fn range(&self, index: u64, length: u64) -> Option<std::ops::Range<usize>> {
        let end = index.checked_add(length)?;
        (end <= self.length()).then_some(index as usize..end as usize)
    }

    pub fn get(&self, index: u64) -> Option<u64> {
        let range = self.range(index, 1)?;
        Some(self.elements.get(range.start))
    }

    /// Sets a range to one value; `false`, and nothing done, if it goes beyond the end.
    pub fn fill(&mut self, index: u64, word: u64, length: u64) -> bool {
        let Some(range) = self.range(index, length) else {
            return false;
        };
        self.elements.fill(range, word);
        true
    }

    /// Sets a range to values; `false`, and nothing done, if it goes beyond the end.
    pub fn write(&mut self, index: u64, words: impl ExactSizeIterator<Item = u64>) -> bool {
        let Some(range) = self.range(index, words.len() as u64) else {
            return false;
        };
        for (place, word) in range.zip(words) {
            self.elements.fill(place..place + 1, word);
        }
        true
    }

    pub fn element(&self) -> Hierarchy {
        self.ty.element.hierarchy()
    }

    /// The words of all elements.
    pub fn all_words(&self) -> impl Iterator<Item = u64> + '_ {
        (0..self.length() as usize).map(|index| self.elements.get(index))
    }

    /// The words of a range.
    pub fn words(
        &self,
        index: u64,
        length: u64,
    ) -> Option<impl ExactSizeIterator<Item = u64> + '_> {
        let range = self.range(index, length)?;
        Some(range.map(|index| self.elements.get(index)))
    }

    /// Copies within the table; the ranges may overlap.
    pub fn copy_within(&mut self, to: u64, from: u64, length: u64) -> bool {
        let (Some(to), Some(from)) = (self.range(to, length), self.range(from, length)) else {
            return false;
        };
        self.elements.copy_within(from, to.start);
        true
    }

    /// Grows by `delta` elements; gives the former size.
    pub fn grow(&mut self, delta: u64, word: u64) -> Option<u64> {
        let before = self.length;
        let wanted = self.length().checked_add(delta)?;
        if wanted > self.elements_max {
            return None;
        }
        let wanted = wanted as usize;
        if wanted > self.elements.capacity() {
            // Twice as much, so that growing by one at a time stays cheap.
            let capacity = wanted
                .max(self.elements.capacity() * 2)
                .min(self.elements_max as usize);
            self.elements = self.elements.enlarged(before, capacity)?;
        }
        self.length = wanted;
        self.elements.fill(before..wanted, word);
        self.publish();
        Some(before as u64)
    }

    /// Copies a function's record again into every element that refers to it.
    pub fn refresh(&mut self, func: NonNull<VmFuncRef>) {
        if self.ty.element.hierarchy() != Hierarchy::Func {
            return;
        }
        let word = func.as_ptr() as u64;
        for index in 0..self.length {
            if self.elements.get(index) == word {
                self.elements.fill(index..index + 1, word);
            }
        }
    }
}

impl StoreInner {
    pub(crate) fn add_table(&mut self, record: TableRecord) -> Result<u32, Error> {
        self.check_items("tables", self.tables.len())?;
        self.tables.push(record);
        Ok((self.tables.len() - 1) as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::value::ExternRef;
    use ahead_artifact::RefType;

    fn ty(min: u64, max: Option<u64>) -> TableType {
        TableType::of(RefType::EXTERN, Limits { min, max })
    }

    fn reference(word: u64) -> Val {
        Val::ExternRef(ExternRef::from_word(word))
    }

    #[test]
    fn elements_are_set_grown_and_bounded() {
        let mut store = Store::new(());
        let table = Table::new(&mut store, ty(2, Some(5)), reference(1)).unwrap();
        table.set(&mut store, 1, reference(2)).unwrap();
        assert!(table.set(&mut store, 2, reference(2)).is_err());
        assert!(table.set(&mut store, 0, Val::I32(0)).is_err());
        assert_eq!(table.grow(&mut store, 3, reference(3)).unwrap(), Some(2));
        assert_eq!(table.grow(&mut store, 1, reference(3)).unwrap(), None);
        let words: Vec<_> = (0..6).map(|index| table.get(&store, index)).collect();
        assert_eq!(words[..2], [Some(reference(1)), Some(reference(2))]);
        assert_eq!(words[2..5], [Some(reference(3)); 3]);
        assert_eq!(words[5], None);
    }

    #[test]
    fn ranges_that_overlap_are_copied_as_if_at_once() {
        let mut record = TableRecord::new(ty(6, None), 100).unwrap();
        record.write(0, [1, 2, 3, 4, 5, 6].into_iter());
        assert!(record.copy_within(2, 0, 4));
        assert_eq!(
            record.words(0, 6).unwrap().collect::<Vec<_>>(),
            [1, 2, 1, 2, 3, 4]
        );
        assert!(!record.copy_within(3, 0, 4));
        assert!(record.copy_within(6, 6, 0));
        assert!(!record.fill(u64::MAX, 0, 2));
    }

    #[test]
    fn sizes_beyond_the_limit_are_refused() {
        assert!(TableRecord::new(ty(101, None), 100).is_err());
        assert_eq!(
            TableRecord::new(ty(1, None), 100)
                .unwrap()
                .grow(u64::MAX, 0),
            None
        );
    }
}
