//! Tags: the embedder's handle. What compiled code compares is the address of the record.

use crate::store::{AsStore, AsStoreMut, Exclusive, Fixed, StoreId, StoreInner};
use crate::types::{self, TypeNumber};
use ahead_artifact::vmctx::VmTag;
use ahead_artifact::{FuncType, ValType};
use std::ptr::NonNull;

/// A tag of a store: what kind of exception one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tag {
    store: StoreId,
    index: u32,
}

impl Tag {
    pub(crate) fn of(store: StoreId, index: u32) -> Self {
        Tag { store, index }
    }

    /// Makes a tag, to be imported; `params` is what an exception of it carries.
    pub fn new(store: &mut impl AsStoreMut, params: Vec<ValType>) -> Tag {
        let ty = FuncType {
            params,
            results: Vec::new(),
        };
        let store = store.exclusive();
        let index = store.add_tag(types::number(&ty));
        Tag::of(store.id, index)
    }

    pub(crate) fn store(self) -> StoreId {
        self.store
    }

    pub(crate) fn index(self, store: &StoreInner) -> u32 {
        store.check(self.store);
        self.index
    }

    /// What an exception of the tag carries.
    pub fn params(&self, store: &impl AsStore) -> Vec<ValType> {
        self.ty(store.shared()).params.clone()
    }

    pub(crate) fn type_number(self, store: &StoreInner) -> TypeNumber {
        let record = store.tag(self.index(store));
        // SAFETY: a record of the store, which never changes.
        TypeNumber(unsafe { record.as_ref() }.type_number)
    }

    pub(crate) fn ty(self, store: &StoreInner) -> std::sync::Arc<FuncType> {
        types::look_up(self.type_number(store))
    }
}

impl StoreInner {
    /// Makes a tag's record; its place.
    pub(crate) fn add_tag(&mut self, ty: TypeNumber) -> u32 {
        let index = self.tags.len() as u32;
        self.tags.push(Fixed::new(VmTag {
            type_number: ty.0,
            index,
        }));
        index
    }

    /// The record at a place.
    pub(crate) fn tag(&self, index: u32) -> NonNull<VmTag> {
        self.tags[index as usize].address()
    }
}
