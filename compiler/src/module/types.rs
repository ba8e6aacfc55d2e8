//! The parser's types as ours. The validator has admitted only what the enabled proposals allow, so what
//! has no counterpart here belongs to a proposal that [`crate::Proposals::BUILT`] lacks.

use super::parse::Unbuilt;
use ahead_artifact::{
    AddressType, FuncType, GlobalType, HeapType, Limits, MemoryType, PageSize, RefType, TableType,
    TypeIndex, ValType,
};
use wasmparser::UnpackedIndex;

pub fn ref_type(ty: wasmparser::RefType) -> Result<RefType, Unbuilt> {
    Ok(RefType {
        nullable: ty.is_nullable(),
        heap: heap_type(ty.heap_type())?,
    })
}

pub fn heap_type(ty: wasmparser::HeapType) -> Result<HeapType, Unbuilt> {
    match ty {
        wasmparser::HeapType::FUNC => Ok(HeapType::Func),
        wasmparser::HeapType::EXTERN => Ok(HeapType::Extern),
        wasmparser::HeapType::Abstract {
            shared: false,
            ty: wasmparser::AbstractHeapType::Exn,
        } => Ok(HeapType::Exn),
        wasmparser::HeapType::Concrete(UnpackedIndex::Module(index)) => {
            Ok(HeapType::Concrete(TypeIndex(index)))
        }
        _ => Err(Unbuilt("a heap type")),
    }
}

pub fn val_type(ty: wasmparser::ValType) -> Result<ValType, Unbuilt> {
    Ok(match ty {
        wasmparser::ValType::I32 => ValType::I32,
        wasmparser::ValType::I64 => ValType::I64,
        wasmparser::ValType::F32 => ValType::F32,
        wasmparser::ValType::F64 => ValType::F64,
        wasmparser::ValType::Ref(ty) => ValType::Ref(ref_type(ty)?),
        wasmparser::ValType::V128 => ValType::V128,
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
    if ty.shared {
        return Err(Unbuilt("a shared table"));
    }
    Ok(TableType {
        element: ref_type(ty.element_type)?,
        limits: Limits {
            min: ty.initial,
            max: ty.maximum,
        },
        address: address_type(ty.table64),
    })
}

pub fn memory_type(ty: wasmparser::MemoryType) -> Result<MemoryType, Unbuilt> {
    let page = match ty.page_size_log2 {
        None => PageSize::KiB64,
        Some(log2) if log2 == PageSize::KiB64.log2() => PageSize::KiB64,
        Some(log2) if log2 == PageSize::Byte.log2() => PageSize::Byte,
        Some(_) => return Err(Unbuilt("a page of this size")),
    };
    Ok(MemoryType {
        limits: Limits {
            min: ty.initial,
            max: ty.maximum,
        },
        address: address_type(ty.memory64),
        page,
        shared: ty.shared,
    })
}

fn address_type(is_64: bool) -> AddressType {
    match is_64 {
        true => AddressType::I64,
        false => AddressType::I32,
    }
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
