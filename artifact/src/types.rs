//! Types of values and of everything that can be imported or exported.
//!
//! These are the shapes that cross from compiler to runtime: parsed and validated by the compiler,
//! matched by the runtime.

use crate::index::TypeIndex;
use crate::tunables::{Bounds, WASM_PAGE_BYTES};
use crate::wire::{FormatError, Reader, Writer};
use std::fmt;

/// What a reference refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HeapType {
    /// Any function.
    Func,
    /// Anything of the host.
    Extern,
    /// An exception.
    Exn,
    /// A function of one type: in a module by its place in the type section, in the runtime, where types of
    /// different modules meet, by the type's number in the process.
    Concrete(TypeIndex),
}

/// The parts that heap types fall into: between two of them nothing is a subtype of anything. How a reference
/// is represented depends on this alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hierarchy {
    Func,
    Extern,
    Exn,
}

impl HeapType {
    pub const fn hierarchy(self) -> Hierarchy {
        match self {
            HeapType::Func | HeapType::Concrete(_) => Hierarchy::Func,
            HeapType::Extern => Hierarchy::Extern,
            HeapType::Exn => Hierarchy::Exn,
        }
    }

    /// Whether everything of this type is of type `other`. Function types are final: one is a subtype of
    /// another only if it is the same.
    pub fn is_subtype_of(self, other: HeapType) -> bool {
        self == other || (other == HeapType::Func && self.hierarchy() == Hierarchy::Func)
    }

    /// With a concrete type replaced by what `map` makes of it.
    #[must_use]
    pub fn map_concrete(self, map: impl FnOnce(TypeIndex) -> TypeIndex) -> Self {
        match self {
            HeapType::Concrete(ty) => HeapType::Concrete(map(ty)),
            other => other,
        }
    }

    const FUNC: u8 = 0x70;
    const EXTERN: u8 = 0x6f;
    const EXN: u8 = 0x69;
    /// No byte of the binary format's own: an index follows.
    const CONCRETE: u8 = 0;

    pub(crate) fn write(self, out: &mut Writer) {
        match self {
            HeapType::Func => out.u8(Self::FUNC),
            HeapType::Extern => out.u8(Self::EXTERN),
            HeapType::Exn => out.u8(Self::EXN),
            HeapType::Concrete(ty) => {
                out.u8(Self::CONCRETE);
                out.u32(ty.0);
            }
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, FormatError> {
        Ok(match from.u8()? {
            Self::FUNC => HeapType::Func,
            Self::EXTERN => HeapType::Extern,
            Self::EXN => HeapType::Exn,
            Self::CONCRETE => HeapType::Concrete(TypeIndex(from.u32()?)),
            other => return Err(from.error(format!("unknown heap type {other:#x}"))),
        })
    }
}

impl fmt::Display for HeapType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HeapType::Func => f.write_str("func"),
            HeapType::Extern => f.write_str("extern"),
            HeapType::Exn => f.write_str("exn"),
            HeapType::Concrete(ty) => write!(f, "{ty}"),
        }
    }
}

/// A reference type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RefType {
    pub nullable: bool,
    pub heap: HeapType,
}

impl RefType {
    pub const FUNC: RefType = RefType::nullable(HeapType::Func);
    pub const EXTERN: RefType = RefType::nullable(HeapType::Extern);
    pub const EXN: RefType = RefType::nullable(HeapType::Exn);

    pub const fn nullable(heap: HeapType) -> Self {
        RefType {
            nullable: true,
            heap,
        }
    }

    pub const fn hierarchy(self) -> Hierarchy {
        self.heap.hierarchy()
    }

    pub fn is_subtype_of(self, other: RefType) -> bool {
        (other.nullable || !self.nullable) && self.heap.is_subtype_of(other.heap)
    }

    pub(crate) fn write(self, out: &mut Writer) {
        ValType::Ref(self).write(out);
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, FormatError> {
        match ValType::read(from)? {
            ValType::Ref(ty) => Ok(ty),
            other => Err(from.error(format!("{other} where a reference type belongs"))),
        }
    }
}

impl fmt::Display for RefType {
    /// As the text format has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.nullable, self.heap) {
            (true, HeapType::Func) => f.write_str("funcref"),
            (true, HeapType::Extern) => f.write_str("externref"),
            (true, HeapType::Exn) => f.write_str("exnref"),
            (true, heap) => write!(f, "(ref null {heap})"),
            (false, heap) => write!(f, "(ref {heap})"),
        }
    }
}

