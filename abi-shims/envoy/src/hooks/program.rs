//! The module is loaded.

use super::guarded;
use std::ffi::{CStr, c_char, c_void};

/// Which interface this module is for, as Envoy compares it with its own.
const VERSION: &CStr = c"v0.2.0";

#[unsafe(no_mangle)]
pub extern "C" fn envoy_dynamic_module_on_program_init() -> *const c_char {
    guarded(std::ptr::null(), || {
        stay();
        VERSION.as_ptr()
    })
}

/// Keeps this module from being unloaded when its last configuration goes: the trap handler, the timer's thread and
/// what threads keep for their ends are code of it.
fn stay() {
    // SAFETY: a record that is filled in if the call says so.
    let mut info: libc::Dl_info = unsafe { std::mem::zeroed() };
    let here = envoy_dynamic_module_on_program_init as *const c_void;
    // SAFETY: an address and a record.
    if unsafe { libc::dladdr(here, &mut info) } == 0 || info.dli_fname.is_null() {
        return;
    }
    let flags = libc::RTLD_NOW | libc::RTLD_NOLOAD | libc::RTLD_NODELETE;
    // SAFETY: the loader's own name for this module, which is loaded, so nothing runs.
    unsafe { libc::dlopen(info.dli_fname, flags) };
}
