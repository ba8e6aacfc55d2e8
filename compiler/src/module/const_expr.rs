//! Constant expressions as the artefact holds them. They have been validated.

use super::parse::Unbuilt;
use super::types;
use ahead_artifact::const_expr::{ConstExpr, ConstOp};
use ahead_artifact::{FuncIndex, GlobalIndex};
use wasmparser::Operator;

/// Why an expression could not be read.
pub enum ConstError {
    Parser(wasmparser::Error),
    Unbuilt(Unbuilt),
}

impl From<wasmparser::Error> for ConstError {
    fn from(error: wasmparser::Error) -> Self {
        ConstError::Parser(error)
    }
}

impl From<Unbuilt> for ConstError {
    fn from(unbuilt: Unbuilt) -> Self {
        ConstError::Unbuilt(unbuilt)
    }
}

pub fn read(expression: &wasmparser::ConstExpr<'_>) -> Result<ConstExpr, ConstError> {
    let mut reader = expression.get_operators_reader();
    let mut ops = Vec::with_capacity(1);
    loop {
        ops.push(match reader.read()? {
            Operator::End => break,
            Operator::I32Const { value } => ConstOp::I32Const(value),
            Operator::I64Const { value } => ConstOp::I64Const(value),
            Operator::F32Const { value } => ConstOp::F32Const(value.bits()),
            Operator::F64Const { value } => ConstOp::F64Const(value.bits()),
            Operator::V128Const { value } => {
                ConstOp::V128Const(u128::from_le_bytes(*value.bytes()))
            }
            Operator::GlobalGet { global_index } => ConstOp::GlobalGet(GlobalIndex(global_index)),
            Operator::RefNull { hty } => ConstOp::RefNull(types::heap_type(hty)?),
            Operator::RefFunc { function_index } => ConstOp::RefFunc(FuncIndex(function_index)),
            Operator::I32Add => ConstOp::I32Add,
            Operator::I32Sub => ConstOp::I32Sub,
            Operator::I32Mul => ConstOp::I32Mul,
            Operator::I64Add => ConstOp::I64Add,
            Operator::I64Sub => ConstOp::I64Sub,
            Operator::I64Mul => ConstOp::I64Mul,
            _ => return Err(Unbuilt("an instruction of a constant expression").into()),
        });
    }
    Ok(ConstExpr { ops })
}

/// The constant that `expression` is, if it reads no global, or only ones that `globals` knows.
pub fn fold(expression: &ConstExpr, globals: &[Option<ConstOp>]) -> Option<ConstOp> {
    use ConstOp::{
        F32Const, F64Const, GlobalGet, I32Add, I32Const, I32Mul, I32Sub, I64Add, I64Const, I64Mul,
        I64Sub, RefFunc, RefNull, V128Const,
    };
    let mut stack: Vec<ConstOp> = Vec::new();
    for &op in &expression.ops {
        let value = match op {
            I32Const(_) | I64Const(_) | F32Const(_) | F64Const(_) | V128Const(_) | RefNull(_)
            | RefFunc(_) => op,
            GlobalGet(global) => globals.get(global.index()).copied().flatten()?,
            I32Add | I32Sub | I32Mul | I64Add | I64Sub | I64Mul => {
                let (right, left) = (stack.pop()?, stack.pop()?);
                match (op, left, right) {
                    (I32Add, I32Const(left), I32Const(right)) => I32Const(left.wrapping_add(right)),
                    (I32Sub, I32Const(left), I32Const(right)) => I32Const(left.wrapping_sub(right)),
                    (I32Mul, I32Const(left), I32Const(right)) => I32Const(left.wrapping_mul(right)),
                    (I64Add, I64Const(left), I64Const(right)) => I64Const(left.wrapping_add(right)),
                    (I64Sub, I64Const(left), I64Const(right)) => I64Const(left.wrapping_sub(right)),
                    (I64Mul, I64Const(left), I64Const(right)) => I64Const(left.wrapping_mul(right)),
                    _ => return None,
                }
            }
        };
        stack.push(value);
    }
    match stack[..] {
        [value] => Some(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_globals_and_arithmetic_fold() {
        let expression = ConstExpr {
            ops: vec![
                ConstOp::GlobalGet(GlobalIndex(0)),
                ConstOp::I32Const(i32::MAX),
                ConstOp::I32Add,
                ConstOp::I32Const(3),
                ConstOp::I32Mul,
            ],
        };
        let known = [Some(ConstOp::I32Const(1))];
        let expected = i32::MIN.wrapping_mul(3);
        assert_eq!(fold(&expression, &known), Some(ConstOp::I32Const(expected)));
        assert_eq!(fold(&expression, &[None]), None);
        assert_eq!(fold(&expression, &[]), None);
    }
}