/// A value type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValType {
    I32,
    I64,
    F32,
    F64,
    V128,
    Ref(RefType),
}

impl ValType {
    pub const FUNCREF: ValType = ValType::Ref(RefType::FUNC);
    pub const EXTERNREF: ValType = ValType::Ref(RefType::EXTERN);
    pub const EXNREF: ValType = ValType::Ref(RefType::EXN);

    /// Whether everything of this type is of type `other`.
    pub fn is_subtype_of(self, other: ValType) -> bool {
        match (self, other) {
            (ValType::Ref(ty), ValType::Ref(other)) => ty.is_subtype_of(other),
            _ => self == other,
        }
    }

    /// With a concrete heap type replaced by what `map` makes of it.
    #[must_use]
    pub fn map_concrete(self, map: impl FnOnce(TypeIndex) -> TypeIndex) -> Self {
        match self {
            ValType::Ref(RefType { nullable, heap }) => ValType::Ref(RefType {
                nullable,
                heap: heap.map_concrete(map),
            }),
            other => other,
        }
    }

    /// The concrete heap type in it.
    pub fn concrete(self) -> Option<TypeIndex> {
        match self {
            ValType::Ref(RefType {
                heap: HeapType::Concrete(ty),
                ..
            }) => Some(ty),
            _ => None,
        }
    }

    /// The binary format's own byte for the type; for a reference that of the most general type of its
    /// hierarchy.
    pub fn to_byte(self) -> u8 {
        match self {
            ValType::I32 => 0x7f,
            ValType::I64 => 0x7e,
            ValType::F32 => 0x7d,
            ValType::F64 => 0x7c,
            ValType::V128 => 0x7b,
            ValType::Ref(ty) => match ty.hierarchy() {
                Hierarchy::Func => 0x70,
                Hierarchy::Extern => 0x6f,
                Hierarchy::Exn => 0x69,
            },
        }
    }

    pub fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            0x7f => ValType::I32,
            0x7e => ValType::I64,
            0x7d => ValType::F32,
            0x7c => ValType::F64,
            0x7b => ValType::V128,
            0x70 => ValType::FUNCREF,
            0x6f => ValType::EXTERNREF,
            0x69 => ValType::EXNREF,
            _ => return None,
        })
    }

    /// The binary format's own bytes in front of a heap type.
    const REF: u8 = 0x64;
    const REF_NULL: u8 = 0x63;

    pub(crate) fn write(self, out: &mut Writer) {
        match self {
            ValType::FUNCREF | ValType::EXTERNREF | ValType::EXNREF => out.u8(self.to_byte()),
            ValType::Ref(RefType { nullable, heap }) => {
                out.u8(if nullable { Self::REF_NULL } else { Self::REF });
                heap.write(out);
            }
            _ => out.u8(self.to_byte()),
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, FormatError> {
        match from.u8()? {
            byte @ (Self::REF | Self::REF_NULL) => Ok(ValType::Ref(RefType {
                nullable: byte == Self::REF_NULL,
                heap: HeapType::read(from)?,
            })),
            byte => Self::from_byte(byte)
                .ok_or_else(|| from.error(format!("unknown value type {byte:#x}"))),
        }
    }
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValType::Ref(ty) => return ty.fmt(f),
            ValType::I32 => "i32",
            ValType::I64 => "i64",
            ValType::F32 => "f32",
            ValType::F64 => "f64",
            ValType::V128 => "v128",
        })
    }
}

/// A function's parameters and results.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct FuncType {
    pub params: Vec<ValType>,
    pub results: Vec<ValType>,
}

impl FuncType {
    /// Parameters and results.
    pub fn values(&self) -> impl Iterator<Item = ValType> + '_ {
        self.params.iter().chain(&self.results).copied()
    }

    /// With each concrete heap type replaced by what `map` makes of it.
    #[must_use]
    pub fn map_concrete(&self, map: impl Fn(TypeIndex) -> TypeIndex) -> Self {
        let list = |types: &[ValType]| types.iter().map(|ty| ty.map_concrete(&map)).collect();
        FuncType {
            params: list(&self.params),
            results: list(&self.results),
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        for list in [&self.params, &self.results] {
            out.count(list.len());
            for ty in list {
                ty.write(out);
            }
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, FormatError> {
        let mut list = || -> Result<Vec<ValType>, FormatError> {
            (0..from.count(1)?).map(|_| ValType::read(from)).collect()
        };
        Ok(FuncType {
            params: list()?,
            results: list()?,
        })
    }
}

impl fmt::Display for FuncType {
    /// As the specification writes it: `[i32 i32] -> [i64]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |types: &[ValType]| {
            types
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" ")
        };
        write!(f, "[{}] -> [{}]", list(&self.params), list(&self.results))
    }
}

