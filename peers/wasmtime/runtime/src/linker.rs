//! What imports stand for.

use crate::store::{Caller, Held, Instance, Store};
use crate::{Error, Module, Trap, trap_of};
use std::collections::HashSet;
use std::sync::OnceLock;
use wasmtime::{InstancePre, WasmTy};

/// Host functions by name. It serves one module: the first that is instantiated, whose imports are resolved then.
pub struct Linker<T: 'static> {
    linker: wasmtime::Linker<Held<T>>,
    names: HashSet<(String, String)>,
    resolved: OnceLock<InstancePre<Held<T>>>,
}

impl<T: 'static> Default for Linker<T> {
    fn default() -> Self {
        Linker::new()
    }
}

impl<T: 'static> Linker<T> {
    pub fn new() -> Self {
        let mut linker = wasmtime::Linker::new(crate::engine());
        linker.allow_shadowing(true);
        Linker {
            linker,
            names: HashSet::new(),
            resolved: OnceLock::new(),
        }
    }

    /// Defines a host function, in the place of one of the same name.
    pub fn func<Params, Results>(
        &mut self,
        module: &str,
        name: &str,
        func: impl IntoHostFunc<T, Params, Results>,
    ) -> &mut Self {
        func.define(&mut self.linker, module, name)
            .expect("a definition takes the place of another");
        self.names.insert((module.to_owned(), name.to_owned()));
        self
    }

    pub fn defines(&self, module: &str, name: &str) -> bool {
        let mut names = self.names.iter();
        names.any(|known| known.0 == module && known.1 == name)
    }

    pub fn instantiate(&self, store: &mut Store<T>, module: &Module) -> Result<Instance, Error> {
        let failed = |error| Error::Trap(trap_of(error));
        let resolved = match self.resolved.get() {
            Some(resolved) => resolved,
            None => {
                let resolved = self.linker.instantiate_pre(&module.module);
                let resolved = resolved.map_err(failed)?;
                self.resolved.get_or_init(|| resolved)
            }
        };
        let instance = resolved.instantiate(&mut store.0).map_err(failed)?;
        store.hold(module, instance);
        Ok(Instance)
    }
}

/// What a host function gives: nothing, a number, or one of these or a trap.
pub trait HostResults {
    type Values: wasmtime::WasmRet + 'static;

    fn finish(self) -> wasmtime::Result<Self::Values>;
}

macro_rules! values {
    ($($ty:ty)*) => {$(
        impl HostResults for $ty {
            type Values = $ty;

            fn finish(self) -> wasmtime::Result<$ty> {
                Ok(self)
            }
        }
    )*};
}

values!(() i32 u32 i64 u64);

impl<V: HostResults> HostResults for Result<V, Trap> {
    type Values = V::Values;

    fn finish(self) -> wasmtime::Result<V::Values> {
        match self {
            Ok(value) => value.finish(),
            Err(trap) => Err(wasmtime::Error::new(trap)),
        }
    }
}

/// A closure that can be a host function.
pub trait IntoHostFunc<T: 'static, Params, Results> {
    #[doc(hidden)]
    fn define(
        self,
        linker: &mut wasmtime::Linker<Held<T>>,
        module: &str,
        name: &str,
    ) -> wasmtime::Result<()>;
}

macro_rules! into_host_func {
    ($($param:ident)*) => {
        impl<T, F, R, $($param,)*> IntoHostFunc<T, ($($param,)*), R> for F
        where
            T: 'static,
            F: Fn(Caller<'_, T>, $($param),*) -> R + Send + Sync + 'static,
            R: HostResults,
            wasmtime::Result<R::Values>: wasmtime::WasmRet,
            $($param: WasmTy,)*
        {
            #[allow(non_snake_case)]
            fn define(
                self,
                linker: &mut wasmtime::Linker<Held<T>>,
                module: &str,
                name: &str,
            ) -> wasmtime::Result<()> {
                let func = move |caller: wasmtime::Caller<'_, Held<T>>, $($param: $param),*| {
                    self(Caller(caller), $($param),*).finish()
                };
                linker.func_wrap(module, name, func).map(|_| ())
            }
        }
    };
}

into_host_func!();
into_host_func!(A);
into_host_func!(A B);
into_host_func!(A B C);
into_host_func!(A B C D);
into_host_func!(A B C D E);
into_host_func!(A B C D E G);
into_host_func!(A B C D E G H);
into_host_func!(A B C D E G H I);
into_host_func!(A B C D E G H I J);
into_host_func!(A B C D E G H I J K);
into_host_func!(A B C D E G H I J K L);
into_host_func!(A B C D E G H I J K L M);
