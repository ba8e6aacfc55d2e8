//! Functions of a store: the embedder's handle, calls into the guest, records of host functions.

use crate::error::Error;
use crate::host::{Caller, HostEntry, HostFunc, HostFuncDefinition, IntoHostFunc, WasmValues};
use crate::instance::InstanceRecord;
use crate::store::{AsStore, AsStoreMut, Exclusive, Fixed, StoreId, StoreInner};
use crate::trap::{self, Trap};
use crate::types::{self, TypeNumber};
use crate::value::Val;
use ahead_artifact::FuncType;
use ahead_artifact::vmctx::{HOST_FUNC_MAGIC, VmFuncRef, VmHostFunc, VmValue};
use std::marker::PhantomData;
use std::mem::MaybeUninit;
use std::ptr::{self, NonNull};
use std::sync::Arc;

/// A function of a store, the guest's or the host's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Func {
    store: StoreId,
    record: NonNull<VmFuncRef>,
}

// SAFETY: the record is looked at only together with its store, whose use is exclusive or shared as Rust's
// rules have it.
unsafe impl Send for Func {}
// SAFETY: as above.
unsafe impl Sync for Func {}

/// `reserved` in the record of a host function, of which [`HostFuncRecord`] is the vmctx.
pub(crate) const IS_HOST_FUNC: u32 = 1;

impl Func {
    /// # Safety
    /// `record` must be one of the store's.
    pub(crate) unsafe fn of(store: StoreId, record: NonNull<VmFuncRef>) -> Self {
        Func { store, record }
    }

    /// # Safety
    /// `word` must be 0 or the address of a record of the store.
    pub(crate) unsafe fn from_word(store: StoreId, word: u64) -> Option<Self> {
        NonNull::new(word as *mut VmFuncRef).map(|record| Func { store, record })
    }

