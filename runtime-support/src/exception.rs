//! Exceptions: as the embedder sees them, and as guests refer to them.
//!
//! A guest's exception is a record of the store's heap. Nobody counts references to one: when the heap has
//! doubled, what can still be reached is marked and the rest is freed. Roots are globals and tables of the
//! store, records that the host has seen, and whatever on this thread's stack or in its preserved registers
//! looks like the address of a record: guest frames have no maps. Such a guess keeps a record too long at
//! worst. This is the place that a collector for all of a guest's objects would take.
//!
//! The embedder's [`Exception`] is a value with the same contents: wherever one goes into a guest, it becomes
//! a record of its own, which no guest can tell from another with the same contents.

use crate::error::Error;
use crate::store::{AsStore, AsStoreMut, StoreId, StoreInner};
use crate::tag::Tag;
use crate::trap;
use crate::types::{self, TypeNumber};
use crate::value::Val;
use ahead_artifact::vmctx::{EXCEPTION_VALUES, VmException, VmTag, VmValue};
use ahead_artifact::{Hierarchy, ValType};
use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An exception of the embedder's: to be thrown by a host function, or thrown by a guest and not caught.
#[derive(Clone, Debug, PartialEq)]
pub struct Exception {
    tag: Tag,
    payload: Vec<Val>,
}

impl Exception {
    /// An exception of a tag; `payload` must be what its type says.
    pub fn new(store: &impl AsStore, tag: Tag, payload: Vec<Val>) -> Result<Self, Error> {
        let expected = tag.params(store);
        if payload.len() != expected.len() {
            return Err(Error::ValueCount {
                expected: expected.len(),
                found: payload.len(),
            });
        }
        let id = store.shared().id;
        for (value, &ty) in payload.iter().zip(&expected) {
            value.check(ty, id)?;
        }
        Ok(Exception { tag, payload })
    }

    pub fn tag(&self) -> Tag {
        self.tag
    }

    /// What it carries.
    pub fn payload(&self) -> &[Val] {
        &self.payload
    }

    /// What a record says.
    ///
    /// # Safety
    /// `record` must be a record of the store.
    pub(crate) unsafe fn read(store: &StoreInner, record: NonNull<VmException>) -> Self {
        // SAFETY: a live record, whose tag lives as long as the store.
        let tag = unsafe { &*record.as_ref().tag };
        let ty = types::look_up(TypeNumber(tag.type_number));
        let payload = ty.params.iter().enumerate().map(|(place, &ty)| {
            // SAFETY: a record has a value for each parameter of its tag's type.
            unsafe { Val::from_vm(ty, value_at(record, place).read(), store.id) }
        });
        Exception {
            tag: Tag::of(store.id, tag.index),
            payload: payload.collect(),
        }
    }

    /// A record with the same contents, if there is room for one. The exception must be the store's.
    pub(crate) fn to_record(&self, store: &mut StoreInner) -> Option<NonNull<VmException>> {
        let tag = store.tag(self.tag.index(store));
        let record = store.new_exception(tag)?;
        for (place, value) in self.payload.iter().enumerate() {
            // SAFETY: as in `read`; nobody else knows the record yet.
            unsafe { value_at(record, place).write(value.to_vm(store.id)) };
        }
        Some(record)
    }

    pub(crate) fn store(&self) -> StoreId {
        self.tag.store()
    }
}

/// Where a value of a record is. Not before the record has that many.
fn value_at(record: NonNull<VmException>, place: usize) -> *mut VmValue {
    let values = record.as_ptr().wrapping_byte_add(EXCEPTION_VALUES as usize);
    values.cast::<VmValue>().wrapping_add(place)
}

/// A reference to an exception that a guest made. It is valid as long as its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExnRef {
    store: StoreId,
    record: NonNull<VmException>,
}

// SAFETY: the record is looked at only together with its store.
unsafe impl Send for ExnRef {}
// SAFETY: as above.
unsafe impl Sync for ExnRef {}

impl ExnRef {
    /// The reference in `word`, whose record is kept for the host from now on.
    ///
    /// # Safety
    /// `word` must be 0 or the address of a record of the store.
    pub(crate) unsafe fn from_word(store: StoreId, word: u64) -> Option<Self> {
        let record = NonNull::new(word as *mut VmException)?;
        // SAFETY: a live record, as the caller says.
        unsafe { record.as_ref() }
            .pinned
            .store(1, Ordering::Relaxed);
        Some(ExnRef { store, record })
    }

