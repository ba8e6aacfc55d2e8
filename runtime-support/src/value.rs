//! Values as the embedder sees them, and their passage to the records that compiled code reads.

use crate::error::Error;
use crate::exception::ExnRef;
use crate::func::Func;
use crate::global::Global;
use crate::memory::Memory;
use crate::store::StoreId;
use crate::table::Table;
use crate::tag::Tag;
use ahead_artifact::vmctx::VmValue;
use ahead_artifact::{HeapType, Hierarchy, TypeIndex, ValType};
use std::num::NonZeroU64;

/// A reference to something of the host: one word, which the guest passes around and cannot look into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExternRef(NonZeroU64);

impl ExternRef {
    /// A reference that holds `word`. 0 is null and therefore no reference.
    pub fn new(word: NonZeroU64) -> Self {
        ExternRef(word)
    }

    /// `None` for 0, which is null.
    pub fn from_word(word: u64) -> Option<Self> {
        NonZeroU64::new(word).map(ExternRef)
    }

    pub fn word(self) -> u64 {
        self.0.get()
    }
}

/// A WebAssembly value. Floating-point numbers are bits, so that a NaN keeps its payload; a vector is its 16
/// bytes as a little-endian number, so that its first lane is in the lowest bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Val {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
    V128(u128),
    FuncRef(Option<Func>),
    ExternRef(Option<ExternRef>),
    ExnRef(Option<ExnRef>),
}

impl From<i32> for Val {
    fn from(value: i32) -> Self {
        Val::I32(value)
    }
}

impl From<i64> for Val {
    fn from(value: i64) -> Self {
        Val::I64(value)
    }
}

impl From<f32> for Val {
    fn from(value: f32) -> Self {
        Val::F32(value.to_bits())
    }
}

impl From<f64> for Val {
    fn from(value: f64) -> Self {
        Val::F64(value.to_bits())
    }
}

impl From<u128> for Val {
    fn from(value: u128) -> Self {
        Val::V128(value)
    }
}

impl Val {
    /// Its type; the most general one of a reference.
    pub fn ty(&self) -> ValType {
        match self {
            Val::I32(_) => ValType::I32,
            Val::I64(_) => ValType::I64,
            Val::F32(_) => ValType::F32,
            Val::F64(_) => ValType::F64,
            Val::V128(_) => ValType::V128,
            Val::FuncRef(_) => ValType::FUNCREF,
            Val::ExternRef(_) => ValType::EXTERNREF,
            Val::ExnRef(_) => ValType::EXNREF,
        }
    }

    /// The zero or null of a type; null for a type that has none, too, of which it is no value.
    pub fn default_for(ty: ValType) -> Val {
        match ty {
            ValType::I32 => Val::I32(0),
            ValType::I64 => Val::I64(0),
            ValType::F32 => Val::F32(0),
            ValType::F64 => Val::F64(0),
            ValType::V128 => Val::V128(0),
            ValType::Ref(ty) => match ty.hierarchy() {
                Hierarchy::Func => Val::FuncRef(None),
                Hierarchy::Extern => Val::ExternRef(None),
                Hierarchy::Exn => Val::ExnRef(None),
            },
        }
    }

    /// The value as compiled code reads it.
    ///
    /// # Panics
    /// If it is a function of another store than `store`.
    pub(crate) fn to_vm(self, store: StoreId) -> VmValue {
        let word = match self {
            Val::I32(value) => u64::from(value as u32),
            Val::I64(value) => value as u64,
            Val::F32(bits) => u64::from(bits),
            Val::F64(bits) => bits,
            Val::V128(bits) => return VmValue::of_vector(bits),
            Val::FuncRef(func) => func.map_or(0, |func| func.record(store).as_ptr() as u64),
            Val::ExternRef(reference) => reference.map_or(0, ExternRef::word),
            Val::ExnRef(reference) => reference.map_or(0, |reference| reference.word(store)),
        };
        VmValue { bits: [word, 0] }
    }

    /// A reference as a table holds it: the first word of the value, which is all of one.
    ///
    /// # Panics
    /// As [`Self::to_vm`].
    pub(crate) fn to_word(self, store: StoreId) -> u64 {
        self.to_vm(store).bits[0]
    }