    /// Makes a host function whose type is known at run time.
    pub fn new<S: AsStoreMut>(
        store: &mut S,
        ty: FuncType,
        closure: impl Fn(Caller<'_, S::Data>, &[Val], &mut [Val]) -> Result<(), Trap>
        + Send
        + Sync
        + 'static,
    ) -> Func {
        let func = HostFunc::dynamic(ty, closure);
        Self::of_definition::<S>(store, func)
    }

    /// Makes a host function of a typed closure.
    pub fn wrap<S: AsStoreMut, Params, Results>(
        store: &mut S,
        closure: impl IntoHostFunc<S::Data, Params, Results>,
    ) -> Func {
        Self::of_definition::<S>(store, closure.into_host_func())
    }

    fn of_definition<S: AsStoreMut>(store: &mut S, func: HostFunc<S::Data>) -> Func {
        let address = store.inner();
        let number = types::number(&func.definition.ty);
        let record = HostFuncRecord::new(address, ptr::null(), number, func.definition);
        let store = store.exclusive();
        let func_ref = store.add_host_func(record);
        // SAFETY: just added to the store.
        unsafe { Func::of(store.id, func_ref) }
    }

    /// # Panics
    /// If the function belongs to another store.
    #[inline]
    pub(crate) fn record(self, store: StoreId) -> NonNull<VmFuncRef> {
        assert!(
            self.store == store,
            "a handle was used with a store it does not belong to"
        );
        self.record
    }

    fn read(self, store: StoreId) -> VmFuncRef {
        // SAFETY: a record of this store, which lives as long.
        unsafe { self.record(store).read() }
    }

    pub(crate) fn type_number(self, store: StoreId) -> TypeNumber {
        TypeNumber(self.read(store).type_number)
    }

    pub fn ty(&self, store: &impl AsStore) -> FuncType {
        (*types::look_up(self.type_number(store.shared().id))).clone()
    }

    /// Calls the function. Parameters that do not fit its type are an error of the host, in the form of a
    /// trap.
    pub fn call(&self, store: &mut impl AsStoreMut, params: &[Val]) -> Result<Vec<Val>, Trap> {
        let ty = types::look_up(self.type_number(store.shared().id));
        if params.len() != ty.params.len() {
            let message = format!(
                "{} parameters where {} belong",
                params.len(),
                ty.params.len()
            );
            return Err(Trap::host(message));
        }
        let id = store.shared().id;
        let mut values = vec![VmValue::default(); params.len().max(ty.results.len())];
        for ((value, param), &ty) in values.iter_mut().zip(params).zip(&ty.params) {
            param.check(ty, id).map_err(Trap::host)?;
            *value = param.to_vm(id);
        }
        // SAFETY: there is room for parameters and results, and the parameters fit.
        unsafe { self.call_raw(store, values.as_mut_ptr()) }?;
        let results = values.iter().zip(&ty.results);
        // SAFETY: the function left values of its result types.
        Ok(results
            .map(|(value, &ty)| unsafe { Val::from_vm(ty, *value, id) })
            .collect())
    }

    /// Calls the function with values as compiled code reads them.
    ///
    /// # Safety
    /// `values` must have room for the function's parameters and for its results, and hold parameters of
    /// its type: references in them must be of this store.
    #[inline]
    pub unsafe fn call_raw(
        &self,
        store: &mut impl AsStoreMut,
        values: *mut VmValue,
    ) -> Result<(), Trap> {
        let record = self.record(store.shared().id);
        // SAFETY: a record of this store, which lives as long.
        if unsafe { (*record.as_ptr()).entry }.is_null() {
            store.exclusive().find_entry(record).map_err(Trap::host)?;
        }
        // SAFETY: the store is borrowed exclusively, the record is one of its own and has an entry now;
        // the values are as the caller says.
        unsafe { trap::invoke(store.inner(), record, values) }
    }

    /// The function with its type checked once, for calls that need no lists of values.
    pub fn typed<P: WasmValues, R: WasmValues>(
        &self,
        store: &impl AsStore,
    ) -> Result<TypedFunc<P, R>, Error> {
        let found = types::look_up(self.type_number(store.shared().id));
        if found.params != P::TYPES || found.results != R::TYPES {
            let expected = FuncType {
                params: P::TYPES.to_vec(),
                results: R::TYPES.to_vec(),
            };
            let found = (*found).clone();
            return Err(Error::FuncType { expected, found });
        }
        Ok(TypedFunc {
            func: *self,
            signature: PhantomData,
        })
    }
}

/// A function of known type.
#[derive(Debug)]
pub struct TypedFunc<P, R> {
    func: Func,
    signature: PhantomData<fn(P) -> R>,
}

impl<P, R> Clone for TypedFunc<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for TypedFunc<P, R> {}

impl<P: WasmValues, R: WasmValues> TypedFunc<P, R> {
    pub fn func(&self) -> Func {
        self.func
    }

    pub fn call(&self, store: &mut impl AsStoreMut, params: P) -> Result<R, Trap> {
        /// More values than any tuple has.
        const VALUES_MAX: usize = 16;
        const { assert!(P::COUNT <= VALUES_MAX && R::COUNT <= VALUES_MAX) };
        // Only what is used is set: the places of results, whole, because code writes no more of them than the
        // type's bytes; and then the parameters.
        let mut values = [const { MaybeUninit::<VmValue>::uninit() }; VALUES_MAX];
        for result in &mut values[..R::COUNT] {
            result.write(VmValue::default());
        }
        let values = values.as_mut_ptr().cast::<VmValue>();
        let id = store.shared().id;
        // SAFETY: there is room for more.
        unsafe { params.write(values, id) };
        // SAFETY: as above, and the function's type was checked.
        unsafe { self.func.call_raw(store, values) }?;
        // SAFETY: the function left values of its result types, in places that were set whole.
        Ok(unsafe { R::read(values, id) })
    }
}

/// A host function in a store: what a hostcall trampoline gets in the place of a vmctx.
#[repr(C)]
pub(crate) struct HostFuncRecord {
    head: VmHostFunc,
    pub store: NonNull<StoreInner>,
    /// The instance that imported it; null if none did.
    pub instance: *const InstanceRecord,
    pub closure: *const (),
    /// The function as a value.
    pub func_ref: VmFuncRef,
    pub definition: Arc<HostFuncDefinition>,
}

impl HostFuncRecord {
    /// `store` must be where the record will live.
    pub fn new(
        store: NonNull<StoreInner>,
        instance: *const InstanceRecord,
        number: TypeNumber,
        definition: Arc<HostFuncDefinition>,
    ) -> Self {
        HostFuncRecord {
            head: VmHostFunc {
                entry: definition.entry as *const u8,
                magic: HOST_FUNC_MAGIC,
                reserved: 0,
            },
            store,
            instance,
            closure: definition.closure(),
            func_ref: VmFuncRef {
                type_number: number.0,
                reserved: IS_HOST_FUNC,
                code: ptr::null(),
                vmctx: ptr::null_mut(),
                entry: enter_host_func as *const u8,
            },
            definition,
        }
    }