/// Size limits, in pages for a memory and in elements for a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Limits {
    pub min: u64,
    pub max: Option<u64>,
}

impl Limits {
    pub(crate) fn write(self, out: &mut Writer) {
        out.u64(self.min);
        out.u8(u8::from(self.max.is_some()));
        out.u64(self.max.unwrap_or(0));
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, FormatError> {
        let min = from.u64()?;
        let has_max = from.u8()? != 0;
        let max = from.u64()?;
        Ok(Limits {
            min,
            max: has_max.then_some(max),
        })
    }
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.max {
            Some(max) => write!(f, "{}..{max}", self.min),
            None => write!(f, "{}..", self.min),
        }
    }
}

/// The integers that address a memory or index a table: its *address type*.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum AddressType {
    #[default]
    I32,
    I64,
}

impl AddressType {
    pub const fn is_64(self) -> bool {
        matches!(self, AddressType::I64)
    }
}

/// A linear memory's type; limits in pages of its own size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MemoryType {
    pub limits: Limits,
    pub address: AddressType,
    pub page: PageSize,
    pub shared: bool,
}

/// Bytes of a memory's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum PageSize {
    #[default]
    KiB64,
    /// Of the proposal for custom page sizes, which has no third.
    Byte,
}

impl PageSize {
    /// The binary logarithm of a page's bytes.
    pub const fn log2(self) -> u32 {
        match self {
            PageSize::KiB64 => WASM_PAGE_BYTES.trailing_zeros(),
            PageSize::Byte => 0,
        }
    }

    pub const fn bytes(self) -> u64 {
        1 << self.log2()
    }
}

impl MemoryType {
    /// A memory of WebAssembly 1.0: 32-bit addresses, pages of 64 KiB, of one thread.
    pub const fn of(limits: Limits) -> Self {
        MemoryType {
            limits,
            address: AddressType::I32,
            page: PageSize::KiB64,
            shared: false,
        }
    }

    /// Bytes that a memory of the type has at least; `u64::MAX` if they are more than that.
    pub const fn bytes_min(self) -> u64 {
        self.limits.min.saturating_mul(self.page.bytes())
    }

    /// The most pages that its addresses reach and that its size can tell.
    pub const fn pages_max(self) -> u64 {
        match (self.address, self.page) {
            (AddressType::I32, PageSize::KiB64) => 1 << 16,
            // One less than there are addresses, so that `memory.size` fits an `i32`.
            (AddressType::I32, PageSize::Byte) => u32::MAX as u64,
            (AddressType::I64, PageSize::KiB64) => 1 << 48,
            (AddressType::I64, PageSize::Byte) => u64::MAX,
        }
    }

    /// How accesses are kept inside a memory of this type in a module that was compiled for `module`. A
    /// guard covers what 32 bits can address, and it begins where a page of the machine does.
    pub const fn bounds(self, module: Bounds) -> Bounds {
        match (self.address, self.page) {
            (AddressType::I32, PageSize::KiB64) => module,
            _ => Bounds::Explicit,
        }
    }

    const SHARED: u8 = 1;
    const ADDRESS_64: u8 = 2;
    const PAGE_BYTE: u8 = 4;

    pub(crate) fn write(self, out: &mut Writer) {
        self.limits.write(out);
        let flag = |is_set, flag| if is_set { flag } else { 0 };
        out.u8(flag(self.shared, Self::SHARED)
            | flag(self.address.is_64(), Self::ADDRESS_64)
            | flag(self.page == PageSize::Byte, Self::PAGE_BYTE));
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, FormatError> {
        let limits = Limits::read(from)?;
        let flags = from.u8()?;
        if flags & !(Self::SHARED | Self::ADDRESS_64 | Self::PAGE_BYTE) != 0 {
            return Err(from.error(format!("unknown flags {flags:#x} of a memory")));
        }
        Ok(MemoryType {
            limits,
            address: address_type(flags & Self::ADDRESS_64 != 0),
            page: match flags & Self::PAGE_BYTE {
                0 => PageSize::KiB64,
                _ => PageSize::Byte,
            },
            shared: flags & Self::SHARED != 0,
        })
    }
}

const fn address_type(is_64: bool) -> AddressType {
    match is_64 {
        true => AddressType::I64,
        false => AddressType::I32,
    }
}

impl fmt::Display for MemoryType {
    /// As messages name it: `a shared 64-bit memory of 1.. pages`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a ")?;
        if self.shared {
            f.write_str("shared ")?;
        }
        if self.address.is_64() {
            f.write_str("64-bit ")?;
        }
        write!(f, "memory of {} pages", self.limits)?;
        match self.page {
            PageSize::KiB64 => Ok(()),
            PageSize::Byte => f.write_str(" of 1 byte"),
        }
    }
}