    /// The value that compiled code left behind.
    ///
    /// # Safety
    /// `value` must be one of type `ty` that code of the store made.
    pub(crate) unsafe fn from_vm(ty: ValType, value: VmValue, store: StoreId) -> Val {
        let word = value.bits[0];
        match ty {
            ValType::I32 => Val::I32(word as u32 as i32),
            ValType::I64 => Val::I64(word as i64),
            ValType::F32 => Val::F32(word as u32),
            ValType::F64 => Val::F64(word),
            ValType::V128 => Val::V128(value.vector()),
            ValType::Ref(ty) => match ty.hierarchy() {
                // SAFETY: a reference of the store's code is null or the address of one of its records.
                Hierarchy::Func => Val::FuncRef(unsafe { Func::from_word(store, word) }),
                Hierarchy::Extern => Val::ExternRef(ExternRef::from_word(word)),
                // SAFETY: as above.
                Hierarchy::Exn => Val::ExnRef(unsafe { ExnRef::from_word(store, word) }),
            },
        }
    }

    /// Whether it is a value of type `expected`.
    ///
    /// # Panics
    /// If it is a function of another store than `store`.
    pub(crate) fn check(&self, expected: ValType, store: StoreId) -> Result<(), Error> {
        let is_one = match (*self, expected) {
            (Val::FuncRef(Some(func)), ValType::Ref(ty)) => match ty.heap {
                HeapType::Concrete(number) => func.type_number(store).0 == number.0,
                heap => HeapType::Func.is_subtype_of(heap),
            },
            (Val::ExternRef(Some(_)), ValType::Ref(ty)) => HeapType::Extern.is_subtype_of(ty.heap),
            (Val::ExnRef(Some(_)), ValType::Ref(ty)) => HeapType::Exn.is_subtype_of(ty.heap),
            (Val::FuncRef(None) | Val::ExternRef(None) | Val::ExnRef(None), ValType::Ref(ty)) => {
                ty.nullable && Val::default_for(expected) == *self
            }
            _ => self.ty() == expected,
        };
        if is_one {
            return Ok(());
        }
        Err(Error::ValueType {
            expected: expected.to_string(),
            found: match self {
                Val::FuncRef(Some(func)) => {
                    let number = TypeIndex(func.type_number(store).0);
                    format!("(ref {})", HeapType::Concrete(number))
                }
                Val::FuncRef(None) | Val::ExternRef(None) => "null".into(),
                other => other.ty().to_string(),
            },
        })
    }
}

/// Something that can be imported or exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extern {
    Func(Func),
    Table(Table),
    Memory(Memory),
    Global(Global),
    Tag(Tag),
}

impl Extern {
    pub fn func(self) -> Option<Func> {
        match self {
            Extern::Func(func) => Some(func),
            _ => None,
        }
    }

    pub fn table(self) -> Option<Table> {
        match self {
            Extern::Table(table) => Some(table),
            _ => None,
        }
    }

    pub fn memory(self) -> Option<Memory> {
        match self {
            Extern::Memory(memory) => Some(memory),
            _ => None,
        }
    }

    pub fn tag(self) -> Option<Tag> {
        match self {
            Extern::Tag(tag) => Some(tag),
            _ => None,
        }
    }

    pub fn global(self) -> Option<Global> {
        match self {
            Extern::Global(global) => Some(global),
            _ => None,
        }
    }
}

impl From<Tag> for Extern {
    fn from(tag: Tag) -> Self {
        Extern::Tag(tag)
    }
}

impl From<Func> for Extern {
    fn from(func: Func) -> Self {
        Extern::Func(func)
    }
}

impl From<Table> for Extern {
    fn from(table: Table) -> Self {
        Extern::Table(table)
    }
}

impl From<Memory> for Extern {
    fn from(memory: Memory) -> Self {
        Extern::Memory(memory)
    }
}

impl From<Global> for Extern {
    fn from(global: Global) -> Self {
        Extern::Global(global)
    }
}