    /// # Panics
    /// If the exception belongs to another store.
    pub(crate) fn word(self, store: StoreId) -> u64 {
        assert!(
            self.store == store,
            "a handle was used with a store it does not belong to"
        );
        self.record.as_ptr() as u64
    }

    /// The reference as a pointer, for a host that has nothing but pointers.
    pub fn into_raw(self) -> *mut std::ffi::c_void {
        self.record.as_ptr().cast()
    }

    /// The reference that [`Self::into_raw`] gave; `None` for null.
    ///
    /// # Safety
    /// `raw` must be null or come from a reference of this very store.
    pub unsafe fn from_raw(store: &impl AsStore, raw: *mut std::ffi::c_void) -> Option<Self> {
        // SAFETY: as the caller says.
        unsafe { ExnRef::from_word(store.shared().id, raw as u64) }
    }

    /// What it refers to.
    pub fn exception(&self, store: &impl AsStore) -> Exception {
        let store = store.shared();
        store.check(self.store);
        // SAFETY: pinned, so as live as the store.
        unsafe { Exception::read(store, self.record) }
    }

    /// An exception as a reference that a guest can be given.
    pub fn new(store: &mut impl AsStoreMut, exception: &Exception) -> Result<Self, Error> {
        use crate::store::Exclusive;
        let store = store.exclusive();
        store.check(exception.store());
        let limit = store.config.exception_bytes_max;
        let record = exception.to_record(store).ok_or(Error::Limit {
            what: "exceptions",
            requested: limit as u64,
            unit: "bytes",
            limit: limit as u64,
        })?;
        // SAFETY: just made.
        let reference = unsafe { ExnRef::from_word(store.id, record.as_ptr() as u64) };
        Ok(reference.expect("a record has an address"))
    }
}

/// The records of a store.
#[derive(Debug, Default)]
pub(crate) struct ExceptionHeap {
    /// Size of each record.
    records: HashMap<usize, usize>,
    bytes: usize,
    /// When to look for records that nobody has.
    collect_at: usize,
}

/// A heap smaller than this is left alone.
const COLLECT_BYTES_MIN: usize = 64 << 10;

impl ExceptionHeap {
    fn layout(bytes: usize) -> Option<Layout> {
        Layout::from_size_align(bytes, align_of::<VmException>()).ok()
    }

    /// Frees every record that no root leads to; nothing if `roots` says that it could not show all of them.
    fn collect(&mut self, roots: impl FnOnce(&mut dyn FnMut(usize)) -> bool) {
        let mut reached: Vec<usize> = Vec::new();
        let mut marked = std::collections::HashSet::new();
        let mut mark = |word: usize, reached: &mut Vec<usize>| {
            if self.records.contains_key(&word) && marked.insert(word) {
                reached.push(word);
            }
        };
        if !roots(&mut |word| mark(word, &mut reached)) {
            return;
        }
        for &record in self.records.keys() {
            // SAFETY: every address in the map is a live record.
            let pinned = unsafe { &(*(record as *const VmException)).pinned };
            if pinned.load(Ordering::Relaxed) != 0 {
                mark(record, &mut reached);
            }
        }
        // An exception may carry references to others.
        while let Some(record) = reached.pop() {
            let words = self.records[&record] / size_of::<usize>();
            for word in 0..words {
                // SAFETY: inside the record, which was zeroed when it was made.
                let word = unsafe { (record as *const usize).add(word).read() };
                mark(word, &mut reached);
            }
        }
        self.records.retain(|&record, &mut bytes| {
            let keep = marked.contains(&record);
            if !keep {
                self.bytes -= bytes;
                free(record, bytes);
            }
            keep
        });
    }
}

fn free(record: usize, bytes: usize) {
    let layout = ExceptionHeap::layout(bytes).expect("it was allocated with this layout");
    // SAFETY: allocated with this layout, and forgotten by the heap.
    unsafe { dealloc(record as *mut u8, layout) };
}

impl Drop for ExceptionHeap {
    fn drop(&mut self) {
        for (record, bytes) in self.records.drain() {
            free(record, bytes);
        }
    }
}

