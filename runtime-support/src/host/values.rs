//! Rust types that stand for WebAssembly values in the signatures of typed functions.

use crate::func::Func;
use crate::store::StoreId;
use crate::trap::Trap;
use crate::value::{ExternRef, Val};
use ahead_artifact::ValType;
use ahead_artifact::vmctx::VmValue;

/// Compiled code relies on what these traits write, so nobody else implements them.
mod sealed {
    pub trait Value {}
    pub trait List {}
    pub trait Results {}
}

/// A Rust type that is one WebAssembly value. Unsigned integers carry the same bits as signed ones.
pub trait WasmValue: sealed::Value + Copy + 'static {
    const TYPE: ValType;

    #[doc(hidden)]
    fn to_vm(self, store: StoreId) -> VmValue;

    /// # Safety
    /// `value` must be one of [`Self::TYPE`] that code of the store made.
    #[doc(hidden)]
    unsafe fn from_vm(value: VmValue, store: StoreId) -> Self;
}

macro_rules! numbers {
    ($($ty:ty: $wasm:ident, |$value:ident| $to:expr, |$word:ident| $from:expr;)*) => {$(
        impl sealed::Value for $ty {}

        impl WasmValue for $ty {
            const TYPE: ValType = ValType::$wasm;

            fn to_vm(self, _: StoreId) -> VmValue {
                let $value = self;
                VmValue { bits: [$to, 0] }
            }

            unsafe fn from_vm(value: VmValue, _: StoreId) -> Self {
                let $word = value.bits[0];
                $from
            }
        }
    )*};
}

numbers! {
    i32: I32, |value| u64::from(value as u32), |word| word as i32;
    u32: I32, |value| u64::from(value), |word| word as u32;
    i64: I64, |value| value as u64, |word| word as i64;
    u64: I64, |value| value, |word| word;
    f32: F32, |value| u64::from(value.to_bits()), |word| f32::from_bits(word as u32);
    f64: F64, |value| value.to_bits(), |word| f64::from_bits(word);
}

impl sealed::Value for u128 {}

/// A vector: its 16 bytes as a little-endian number.
impl WasmValue for u128 {
    const TYPE: ValType = ValType::V128;

    fn to_vm(self, _: StoreId) -> VmValue {
        VmValue::of_vector(self)
    }

    unsafe fn from_vm(value: VmValue, _: StoreId) -> Self {
        value.vector()
    }
}

impl sealed::Value for Option<Func> {}

impl WasmValue for Option<Func> {
    const TYPE: ValType = ValType::FUNCREF;

    fn to_vm(self, store: StoreId) -> VmValue {
        Val::FuncRef(self).to_vm(store)
    }

    unsafe fn from_vm(value: VmValue, store: StoreId) -> Self {
        // SAFETY: the caller says that it is a `funcref` of the store's code.
        unsafe { Func::from_word(store, value.bits[0]) }
    }
}

impl sealed::Value for Option<ExternRef> {}

impl WasmValue for Option<ExternRef> {
    const TYPE: ValType = ValType::EXTERNREF;

    fn to_vm(self, store: StoreId) -> VmValue {
        Val::ExternRef(self).to_vm(store)
    }

    unsafe fn from_vm(value: VmValue, _: StoreId) -> Self {
        ExternRef::from_word(value.bits[0])
    }
}

/// A list of values: nothing, one, or a tuple.
pub trait WasmValues: sealed::List + Sized {
    #[doc(hidden)]
    const COUNT: usize;

    #[doc(hidden)]
    const TYPES: &'static [ValType];

    fn types() -> Vec<ValType> {
        Self::TYPES.to_vec()
    }

    /// # Safety
    /// `values` must have room for [`Self::COUNT`] values.
    #[doc(hidden)]
    unsafe fn write(self, values: *mut VmValue, store: StoreId);

    /// # Safety
    /// `values` must hold values of [`Self::types`] that code of the store made.
    #[doc(hidden)]
    unsafe fn read(values: *const VmValue, store: StoreId) -> Self;
}

impl<V: WasmValue> sealed::List for V {}

impl<V: WasmValue> WasmValues for V {
    const COUNT: usize = 1;

    const TYPES: &'static [ValType] = &[V::TYPE];

    unsafe fn write(self, values: *mut VmValue, store: StoreId) {
        // SAFETY: there is room for one.
        unsafe { values.write(self.to_vm(store)) };
    }

    unsafe fn read(values: *const VmValue, store: StoreId) -> Self {
        // SAFETY: there is one, of this type.
        unsafe { V::from_vm(*values, store) }
    }
}

macro_rules! tuples {
    ($($value:ident $place:tt)*) => {
        impl<$($value: WasmValue,)*> sealed::List for ($($value,)*) {}

        impl<$($value: WasmValue,)*> WasmValues for ($($value,)*) {
            const COUNT: usize = 0 $(+ { let _ = $place; 1 })*;

            const TYPES: &'static [ValType] = &[$($value::TYPE),*];

            #[allow(unused_variables, clippy::unused_unit)]
            unsafe fn write(self, values: *mut VmValue, store: StoreId) {
                // SAFETY: there is room for all.
                $(unsafe { values.add($place).write(self.$place.to_vm(store)) };)*
            }

            #[allow(unused_variables, unused_unsafe, clippy::unused_unit)]
            unsafe fn read(values: *const VmValue, store: StoreId) -> Self {
                // SAFETY: there are as many, of these types.
                unsafe { ($($value::from_vm(*values.add($place), store),)*) }
            }
        }
    };
}

tuples!();
tuples!(A 0);
tuples!(A 0 B 1);
tuples!(A 0 B 1 C 2);
tuples!(A 0 B 1 C 2 D 3);
tuples!(A 0 B 1 C 2 D 3 E 4);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuples!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);

/// What a host function may give: values, or values or a trap.
pub trait HostResults: sealed::Results {
    fn types() -> Vec<ValType>;

    /// # Safety
    /// `values` must have room for as many values as there are types.
    #[doc(hidden)]
    unsafe fn write(self, values: *mut VmValue, store: StoreId) -> Result<(), Trap>;
}

impl<V: WasmValues> sealed::Results for V {}

impl<V: WasmValues> HostResults for V {
    fn types() -> Vec<ValType> {
        V::types()
    }

    unsafe fn write(self, values: *mut VmValue, store: StoreId) -> Result<(), Trap> {
        // SAFETY: as the caller says.
        unsafe { WasmValues::write(self, values, store) };
        Ok(())
    }
}

impl<V: WasmValues> sealed::Results for Result<V, Trap> {}

impl<V: WasmValues> HostResults for Result<V, Trap> {
    fn types() -> Vec<ValType> {
        V::types()
    }

    unsafe fn write(self, values: *mut VmValue, store: StoreId) -> Result<(), Trap> {
        // SAFETY: as the caller says.
        unsafe { WasmValues::write(self?, values, store) };
        Ok(())
    }
}