/// A table's type; limits in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TableType {
    pub element: RefType,
    pub limits: Limits,
    pub address: AddressType,
}

impl TableType {
    /// A table with 32-bit indices.
    pub const fn of(element: RefType, limits: Limits) -> Self {
        TableType {
            element,
            limits,
            address: AddressType::I32,
        }
    }

    pub(crate) fn write(self, out: &mut Writer) {
        self.element.write(out);
        self.limits.write(out);
        out.u8(u8::from(self.address.is_64()));
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, FormatError> {
        Ok(TableType {
            element: RefType::read(from)?,
            limits: Limits::read(from)?,
            address: address_type(from.u8()? != 0),
        })
    }
}

impl fmt::Display for TableType {
    /// As messages name it: `a 64-bit table of funcref with 1..2 elements`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.address.is_64() {
            "a 64-bit table"
        } else {
            "a table"
        })?;
        write!(f, " of {} with {} elements", self.element, self.limits)
    }
}

/// A global's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlobalType {
    pub value: ValType,
    pub mutable: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_32_bits_address_by_whole_pages_is_guarded() {
        let plain = MemoryType::of(Limits { min: 1, max: None });
        let large = MemoryType {
            address: AddressType::I64,
            ..plain
        };
        let fine = MemoryType {
            page: PageSize::Byte,
            ..plain
        };
        assert_eq!(plain.bounds(Bounds::Guard), Bounds::Guard);
        assert_eq!(plain.bounds(Bounds::Explicit), Bounds::Explicit);
        assert_eq!(large.bounds(Bounds::Guard), Bounds::Explicit);
        assert_eq!(fine.bounds(Bounds::Guard), Bounds::Explicit);
        assert_eq!((plain.bytes_min(), fine.bytes_min()), (65_536, 1));
        assert_eq!(plain.pages_max() * plain.page.bytes(), 1 << 32);
    }

    #[test]
    fn references_are_subtypes_within_their_hierarchy() {
        let of = |nullable, heap| ValType::Ref(RefType { nullable, heap });
        let concrete = HeapType::Concrete(TypeIndex(1));
        let all = [
            of(true, HeapType::Func),
            of(false, HeapType::Func),
            of(true, concrete),
            of(false, concrete),
            of(true, HeapType::Extern),
            of(false, HeapType::Extern),
        ];
        let subtypes = |of: ValType| all.map(|ty| ty.is_subtype_of(of));
        assert_eq!(subtypes(all[0]), [true, true, true, true, false, false]);
        assert_eq!(subtypes(all[1]), [false, true, false, true, false, false]);
        assert_eq!(subtypes(all[2]), [false, false, true, true, false, false]);
        assert_eq!(subtypes(all[3]), [false, false, false, true, false, false]);
        assert_eq!(subtypes(all[4]), [false, false, false, false, true, true]);
        let other = of(false, HeapType::Concrete(TypeIndex(2)));
        assert!(!other.is_subtype_of(all[2]) && other.is_subtype_of(all[0]));
        assert!(ValType::I32.is_subtype_of(ValType::I32) && !ValType::I32.is_subtype_of(all[0]));
        let words = all.map(|ty| ty.to_string());
        assert_eq!(words[1..4], ["(ref func)", "(ref null 1)", "(ref 1)"]);
    }

    #[test]
    fn memories_and_tables_are_told_in_words() {
        let limits = Limits {
            min: 1,
            max: Some(2),
        };
        let mut memory = MemoryType::of(limits);
        assert_eq!(memory.to_string(), "a memory of 1..2 pages");
        memory.shared = true;
        memory.address = AddressType::I64;
        memory.page = PageSize::Byte;
        assert_eq!(
            memory.to_string(),
            "a shared 64-bit memory of 1..2 pages of 1 byte"
        );
        let mut table = TableType::of(RefType::FUNC, limits);
        assert_eq!(table.to_string(), "a table of funcref with 1..2 elements");
        table.address = AddressType::I64;
        assert!(table.to_string().starts_with("a 64-bit table"));
    }
}
