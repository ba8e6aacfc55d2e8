//! Host functions: closures of the embedder that guests call.
//!
//! A closure becomes a [`HostFunc`]: its WebAssembly type and an `extern "C"` entry made for exactly that
//! closure, which reads parameters, calls, and writes results. Nothing is looked up on the way. What an
//! entry must see to is in [`run`].

mod caller;
mod guest_memory;
mod values;

pub use caller::Caller;
pub use guest_memory::{GuestMemory, GuestSize, OutOfBounds};
pub use values::{HostResults, WasmValue, WasmValues};

use crate::func::HostFuncRecord;
use crate::store::{AsStore, StoreId};
use crate::trap::{self, Trap};
use crate::value::Val;
use ahead_artifact::vmctx::{VmHostFunc, VmValue};
use ahead_artifact::{FuncType, ValType};
use std::any::Any;
use std::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What a hostcall trampoline calls: the record, the values, the trampoline's frame pointer.
pub(crate) type HostEntry = unsafe extern "C" fn(*mut VmHostFunc, *mut VmValue, usize);

/// A closure and the entry that was made for it.
pub(crate) struct HostFuncDefinition {
    pub ty: FuncType,
    pub entry: HostEntry,
    closure: Box<dyn Any + Send + Sync>,
}

impl HostFuncDefinition {
    /// The closure's address, which the entry knows the type of.
    pub fn closure(&self) -> *const () {
        (&raw const *self.closure).cast()
    }
}

/// A host function for stores with data of type `T`.
pub struct HostFunc<T> {
    pub(crate) definition: Arc<HostFuncDefinition>,
    data: PhantomData<fn(T)>,
}

impl<T> Clone for HostFunc<T> {
    fn clone(&self) -> Self {
        HostFunc {
            definition: Arc::clone(&self.definition),
            data: PhantomData,
        }
    }
}

impl<T> HostFunc<T> {
    fn new<F: Send + Sync + 'static>(ty: FuncType, entry: HostEntry, closure: F) -> Self {
        HostFunc {
            definition: Arc::new(HostFuncDefinition {
                ty,
                entry,
                closure: Box::new(closure),
            }),
            data: PhantomData,
        }
    }

    /// A host function whose type is known at run time only. The closure gets the parameters and results
    /// that are zero or null at first; results of another type than `ty` says become a trap.
    pub fn dynamic<F>(ty: FuncType, closure: F) -> Self
    where
        F: Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Trap> + Send + Sync + 'static,
    {
        let closure = Dynamic {
            ty: ty.clone(),
            closure,
        };
        Self::new(ty, dynamic_entry::<T, F>, closure)
    }
}

/// A closure that can be a host function: it takes a [`Caller`] and WebAssembly values, up to 16, and
/// gives nothing, a value, a tuple of values, or a `Result` of these with a [`Trap`].
///
/// `Params` and `Results` follow from the closure and are never written.
pub trait IntoHostFunc<T, Params, Results> {
    #[doc(hidden)]
    fn into_host_func(self) -> HostFunc<T>;
}

/// Runs a host function for the guest and does not return if it fails, unless it throws an exception.
///
/// An entry does nothing but call this. A panic becomes a trap here, because nothing may unwind through
/// guest frames; and a trap leaves from [`trap::raise`], which skips the frames in between: this one, the
/// entry's and the guest's. So none of them may have anything to drop by then, or do after it.
///
/// # Safety
/// `host` must be the record that a hostcall trampoline was given, made for data of type `T`, and
/// `frame_pointer` the trampoline's.
unsafe fn run<T, F: 'static>(
    host: *mut VmHostFunc,
    frame_pointer: usize,
    call: impl FnOnce(Caller<'_, T>, &F, StoreId) -> Result<(), Trap>,
) {
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        // SAFETY: a `VmHostFunc` is the first field of a record, which lives as long as its store.
        let record = unsafe { &*host.cast::<HostFuncRecord>() };
        // SAFETY: the definition's entry was made together with its closure.
        let closure = unsafe { &*record.closure.cast::<F>() };
        // SAFETY: the guest that calls was entered with exclusive use of the store, whose data is a `T`.
        let caller = unsafe { Caller::new(record.store, record.instance, frame_pointer) };
        let id = caller.shared().id;
        call(caller, closure, id)
    }));
    let trap = match outcome {
        Ok(Ok(())) => return,
        Ok(Err(trap)) => trap,
        Err(payload) => Trap::from_panic(payload),
    };
    // SAFETY: the guest called, so there is an activation; nothing is left to drop but the trap itself.
    unsafe { trap::raise(trap, frame_pointer) }
}

