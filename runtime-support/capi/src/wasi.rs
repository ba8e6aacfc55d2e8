//! `ahead_wasi_config_t`: what a store's guests get through WASI.

use crate::error::{CError, array, guarded, object};
use crate::store::{CStore, with_store};
use ahead_wasi::{Access, Blocking, PathLookup, Preopen, Stdio, WasiConfig, WasiCtx};
use std::ffi::{CStr, OsStr, c_char, c_int};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

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
            STDIO_FD => Ok(Stdio::Fd(duplicate(self.fd)?)),
            kind => Err(CError::new(format!(
                "`{kind}` is not an `ahead_stdio_kind_t`"
            ))),
        }
    }
}

fn duplicate(fd: c_int) -> Result<OwnedFd, CError> {
    if fd < 0 {
        return Err(CError::new(format!("`{fd}` is not a file descriptor")));
    }
    // SAFETY: a descriptor of the process, as the header says, used only to duplicate it.
    let borrowed = unsafe { BorrowedFd::borrow_raw(fd) };
    borrowed
        .try_clone_to_owned()
        .map_err(|error| CError::new(format!("cannot duplicate file descriptor {fd}: {error}")))
}

/// `ahead_dir_t`.
#[repr(C)]
pub struct CDir {
    host: *const c_char,
    guest: *const c_char,
    read_only: bool,
}

impl CDir {
    /// # Safety
    /// The strings must be null or C strings.
    unsafe fn open(&self) -> Result<Preopen, CError> {
        if self.host.is_null() {
            return Err(CError::null("dirs[].host"));
        }
        // SAFETY: as the caller says.
        let host = unsafe { CStr::from_ptr(self.host) }.to_bytes();
        let guest = if self.guest.is_null() {
            host
        } else {
            // SAFETY: as the caller says.
            unsafe { CStr::from_ptr(self.guest) }.to_bytes()
        };
        let access = if self.read_only {
            Access::ReadOnly
        } else {
            Access::ReadWrite
        };
        let host = Path::new(OsStr::from_bytes(host));
        Preopen::open(host, guest.to_vec(), access).map_err(CError::new)
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
    dirs: *const CDir,
    dirs_count: usize,
    listeners: *const c_int,
    listeners_count: usize,
    path_lookup: c_int,
    blocking: c_int,
    blocking_ms_max: u32,
    descriptors_max: u32,
    written_bytes_max: u64,
    files_max: u64,
    threads_max: u32,
}

impl CWasiConfig {
    /// `ahead_path_lookup_t`.
    fn path_lookup(&self) -> Result<PathLookup, CError> {
        match self.path_lookup {
            0 => Ok(PathLookup::Kernel),
            1 => Ok(PathLookup::KernelOrWalk),
            2 => Ok(PathLookup::Walk),
            other => Err(CError::new(format!(
                "`{other}` is not an `ahead_path_lookup_t`"
            ))),
        }
    }

    /// `ahead_blocking_t`.
    fn blocking(&self) -> Result<Blocking, CError> {
        match self.blocking {
            0 => Ok(Blocking::Allowed),
            1 => Ok(Blocking::Bounded(Duration::from_millis(
                self.blocking_ms_max.into(),
            ))),
            2 => Ok(Blocking::Forbidden),
            other => Err(CError::new(format!(
                "`{other}` is not an `ahead_blocking_t`"
            ))),
        }
    }

    /// # Safety
    /// The lists must be as long as they say, and their strings null or C strings.
    unsafe fn to_config(&self) -> Result<WasiConfig, CError> {
        // SAFETY: as many C strings as C says, in both lists.
        let (args, env) = unsafe {
            (
                strings(self.args, self.args_count, "args")?,
                strings(self.env, self.env_count, "env")?,
            )
        };
        // SAFETY: as the caller says.
        let dirs = unsafe { array(self.dirs, self.dirs_count, "dirs") }?;
        // SAFETY: as the caller says.
        let listeners = unsafe { array(self.listeners, self.listeners_count, "listeners") }?;
        let mut preopens = Vec::new();
        for dir in dirs {
            // SAFETY: as the caller says.
            preopens.push(unsafe { dir.open() }?);
        }
        let mut config = WasiConfig {
            args: args.into_iter().map(<[u8]>::to_vec).collect(),
            env: env.into_iter().map(variable).collect::<Result<_, _>>()?,
            stdin: self.stdin.to_stdio()?,
            stdout: self.stdout.to_stdio()?,
            stderr: self.stderr.to_stdio()?,
            preopens,
            listeners: listeners
                .iter()
                .map(|fd| duplicate(*fd))
                .collect::<Result<_, _>>()?,
            path_lookup: self.path_lookup()?,
            blocking: self.blocking()?,
            written_bytes_max: (self.written_bytes_max != 0).then_some(self.written_bytes_max),
            files_max: (self.files_max != 0).then_some(self.files_max),
            ..WasiConfig::default()
        };
        if self.descriptors_max != 0 {
            config.descriptors_max = self.descriptors_max;
        }
        if self.threads_max != 0 {
            config.threads_max = self.threads_max;
        }
        Ok(config)
    }

    /// # Safety
    /// As for [`Self::to_config`].
    pub unsafe fn context(&self) -> Result<WasiCtx, CError> {
        // SAFETY: as the caller says.
        WasiCtx::new(unsafe { self.to_config() }?).map_err(CError::new)
    }
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_store_set_wasi(
    store: *mut CStore,
    config: *const CWasiConfig,
) -> *mut CError {
    guarded(|| {
        // SAFETY: null or valid as the header says, both of them.
        let (store, config) = unsafe { (object(store, "store")?, object(config, "config")?) };
        // SAFETY: as the header says.
        let wasi = unsafe { config.context() }?;
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
