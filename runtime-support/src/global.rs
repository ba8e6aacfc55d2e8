//! Globals: the embedder's handle. Compiled code reads the value in place.

use crate::error::Error;
use crate::store::{AsStore, AsStoreMut, Exclusive, Fixed, GlobalRecord, StoreId, StoreInner};
use crate::value::Val;
use ahead_artifact::GlobalType;
use ahead_artifact::vmctx::{VmGlobal, VmValue};

/// A global of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Global {
    store: StoreId,
    index: u32,
}

impl Global {
    pub(crate) fn of(store: StoreId, index: u32) -> Self {
        Global { store, index }
    }

    /// Makes a global, to be imported.
    pub fn new(store: &mut impl AsStoreMut, ty: GlobalType, value: Val) -> Result<Global, Error> {
        let store = store.exclusive();
        value.check(ty.value, store.id)?;
        let own = Fixed::new(VmGlobal {
            bits: value.to_vm(store.id).bits,
        });
        store.globals.push(GlobalRecord {
            ty,
            definition: own.address(),
            _own: Some(own),
        });
        Ok(Global::of(store.id, (store.globals.len() - 1) as u32))
    }

    pub(crate) fn index(self, store: &StoreInner) -> u32 {
        store.check(self.store);
        self.index
    }

    fn record(self, store: &StoreInner) -> &GlobalRecord {
        store.check(self.store);
        &store.globals[self.index as usize]
    }

    pub fn ty(&self, store: &impl AsStore) -> GlobalType {
        self.record(store.shared()).ty
    }

    pub fn get(&self, store: &impl AsStore) -> Val {
        let store = store.shared();
        self.record(store).value(store.id)
    }

    pub fn set(&self, store: &mut impl AsStoreMut, value: Val) -> Result<(), Error> {
        let store = store.exclusive();
        let record = self.record(store);
        if !record.ty.mutable {
            return Err(Error::ImmutableGlobal);
        }
        value.check(record.ty.value, store.id)?;
        // SAFETY: the definition lives as long as the store, which is borrowed exclusively.
        unsafe { (*record.definition.as_ptr()).bits = value.to_vm(store.id).bits };
        Ok(())
    }
}

impl GlobalRecord {
    /// The current value.
    pub(crate) fn value(&self, store: StoreId) -> Val {
        // SAFETY: the definition lives as long as the store; guests wait.
        let bits = unsafe { (*self.definition.as_ptr()).bits };
        // SAFETY: the global holds values of its type and of this store.
        unsafe { Val::from_vm(self.ty.value, VmValue { bits }, store) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use ahead_artifact::ValType;

    #[test]
    fn only_mutable_globals_are_set_and_only_with_their_type() {
        let mut store = Store::new(());
        let ty = |mutable| GlobalType {
            value: ValType::I64,
            mutable,
        };
        let fixed = Global::new(&mut store, ty(false), Val::I64(-5)).unwrap();
        let mutable = Global::new(&mut store, ty(true), Val::I64(-5)).unwrap();
        assert!(fixed.set(&mut store, Val::I64(1)).is_err());
        assert!(mutable.set(&mut store, Val::I32(1)).is_err());
        mutable.set(&mut store, Val::I64(1)).unwrap();
        assert_eq!(
            (fixed.get(&store), mutable.get(&store)),
            (Val::I64(-5), Val::I64(1))
        );
        assert!(Global::new(&mut store, ty(true), Val::I32(1)).is_err());
    }
}
