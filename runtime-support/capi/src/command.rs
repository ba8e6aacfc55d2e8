//! `ahead_wasi_run_command`: a WASI command from its start to its exit code, with threads or without.
//!
//! Each thread of a guest is a store of its own; C meets those in host functions only (`store.rs`).

use crate::error::{CError, guarded, object};
use crate::linker::CLinker;
use crate::module::CModule;
use crate::store::{CStoreConfig, StoreData};
use crate::wasi::CWasiConfig;
use ahead_runtime::{Error, Store, StoreConfig};
use ahead_wasi::{RunError, Threads};
use std::ffi::c_void;

impl From<RunError> for CError {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Trap(trap) => Error::Trap(trap).into(),
            RunError::Instantiate(error) => error.into(),
            error => CError::new(error),
        }
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_wasi_run_command(
    linker: *const CLinker,
    module: *const CModule,
    store_config: *const CStoreConfig,
    wasi_config: *const CWasiConfig,
    user: *mut c_void,
    exit_code: *mut i32,
) -> *mut CError {
    guarded(|| {
        // SAFETY: null or valid as the header says, each of them.
        let (linker, module, wasi) = unsafe {
            (
                object(linker, "linker")?,
                object(module, "module")?,
                object(wasi_config, "wasi_config")?,
            )
        };
        if exit_code.is_null() {
            return Err(CError::null("exit_code"));
        }
        // SAFETY: null or a config, as the header says.
        let config = unsafe { store_config.as_ref() };
        let config = config.map_or_else(StoreConfig::default, CStoreConfig::to_config);
        // SAFETY: as the header says.
        let data = StoreData::of_command(unsafe { wasi.context() }?, user);
        let (linker, module) = (&linker.0, &module.0);
        let code = if ahead_wasi::uses_threads(module) {
            let threads = Threads::new(module, linker.clone(), config, |data| &mut data.wasi)?;
            ahead_wasi::run_threaded_command(threads, data)?
        } else {
            ahead_wasi::run_command(linker, &mut Store::with_config(data, config), module)?
        };
        // SAFETY: writable, as the header says.
        unsafe { exit_code.write(code) };
        Ok(())
    })
}
