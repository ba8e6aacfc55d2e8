//! The parser's types as ours. The validator has admitted only what the enabled proposals allow, so what
//! has no counterpart here belongs to a proposal that [`crate::Proposals::BUILT`] lacks.

use super::parse::Unbuilt;
use ahead_artifact::{FuncType, GlobalType, Limits, MemoryType, RefType, TableType, ValType};

pub fn ref_type(ty: wasmparser::RefType) -> Result<RefType, Unbuilt> {
    match ty {
        wasmparser::RefType::FUNCREF => Ok(RefType::Func),
        wasmparser::RefType::EXTERNREF => Ok(RefType::Extern),
        _ => Err(Unbuilt("a reference type")),
    }
}

pub fn val_type(ty: wasmparser::ValType) -> Result<ValType, Unbuilt> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::Ref(ty) => ValType::Ref(ref_type(ty)?),
        wasmparser::ValType::V128 => return Err(Unbuilt("type `v128`")),
    })
}

pub fn func_type(ty: &wasmparser::FuncType) -> Result<FuncType, Unbuilt> {
    let list = |types: &[wasmparser::ValType]| -> Result<Vec<_>, Unbuilt> {
        types.iter().map(|&ty| val_type(ty)).collect()
    };
    Ok(FuncType {
        params: list(ty.params())?,
        results: list(ty.results())?,
    })
}

pub fn table_type(ty: wasmparser::TableType) -> Result<TableType, Unbuilt> {
    if ty.table64 || ty.shared {
        return Err(Unbuilt("a 64-bit or shared table"));
    }
    Ok(TableType {
        element: ref_type(ty.element_type)?,
        limits: Limits {
            min: ty.initial,
            max: ty.maximum,
        },
    })
}

pub fn memory_type(ty: wasmparser::MemoryType) -> Result<MemoryType, Unbuilt> {
    if ty.memory64 || ty.shared || ty.page_size_log2.is_some() {
        return Err(Unbuilt("a 64-bit, shared or odd-paged memory"));
    }
    Ok(MemoryType {
        limits: Limits {
            min: ty.initial,
            max: ty.maximum,
        },
        shared: false,
    })
}

pub fn global_type(ty: wasmparser::GlobalType) -> Result<GlobalType, Unbuilt> {
    if ty.shared {
        return Err(Unbuilt("a shared global"));
    }
    Ok(GlobalType {
        value: val_type(ty.content_type)?,
        mutable: ty.mutable,
    })
}
