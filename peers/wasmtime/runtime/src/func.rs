//! Functions of an instance, called from the host.

use crate::store::{AsStore, AsStoreMut};
use crate::{FuncType, Trap, Val, ValType, trap_of};
use std::marker::PhantomData;
use std::rc::Rc;

/// A list of values: nothing, one, or a tuple.
pub trait WasmValues: wasmtime::WasmParams + wasmtime::WasmResults + 'static {}

impl<V: wasmtime::WasmParams + wasmtime::WasmResults + 'static> WasmValues for V {}

#[derive(Clone, Copy, Debug)]
pub struct Func(pub(crate) wasmtime::Func);

impl Func {
    pub fn ty(&self, store: &impl AsStore) -> FuncType {
        func_type(&self.0.ty(store.context()))
    }

    pub fn call(&self, store: &mut impl AsStoreMut, params: &[Val]) -> Result<Vec<Val>, Trap> {
        let params = params.iter().map(|param| match param {
            Val::I32(value) => Ok(wasmtime::Val::I32(*value)),
            Val::I64(value) => Ok(wasmtime::Val::I64(*value)),
            Val::F32(bits) => Ok(wasmtime::Val::F32(*bits)),
            Val::F64(bits) => Ok(wasmtime::Val::F64(*bits)),
            _ => Err(Trap::host("not a number")),
        });
        let params = params.collect::<Result<Vec<_>, _>>()?;
        let mut context = store.context_mut();
        let count = self.0.ty(&context).results().len();
        let mut results = vec![wasmtime::Val::I32(0); count];
        self.0
            .call(&mut context, &params, &mut results)
            .map_err(trap_of)?;
        let results = results.iter().map(|result| match result {
            wasmtime::Val::I32(value) => Ok(Val::I32(*value)),
            wasmtime::Val::I64(value) => Ok(Val::I64(*value)),
            wasmtime::Val::F32(bits) => Ok(Val::F32(*bits)),
            wasmtime::Val::F64(bits) => Ok(Val::F64(*bits)),
            _ => Err(Trap::host("not a number")),
        });
        results.collect()
    }

    /// As a function of a type that is known here, if it has that.
    pub fn typed<P: WasmValues, R: WasmValues>(
        &self,
        store: &impl AsStore,
    ) -> Result<TypedFunc<P, R>, wasmtime::Error> {
        let context = store.context();
        let typed = self.0.typed::<P, R>(&context)?;
        let mut all = context.data().typed.borrow_mut();
        all.push(Rc::new(typed));
        Ok(TypedFunc {
            place: all.len() - 1,
            types: PhantomData,
        })
    }
}

/// A function of a known type. wasmtime's own cannot be copied, so it stays with the store, and this says where.
pub struct TypedFunc<P, R> {
    place: usize,
    types: PhantomData<fn(P) -> R>,
}

impl<P, R> Clone for TypedFunc<P, R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, R> Copy for TypedFunc<P, R> {}

impl<P, R> std::fmt::Debug for TypedFunc<P, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("TypedFunc").field(&self.place).finish()
    }
}

impl<P: WasmValues, R: WasmValues> TypedFunc<P, R> {
    pub fn call(&self, store: &mut impl AsStoreMut, params: P) -> Result<R, Trap> {
        let mut context = store.context_mut();
        let func = context.data().typed.borrow().get(self.place).cloned();
        let func = func
            .as_ref()
            .and_then(|func| func.downcast_ref::<wasmtime::TypedFunc<P, R>>())
            .ok_or_else(|| Trap::host("a function of another store"))?;
        func.call(&mut context, params).map_err(trap_of)
    }
}

/// A function type in the runtime's words. What is no number is said to be a reference; nobody here passes any.
pub(crate) fn func_type(ty: &wasmtime::FuncType) -> FuncType {
    let value = |ty: wasmtime::ValType| match ty {
        wasmtime::ValType::I32 => ValType::I32,
        wasmtime::ValType::I64 => ValType::I64,
        wasmtime::ValType::F32 => ValType::F32,
        wasmtime::ValType::F64 => ValType::F64,
        wasmtime::ValType::V128 => ValType::V128,
        wasmtime::ValType::Ref(_) => ValType::EXTERNREF,
    };
    FuncType {
        params: ty.params().map(value).collect(),
        results: ty.results().map(value).collect(),
    }
}
