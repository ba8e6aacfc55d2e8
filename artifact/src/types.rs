//! Types of values and of everything that can be imported or exported.
//!
//! These are the shapes that cross from compiler to runtime: parsed and validated by the compiler,
//! matched by the runtime.

use crate::wire::{FormatError, Reader, Writer};
use std::fmt;

/// A reference type. The two of Wasm 2.0; typed references append to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RefType {
    Func,
    Extern,
}

/// A value type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValType {
    I32,
    I64,
    F32,
    F64,
    Ref(RefType),
}

impl ValType {
    pub const FUNCREF: ValType = ValType::Ref(RefType::Func);
    pub const EXTERNREF: ValType = ValType::Ref(RefType::Extern);

    /// The binary format's own byte for the type.
    pub fn to_byte(self) -> u8 {
        match self {
            ValType::I32 => 0x7f,
            ValType::I64 => 0x7e,
            ValType::F32 => 0x7d,
            ValType::F64 => 0x7c,
            ValType::Ref(RefType::Func) => 0x70,
            ValType::Ref(RefType::Extern) => 0x6f,
        }
    }

    pub fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            0x7f => ValType::I32,
            0x7e => ValType::I64,
            0x7d => ValType::F32,
            0x7c => ValType::F64,
            0x70 => ValType::FUNCREF,
            0x6f => ValType::EXTERNREF,
            _ => return None,
        })
    }

    pub(crate) fn write(self, out: &mut Writer) {
        out.u8(self.to_byte());
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, FormatError> {
        let byte = from.u8()?;
        Self::from_byte(byte).ok_or_else(|| from.error(format!("unknown value type {byte:#x}")))
    }
}

impl fmt::Display for ValType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ValType::I32 => "i32",
            ValType::I64 => "i64",
            ValType::F32 => "f32",
            ValType::F64 => "f64",
            ValType::Ref(RefType::Func) => "funcref",
            ValType::Ref(RefType::Extern) => "externref",
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

/// A linear memory's type; limits in pages of 64 KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MemoryType {
    pub limits: Limits,
    pub shared: bool,
}

/// A table's type; limits in elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TableType {
    pub element: RefType,
    pub limits: Limits,
}

/// A global's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlobalType {
    pub value: ValType,
    pub mutable: bool,
}
