//! Constant expressions: how globals, offsets and element items get their first value.
//!
//! The compiler validates them; the runtime evaluates them on a small stack at instantiation, because an
//! imported global is known only then.

use crate::index::{FuncIndex, GlobalIndex};
use crate::types::HeapType;
use crate::wire::{FormatError, Reader, Writer};

/// One instruction of a constant expression.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ConstOp {
    I32Const(i32),
    I64Const(i64),
    /// Bits, so that a NaN keeps its payload.
    F32Const(u32),
    F64Const(u64),
    /// The 16 bytes as a little-endian number.
    V128Const(u128),
    GlobalGet(GlobalIndex),
    RefNull(HeapType),
    RefFunc(FuncIndex),
    I32Add,
    I32Sub,
    I32Mul,
    I64Add,
    I64Sub,
    I64Mul,
}

impl ConstOp {
    /// The address that a constant is, in a memory or table of either address type.
    pub fn as_address(self) -> Option<u64> {
        match self {
            ConstOp::I32Const(value) => Some(u64::from(value.cast_unsigned())),
            ConstOp::I64Const(value) => Some(value.cast_unsigned()),
            _ => None,
        }
    }
}

/// A validated constant expression in postfix order; it leaves one value.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct ConstExpr {
    pub ops: Vec<ConstOp>,
}

impl ConstExpr {
    pub fn of(op: ConstOp) -> Self {
        ConstExpr { ops: vec![op] }
    }

    /// The function, when it is a single `ref.func`.
    pub fn as_func(&self) -> Option<FuncIndex> {
        match self.ops[..] {
            [ConstOp::RefFunc(function)] => Some(function),
            _ => None,
        }
    }

    pub(crate) fn write(&self, out: &mut Writer) {
        out.count(self.ops.len());
        for op in &self.ops {
            match *op {
                ConstOp::I32Const(value) => {
                    out.u8(0);
                    out.u32(value as u32);
                }
                ConstOp::I64Const(value) => {
                    out.u8(1);
                    out.i64(value);
                }
                ConstOp::F32Const(bits) => {
                    out.u8(2);
                    out.u32(bits);
                }
                ConstOp::F64Const(bits) => {
                    out.u8(3);
                    out.u64(bits);
                }
                ConstOp::GlobalGet(global) => {
                    out.u8(4);
                    out.u32(global.0);
                }
                ConstOp::RefNull(ty) => {
                    out.u8(5);
                    ty.write(out);
                }
                ConstOp::RefFunc(function) => {
                    out.u8(6);
                    out.u32(function.0);
                }
                ConstOp::I32Add => out.u8(7),
                ConstOp::I32Sub => out.u8(8),
                ConstOp::I32Mul => out.u8(9),
                ConstOp::I64Add => out.u8(10),
                ConstOp::I64Sub => out.u8(11),
                ConstOp::I64Mul => out.u8(12),
                ConstOp::V128Const(bits) => {
                    out.u8(13);
                    out.raw(&bits.to_le_bytes());
                }
            }
        }
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self, FormatError> {
        let count = from.count(1)?;
        let mut ops = Vec::with_capacity(count);
        for _ in 0..count {
            ops.push(match from.u8()? {
                0 => ConstOp::I32Const(from.u32()? as i32),
                1 => ConstOp::I64Const(from.i64()?),
                2 => ConstOp::F32Const(from.u32()?),
                3 => ConstOp::F64Const(from.u64()?),
                4 => ConstOp::GlobalGet(GlobalIndex(from.u32()?)),
                5 => ConstOp::RefNull(HeapType::read(from)?),
                6 => ConstOp::RefFunc(FuncIndex(from.u32()?)),
                7 => ConstOp::I32Add,
                8 => ConstOp::I32Sub,
                9 => ConstOp::I32Mul,
                10 => ConstOp::I64Add,
                11 => ConstOp::I64Sub,
                12 => ConstOp::I64Mul,
                13 => {
                    let (low, high) = (from.u64()?, from.u64()?);
                    ConstOp::V128Const(u128::from(low) | u128::from(high) << 64)
                }
                other => return Err(from.error(format!("unknown constant instruction {other}"))),
            });
        }
        Ok(ConstExpr { ops })
    }
}
