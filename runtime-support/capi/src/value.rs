//! `ahead_value_t`: a value and its type.

use crate::func::CFunc;
use crate::store::{CStore, with_store};
use crate::trap::CTrap;
use ahead_runtime::{ExnRef, ExternRef, Hierarchy, Trap, Val, ValType};
use std::ffi::c_void;
use std::ptr;

/// A value as C sees it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CValue {
    pub ty: u8,
    of: CValueOf,
}

/// Floating-point numbers as bits: `i32` and `i64` lie where C has `f32` and `f64`.
#[repr(C)]
#[derive(Clone, Copy)]
union CValueOf {
    i32: i32,
    i64: i64,
    v128: [u8; 16],
    funcref: *mut CFunc,
    externref: u64,
    exnref: *mut c_void,
}

impl CValue {
    /// The value for C; a function becomes a handle of the store.
    pub fn new(value: Val, store: &CStore) -> Self {
        // The whole union first: what C copies has no bytes that were never written.
        let mut of = CValueOf { v128: [0; 16] };
        match value {
            Val::I32(value) => of.i32 = value,
            Val::I64(value) => of.i64 = value,
            Val::F32(bits) => of.i32 = bits as i32,
            Val::F64(bits) => of.i64 = bits as i64,
            Val::V128(bits) => of.v128 = bits.to_le_bytes(),
            Val::FuncRef(func) => {
                of.funcref = func.map_or(ptr::null_mut(), |func| store.func(func));
            }
            Val::ExternRef(reference) => of.externref = reference.map_or(0, ExternRef::word),
            Val::ExnRef(reference) => {
                of.exnref = reference.map_or(ptr::null_mut(), ExnRef::into_raw);
            }
        }
        CValue {
            ty: value.ty().to_byte(),
            of,
        }
    }

    /// The value that C passed, which must be of type `expected`.
    ///
    /// # Safety
    /// The member that the type names must have been set; a function must be null or a handle.
    pub unsafe fn to_val(self, expected: ValType, store: &CStore) -> Result<Val, Trap> {
        if self.ty != expected.to_byte() {
            let found =
                ValType::from_byte(self.ty).map_or("no type".to_owned(), |ty| ty.to_string());
            return Err(CTrap::misuse(format!(
                "a value of type {found} where {expected} belongs"
            )));
        }
        // SAFETY: every bit pattern is a value of each of the union's numbers; the rest as the caller says.
        Ok(unsafe {
            match expected {
                ValType::I32 => Val::I32(self.of.i32),
                ValType::I64 => Val::I64(self.of.i64),
                ValType::F32 => Val::F32(self.of.i32 as u32),
                ValType::F64 => Val::F64(self.of.i64 as u64),
                ValType::V128 => Val::V128(u128::from_le_bytes(self.of.v128)),
                ValType::Ref(ty) => match ty.hierarchy() {
                    Hierarchy::Func => Val::FuncRef(match self.of.funcref.as_ref() {
                        Some(func) if !ptr::eq(func.store, store) => {
                            return Err(CTrap::misuse("a function of another store"));
                        }
                        Some(func) => Some(func.func),
                        None => None,
                    }),
                    Hierarchy::Extern => Val::ExternRef(ExternRef::from_word(self.of.externref)),
                    Hierarchy::Exn => Val::ExnRef(exception(store, self.of.exnref)),
                },
            }
        })
    }
}

/// The reference that C was given as a pointer.
///
/// # Safety
/// `raw` must be null or what the store gave.
pub unsafe fn exception(store: &CStore, raw: *mut c_void) -> Option<ExnRef> {
    with_store!(store, |access| {
        let access = &*access;
        // SAFETY: as the caller says.
        unsafe { ExnRef::from_raw(access, raw) }
    })
}
