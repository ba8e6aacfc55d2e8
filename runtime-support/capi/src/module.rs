//! `ahead_module_t`: an opened artefact.

use crate::error::{CError, array, free, guarded, guarded_or, hand_out, string};
use ahead_runtime::{ExportItem, ImportType, Module};
use std::ffi::{c_char, c_void};
use std::path::Path;

/// A module as C sees it.
pub struct CModule(pub Module);

/// `ahead_name_view_t`.
#[repr(C)]
pub struct CNameView {
    bytes: *const c_char,
    size: usize,
}

/// `ahead_extern_kind_t`.
const KIND_FUNC: i32 = 0;
const KIND_TABLE: i32 = 1;
const KIND_MEMORY: i32 = 2;
const KIND_GLOBAL: i32 = 3;
const KIND_TAG: i32 = 4;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_module_open(
    path: *const c_char,
    module: *mut *mut CModule,
) -> *mut CError {
    guarded(|| {
        // SAFETY: a C string, as the header says.
        let path = unsafe { string(path, "path") }?;
        let open = || {
            // SAFETY: the header tells the caller to trust the artefact.
            Ok(CModule(unsafe { Module::open(Path::new(path)) }?))
        };
        // SAFETY: null or writable, as the header says.
        unsafe { hand_out(module, "module", open) }
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_module_from_bytes(
    bytes: *const c_void,
    size: usize,
    module: *mut *mut CModule,
) -> *mut CError {
    guarded(|| {
        // SAFETY: `size` bytes, as the header says.
        let bytes = unsafe { array(bytes.cast::<u8>(), size, "bytes") }?;
        let open = || {
            // SAFETY: the header tells the caller to trust the artefact.
            Ok(CModule(unsafe { Module::from_bytes(bytes) }?))
        };
        // SAFETY: null or writable, as the header says.
        unsafe { hand_out(module, "module", open) }
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_module_adopt(
    header: *const c_void,
    module: *mut *mut CModule,
) -> *mut CError {
    guarded(|| {
        if header.is_null() {
            return Err(CError::null("header"));
        }
        let adopt = || {
            // SAFETY: the header of an artefact that is linked in, as the header says.
            Ok(CModule(unsafe { Module::adopt(header.cast()) }?))
        };
        // SAFETY: null or writable, as the header says.
        unsafe { hand_out(module, "module", adopt) }
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_module_import_count(module: *const CModule) -> usize {
    // SAFETY: null or a module that was handed out.
    let module = unsafe { module.as_ref() };
    guarded_or(0, || {
        module.map_or(0, |module| module.0.interface().imports.len())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_module_import(
    module: *const CModule,
    index: usize,
    from: *mut CNameView,
    name: *mut CNameView,
    kind: *mut i32,
) -> bool {
    // SAFETY: null or a module that was handed out.
    let module = unsafe { module.as_ref() };
    guarded_or(false, || {
        let Some(import) = module.and_then(|module| module.0.interface().imports.get(index)) else {
            return false;
        };
        let import_kind = match import.ty {
            ImportType::Func(_) => KIND_FUNC,
            ImportType::Table(_) => KIND_TABLE,
            ImportType::Memory(_) => KIND_MEMORY,
            ImportType::Global(_) => KIND_GLOBAL,
            ImportType::Tag(_) => KIND_TAG,
        };
        // SAFETY: each null or writable, as the header says.
        unsafe {
            put(from, view(&import.module));
            put(name, view(&import.name));
            put(kind, import_kind);
        }
        true
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_module_export_count(module: *const CModule) -> usize {
    // SAFETY: null or a module that was handed out.
    let module = unsafe { module.as_ref() };
    guarded_or(0, || {
        module.map_or(0, |module| module.0.interface().exports.len())
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_module_export(
    module: *const CModule,
    index: usize,
    name: *mut CNameView,
    kind: *mut i32,
) -> bool {
    // SAFETY: null or a module that was handed out.
    let module = unsafe { module.as_ref() };
    guarded_or(false, || {
        let Some(export) = module.and_then(|module| module.0.interface().exports.get(index)) else {
            return false;
        };
        let export_kind = match export.item {
            ExportItem::Func(_) => KIND_FUNC,
            ExportItem::Table(_) => KIND_TABLE,
            ExportItem::Memory(_) => KIND_MEMORY,
            ExportItem::Global(_) => KIND_GLOBAL,
            ExportItem::Tag(_) => KIND_TAG,
        };
        // SAFETY: each null or writable, as the header says.
        unsafe {
            put(name, view(&export.name));
            put(kind, export_kind);
        }
        true
    })
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_module_free(module: *mut CModule) {
    // SAFETY: the header makes it the caller's last use.
    unsafe { free(module) };
}

fn view(name: &str) -> CNameView {
    CNameView {
        bytes: name.as_ptr().cast(),
        size: name.len(),
    }
}

/// # Safety
/// `place` must be null or writable.
unsafe fn put<V>(place: *mut V, value: V) {
    if !place.is_null() {
        // SAFETY: as the caller says.
        unsafe { place.write(value) };
    }
}