macro_rules! into_host_func {
    ($($param:ident $place:literal)*) => {
        impl<T, F, R, $($param,)*> IntoHostFunc<T, ($($param,)*), R> for F
        where
            F: Fn(Caller<'_, T>, $($param),*) -> R + Send + Sync + 'static,
            R: HostResults,
            $($param: WasmValue,)*
        {
            fn into_host_func(self) -> HostFunc<T> {
                #[allow(unused_variables, non_snake_case)]
                unsafe extern "C" fn entry<T, F, R, $($param,)*>(
                    host: *mut VmHostFunc,
                    values: *mut VmValue,
                    frame_pointer: usize,
                ) where
                    F: Fn(Caller<'_, T>, $($param),*) -> R + 'static,
                    R: HostResults,
                    $($param: WasmValue,)*
                {
                    // SAFETY: called by a trampoline for this function's type, with its record, and
                    // values for its parameters and results.
                    unsafe {
                        run::<T, F>(host, frame_pointer, |caller, closure, store| {
                            $(let $param = $param::from_vm(*values.add($place), store);)*
                            closure(caller, $($param),*).write(values, store)
                        })
                    }
                }
                let ty = FuncType {
                    params: vec![$($param::TYPE),*],
                    results: R::types(),
                };
                HostFunc::new(ty, entry::<T, F, R, $($param),*>, self)
            }
        }
    };
}

into_host_func!();
into_host_func!(A0 0);
into_host_func!(A0 0 A1 1);
into_host_func!(A0 0 A1 1 A2 2);
into_host_func!(A0 0 A1 1 A2 2 A3 3);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6 A7 7);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6 A7 7 A8 8);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6 A7 7 A8 8 A9 9);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6 A7 7 A8 8 A9 9 A10 10);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6 A7 7 A8 8 A9 9 A10 10 A11 11);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6 A7 7 A8 8 A9 9 A10 10 A11 11 A12 12);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6 A7 7 A8 8 A9 9 A10 10 A11 11 A12 12 A13 13);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6 A7 7 A8 8 A9 9 A10 10 A11 11 A12 12 A13 13 A14 14);
into_host_func!(A0 0 A1 1 A2 2 A3 3 A4 4 A5 5 A6 6 A7 7 A8 8 A9 9 A10 10 A11 11 A12 12 A13 13 A14 14 A15 15);

struct Dynamic<F> {
    ty: FuncType,
    closure: F,
}

unsafe extern "C" fn dynamic_entry<T, F>(
    host: *mut VmHostFunc,
    values: *mut VmValue,
    frame_pointer: usize,
) where
    F: Fn(Caller<'_, T>, &[Val], &mut [Val]) -> Result<(), Trap> + Send + Sync + 'static,
{
    let call = |caller: Caller<'_, T>, dynamic: &Dynamic<F>, store| {
        let place = |index: usize| {
            // SAFETY: the trampoline made room for all parameters and for all results.
            unsafe { values.add(index) }
        };
        let load = |(index, &ty): (usize, &ValType)| {
            // SAFETY: the trampoline filled the parameters' places.
            let value = unsafe { *place(index) };
            // SAFETY: the value is the guest's and of the parameter's type.
            unsafe { Val::from_vm(ty, value, store) }
        };
        let params: Vec<Val> = dynamic.ty.params.iter().enumerate().map(load).collect();
        let mut results: Vec<Val> = dynamic
            .ty
            .results
            .iter()
            .map(|&ty| Val::default_for(ty))
            .collect();
        (dynamic.closure)(caller, &params, &mut results)?;
        for (index, (result, &ty)) in results.iter().zip(&dynamic.ty.results).enumerate() {
            result.check(ty, store).map_err(Trap::host)?;
            // SAFETY: as above, for results.
            unsafe { place(index).write(result.to_vm(store)) };
        }
        Ok(())
    };
    // SAFETY: called by a trampoline for this function's type, with its record.
    unsafe { run::<T, Dynamic<F>>(host, frame_pointer, call) }
}