    /// The record that `func` stands for, if it is a host function.
    ///
    /// # Safety
    /// `func` must be a record of a live store.
    pub unsafe fn behind<'a>(func: &VmFuncRef) -> Option<&'a HostFuncRecord> {
        // SAFETY: the vmctx of a host function is its record.
        (func.reserved == IS_HOST_FUNC).then(|| unsafe { &*func.vmctx.cast() })
    }
}

/// The address of a record's `func_ref`, through which compiled code and the runtime both read it.
pub(crate) fn link(record: &Fixed<HostFuncRecord>) -> NonNull<VmFuncRef> {
    let address = record.address().as_ptr();
    // SAFETY: the record is live and known to nobody else yet.
    unsafe { (*address).func_ref.vmctx = address.cast() };
    // SAFETY: a field of a live record.
    unsafe { NonNull::new_unchecked(&raw mut (*address).func_ref) }
}

/// Stands in the place of an entry trampoline when the host calls a host function.
unsafe extern "C" fn enter_host_func(vmctx: *mut u8, _code: *const u8, values: *mut VmValue) {
    let host = vmctx.cast::<VmHostFunc>();
    // SAFETY: called with a host function's record in the place of a vmctx, which starts with its entry.
    let entry = unsafe { std::mem::transmute::<*const u8, HostEntry>((*host).entry) };
    // SAFETY: the values have room for what the function's type says; there is no guest frame.
    unsafe { entry(host, values, 0) }
}

impl StoreInner {
    /// Adds a host function that no instance imports. It gets code that guests can call as soon as the
    /// store has a module with the trampoline for its type.
    fn add_host_func(&mut self, record: HostFuncRecord) -> NonNull<VmFuncRef> {
        let number = TypeNumber(record.func_ref.type_number);
        let record = Fixed::new(record);
        let func_ref = link(&record);
        match self.hostcall_trampoline(number) {
            // SAFETY: the record is live and known to nobody else yet.
            Some(code) => unsafe { (*func_ref.as_ptr()).code = code },
            None => self.without_code.push((number, func_ref)),
        }
        self.host_funcs.push(record);
        func_ref
    }

    fn hostcall_trampoline(&self, number: TypeNumber) -> Option<*const u8> {
        let mut modules = self.instances.iter().map(|instance| &instance.module);
        modules.find_map(|module| module.hostcall_for(number))
    }

    /// Gives a guest function an entry trampoline of another module of the store: they are all alike.
    #[cold]
    pub(crate) fn find_entry(&mut self, func: NonNull<VmFuncRef>) -> Result<(), Error> {
        // SAFETY: a record of this store.
        let number = TypeNumber(unsafe { func.read() }.type_number);
        let mut modules = self.instances.iter().map(|instance| &instance.module);
        let Some(entry) = modules.find_map(|module| module.entry_for(number)) else {
            return Err(Error::MissingTrampoline {
                ty: (*types::look_up(number)).clone(),
            });
        };
        // SAFETY: the store is borrowed exclusively.
        unsafe { (*func.as_ptr()).entry = entry };
        Ok(())
    }

    /// Gives host functions code that waited for a module like that of `instance`.
    pub(crate) fn supply_code(&mut self, instance: NonNull<InstanceRecord>) {
        // SAFETY: an instance of this store.
        let module = unsafe { &instance.as_ref().module };
        let tables = &mut self.tables;
        self.without_code.retain(|&(number, func)| {
            let Some(code) = module.hostcall_for(number) else {
                return true;
            };
            // SAFETY: the store is borrowed exclusively.
            unsafe { (*func.as_ptr()).code = code };
            tables.iter_mut().for_each(|table| table.refresh(func));
            false
        });
    }
}
