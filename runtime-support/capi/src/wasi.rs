//! `ahead_wasi_config_t`: what a store's guests get through WASI.

use crate::error::{CError, array, guarded, object};
use crate::store::{CStore, with_store};
use ahead_wasi::{Stdio, WasiConfig, WasiCtx};
use std::ffi::{CStr, c_char, c_int};
use std::os::fd::BorrowedFd;

/// `ahead_stdio_t`.
#[repr(C)]
pub struct CStdio {
    kind: c_int,
    fd: c_int,
}

/// `ahead_stdio_kind_t`.
const STDIO_NULL: c_int = 0;
const STDIO_INHERIT: c_int = 1;
const STDIO_FD: c_int = 2;
const STDIO_CLOSED: c_int = 3;

impl CStdio {
    fn to_stdio(&self) -> Result<Stdio, CError> {
        match self.kind {
            STDIO_NULL => Ok(Stdio::Null),
            STDIO_INHERIT => Ok(Stdio::Inherit),
            STDIO_CLOSED => Ok(Stdio::Closed),
            STDIO_FD if self.fd >= 0 => {
                // SAFETY: a descriptor of the process, as the header says, used only to duplicate it.
                let fd = unsafe { BorrowedFd::borrow_raw(self.fd) };
                let fd = fd.try_clone_to_owned().map_err(|error| {
                    CError::new(format!(
                        "cannot duplicate file descriptor {}: {error}",
                        self.fd
                    ))
                })?;
                Ok(Stdio::Fd(fd))
            }
            STDIO_FD => Err(CError::new(format!(
                "`{}` is not a file descriptor",
                self.fd
            ))),
            kind => Err(CError::new(format!(
                "`{kind}` is not an `ahead_stdio_kind_t`"
            ))),
        }
    }
}

/// `ahead_wasi_config_t`.
#[repr(C)]
pub struct CWasiConfig {
    args: *const *const c_char,
    args_count: usize,
    env: *const *const c_char,
    env_count: usize,
    stdin: CStdio,
    stdout: CStdio,
    stderr: CStdio,
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_store_set_wasi(
    store: *mut CStore,
    config: *const CWasiConfig,
) -> *mut CError {
    guarded(|| {
        // SAFETY: null or valid as the header says, both of them.
        let (store, config) = unsafe { (object(store, "store")?, object(config, "config")?) };
        // SAFETY: as many C strings as C says, in both lists.
        let (args, env) = unsafe {
            (
                strings(config.args, config.args_count, "args")?,
                strings(config.env, config.env_count, "env")?,
            )
        };
        let wasi = WasiCtx::new(WasiConfig {
            args: args.into_iter().map(<[u8]>::to_vec).collect(),
            env: env.into_iter().map(variable).collect::<Result<_, _>>()?,
            stdin: config.stdin.to_stdio()?,
            stdout: config.stdout.to_stdio()?,
            stderr: config.stderr.to_stdio()?,
            ..WasiConfig::default()
        });
        let wasi = wasi.map_err(CError::new)?;
        with_store!(store, |access| access.data_mut().wasi = wasi);
        Ok(())
    })
}

/// The strings of a list, without their NULs.
///
/// # Safety
/// `list` must be null or point to `count` pointers, each null or to a C string, which live as long as the
/// result is used.
unsafe fn strings<'a>(
    list: *const *const c_char,
    count: usize,
    what: &str,
) -> Result<Vec<&'a [u8]>, CError> {
    // SAFETY: as the caller says.
    let list = unsafe { array(list, count, what) }?;
    let bytes = |(index, string): (usize, &*const c_char)| {
        if string.is_null() {
            return Err(CError::null(&format!("{what}[{index}]")));
        }
        // SAFETY: as the caller says.
        Ok(unsafe { CStr::from_ptr(*string) }.to_bytes())
    };
    list.iter().enumerate().map(bytes).collect()
}

fn variable(variable: &[u8]) -> Result<(Vec<u8>, Vec<u8>), CError> {
    let equals = variable
        .iter()
        .position(|byte| *byte == b'=')
        .ok_or_else(|| {
            let shown = variable.escape_ascii();
            CError::new(format!("environment variable `{shown}` has no `=`"))
        })?;
    Ok((variable[..equals].to_vec(), variable[equals + 1..].to_vec()))
}