impl StoreInner {
    /// Makes a record of a tag, its values all zero. `None` if the store has no room for it.
    pub(crate) fn new_exception(&mut self, tag: NonNull<VmTag>) -> Option<NonNull<VmException>> {
        // SAFETY: a tag of this store.
        let ty = types::look_up(TypeNumber(unsafe { tag.as_ref() }.type_number));
        let bytes = EXCEPTION_VALUES as usize + ty.params.len() * size_of::<VmValue>();
        let heap = &self.exceptions;
        if heap.bytes + bytes > heap.collect_at.max(COLLECT_BYTES_MIN) {
            self.collect_exceptions();
            let heap = &mut self.exceptions;
            heap.collect_at = heap.bytes.saturating_mul(2);
            if heap.bytes.checked_add(bytes)? > self.config.exception_bytes_max {
                return None;
            }
        }
        // SAFETY: the size is not 0.
        let record = unsafe { alloc_zeroed(ExceptionHeap::layout(bytes)?) };
        let record = NonNull::new(record.cast::<VmException>())?;
        // SAFETY: allocated, large enough and aligned.
        unsafe {
            record.write(VmException {
                tag: tag.as_ptr(),
                pinned: AtomicUsize::new(0),
            })
        };
        let heap = &mut self.exceptions;
        heap.records.insert(record.as_ptr() as usize, bytes);
        heap.bytes += bytes;
        Some(record)
    }

    #[cold]
    fn collect_exceptions(&mut self) {
        let mut heap = std::mem::take(&mut self.exceptions);
        heap.collect(|root| {
            for global in &self.globals {
                if is_exception(global.ty.value) {
                    // SAFETY: the definition lives as long as the store; guests wait.
                    root(unsafe { (*global.definition.as_ptr()).bits[0] } as usize);
                }
            }
            for table in &self.tables {
                if table.element() == Hierarchy::Exn {
                    table.all_words().for_each(|word| root(word as usize));
                }
            }
            root(self.uncaught as usize);
            trap::scan_stack(root)
        });
        self.exceptions = heap;
    }
}

fn is_exception(ty: ValType) -> bool {
    matches!(ty, ValType::Ref(ty) if ty.hierarchy() == Hierarchy::Exn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    fn exception(store: &mut Store<()>, tag: Tag, payload: Val) -> NonNull<VmException> {
        let exception = Exception::new(store, tag, vec![payload]).unwrap();
        let inner = AsStore::inner(store);
        // SAFETY: the store is borrowed exclusively.
        exception
            .to_record(unsafe { &mut *inner.as_ptr() })
            .unwrap()
    }

    #[test]
    fn what_nobody_has_is_freed_and_what_is_pinned_or_carried_stays() {
        let mut store = Store::new(());
        let number = Tag::new(&mut store, vec![ValType::I64]);
        let holder = Tag::new(&mut store, vec![ValType::EXNREF]);
        let inner = AsStore::inner(&store);
        let carried = exception(&mut store, number, Val::I64(7)).as_ptr() as u64;
        // SAFETY: a record of the store. It pins what is carried: taken back below.
        let reference = unsafe { ExnRef::from_word(inner.as_ref().id, carried) };
        let outer = exception(&mut store, holder, Val::ExnRef(reference)).as_ptr() as u64;
        // SAFETY: live records; the store is not used otherwise meanwhile.
        unsafe {
            (*(carried as *mut VmException)).pinned = AtomicUsize::new(0);
            let pinned = ExnRef::from_word(inner.as_ref().id, outer).unwrap();
            for _ in 0..1000 {
                exception(&mut store, number, Val::I64(1));
            }
            let heap = &mut (*inner.as_ptr()).exceptions;
            assert_eq!(heap.records.len(), 1002);
            heap.collect(|_| false);
            assert_eq!(heap.records.len(), 1002);
            heap.collect(|_| true);
            assert_eq!(heap.records.len(), 2);
            let Val::ExnRef(Some(carried)) = pinned.exception(&store).payload()[0] else {
                panic!("it carries a reference");
            };
            assert_eq!(carried.exception(&store).payload(), [Val::I64(7)]);
        }
    }

    #[test]
    fn a_store_has_room_for_so_many() {
        let mut store = Store::with_config(
            (),
            crate::store::StoreConfig {
                exception_bytes_max: COLLECT_BYTES_MIN,
                ..Default::default()
            },
        );
        let tag = Tag::new(&mut store, vec![ValType::I64]);
        let exception = Exception::new(&store, tag, vec![Val::I64(1)]).unwrap();
        let mut made = 0;
        while ExnRef::new(&mut store, &exception).is_ok() {
            made += 1;
        }
        assert_eq!(made, COLLECT_BYTES_MIN / 32);
    }

    #[test]
    fn a_payload_fits_its_tag() {
        let mut store = Store::new(());
        let tag = Tag::new(&mut store, vec![ValType::I32]);
        assert!(Exception::new(&store, tag, vec![]).is_err());
        assert!(Exception::new(&store, tag, vec![Val::I64(0)]).is_err());
        assert!(Exception::new(&store, tag, vec![Val::I32(0)]).is_ok());
    }
}
