//! Calling conventions: what a Wasm function type is in CLIF.
//!
//! Guest functions have Cranelift's `Tail` convention and the callee's vmctx in front; whatever the host
//! calls or is called by directly has the C convention.

use ahead_artifact::builtins::{Builtin, BuiltinType};
use ahead_artifact::{FuncType, ValType};
use cranelift_codegen::ir::{AbiParam, ArgumentPurpose, Signature, Type, types};
use cranelift_codegen::isa::CallConv;

/// A pointer of either target.
pub const POINTER: Type = types::I64;

/// What a `v128` is wherever it is not looked into: in parameters, results, locals, globals and blocks.
pub const VECTOR: Type = types::I8X16;

/// References are words: a `funcref` points to its record, an `externref` is the host's own.
pub const fn value_type(ty: ValType) -> Type {
    match ty {
        ValType::I32 => types::I32,
        ValType::I64 => types::I64,
        ValType::F32 => types::F32,
        ValType::F64 => types::F64,
        ValType::V128 => VECTOR,
        ValType::Ref(_) => POINTER,
    }
}

/// `(vmctx, params...) -> results`, the convention of guest functions.
pub fn guest(ty: &FuncType) -> Signature {
    let mut signature = Signature::new(CallConv::Tail);
    signature.params.reserve(1 + ty.params.len());
    // Marked, because the stack check in a function's first instructions reads the limit through it.
    signature
        .params
        .push(AbiParam::special(POINTER, ArgumentPurpose::VMContext));
    let list = |types: &[ValType]| {
        types
            .iter()
            .map(|&ty| AbiParam::new(value_type(ty)))
            .collect::<Vec<_>>()
    };
    signature.params.extend(list(&ty.params));
    signature.returns = list(&ty.results);
    signature
}

/// `(vmctx, arguments...) -> result`, the C convention.
pub fn builtin(builtin: Builtin) -> Signature {
    let value = |ty: BuiltinType| {
        AbiParam::new(match ty {
            BuiltinType::i32 => types::I32,
            BuiltinType::i64 => types::I64,
            BuiltinType::pointer => POINTER,
        })
    };
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.push(AbiParam::new(POINTER));
    signature
        .params
        .extend(builtin.params().iter().copied().map(value));
    signature.returns.extend(builtin.result().map(value));
    signature
}
