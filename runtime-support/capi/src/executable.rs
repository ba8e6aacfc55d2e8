//! `ahead_wasi_main`: what an executable's `main` is.
//!
//! The whole process is the guest's, from its start to its exit code, so that the time that counts is that of
//! a small program: nothing is looked up that the guest does not ask for, and nothing is freed at the end,
//! which the kernel does better.
//!
//! The command line is the guest's, all of it. What directories and sockets it is given, and how much it may take,
//! was decided when the executable was made, and lies in it as `ahead_command_grants`.

use ahead_runtime::{Linker, Module, Store};
use ahead_wasi::{BakedGrants, RunError, Threads, WasiConfig, WasiCtx};
use std::error::Error;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::mem::ManuallyDrop;
use std::net::TcpListener;
use std::os::unix::ffi::OsStringExt;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Exit codes, as the CLI has them.
const EXIT_ERROR: c_int = 1;
const EXIT_TRAP: c_int = 134;

#[unsafe(no_mangle)]
pub unsafe extern "C" fn ahead_wasi_main(
    module: *const c_void,
    argc: c_int,
    argv: *mut *mut c_char,
) -> c_int {
    let run = || {
        // SAFETY: `argc` strings, as `main` gets them.
        let args = unsafe { arguments(argc, argv) };
        // SAFETY: the header of an artefact that is linked in, or null.
        unsafe { run(module, args) }
    };
    let outcome = catch_unwind(AssertUnwindSafe(run));
    exit_code(outcome.unwrap_or_else(|_| Err("internal error: the runtime panicked".into())))
}

/// The process's exit code; why there is none of the program's own is told to standard error.
fn exit_code(outcome: Result<c_int, Box<dyn Error>>) -> c_int {
    let error = match outcome {
        Ok(code) => return code,
        Err(error) => error,
    };
    match error.downcast_ref::<RunError>().and_then(RunError::trap) {
        Some(trap) => {
            report(&trap.to_string());
            EXIT_TRAP
        }
        None => {
            report(&error.to_string());
            EXIT_ERROR
        }
    }
}

// The grants of a program that has none: a length of 0. `ahead compile --dir` links an object with a strong
// symbol of this name, a length and as many bytes of `BakedGrants`.
std::arch::global_asm!(
    ".pushsection .rodata.ahead_command_grants, \"a\", %progbits",
    ".balign 4",
    ".weak ahead_command_grants",
    ".hidden ahead_command_grants",
    ".type ahead_command_grants, %object",
    ".size ahead_command_grants, 4",
    "ahead_command_grants:",
    ".4byte 0",
    ".popsection",
);

unsafe extern "C" {
    #[link_name = "ahead_command_grants"]
    static COMMAND_GRANTS: u32;
}

fn grants() -> &'static [u8] {
    let length = &raw const COMMAND_GRANTS;
    // SAFETY: the weak symbol above or the strong one that takes its place, aligned, and never written.
    let bytes = unsafe { length.read() } as usize;
    // SAFETY: behind a word there is a byte or the end of the object.
    let start = unsafe { length.add(1) }.cast::<u8>();
    // SAFETY: as many bytes as the length in front of them says, in the program's read-only data.
    unsafe { std::slice::from_raw_parts(start, bytes) }
}

/// # Safety
/// `module` must be null or the header of an artefact that stays where it is.
unsafe fn run(module: *const c_void, args: Vec<Vec<u8>>) -> Result<c_int, Box<dyn Error>> {
    if module.is_null() {
        return Err("`module` is null".into());
    }
    // SAFETY: as the caller says.
    let module = unsafe { Module::adopt(module.cast()) }?;
    let baked = BakedGrants::decode(grants())?;
    let limits = baked.limits;
    Ok(limits.on_stack(|| exit_code(run_with(module, args, &baked)))?)
}

fn run_with(
    module: Module,
    args: Vec<Vec<u8>>,
    baked: &BakedGrants,
) -> Result<c_int, Box<dyn Error>> {
    let mut config = WasiConfig::inherit_stdio();
    config.args = args;
    config.env = std::env::vars_os()
        .map(|(name, value)| (name.into_vec(), value.into_vec()))
        .collect();
    for grant in &baked.grants {
        config.preopens.push(grant.open()?);
    }
    for address in &baked.listen {
        let listener = TcpListener::bind(address)
            .map_err(|error| format!("cannot listen on `{address}`: {error}"))?;
        config.listeners.push(listener.into());
    }
    config.path_lookup = baked.path_lookup;
    baked.limits.set(&mut config);
    let wasi = WasiCtx::new(config)?;
    let mut linker = ManuallyDrop::new(Linker::new());
    ahead_wasi::add_imports_to_linker(&mut linker, &module, |ctx| ctx);
    let module = ManuallyDrop::new(module);
    let store = baked.limits.store();
    if ahead_wasi::uses_threads(&module) {
        let linker = ManuallyDrop::into_inner(linker);
        let threads =
            Threads::new(&module, linker, store, |ctx| ctx).map_err(RunError::Instantiate)?;
        return Ok(ahead_wasi::run_threaded_command(threads, wasi)?);
    }
    let mut store = ManuallyDrop::new(Store::with_config(wasi, store));
    Ok(ahead_wasi::run_command(&linker, &mut store, &module)?)
}

/// # Safety
/// `argv` must be null or point to `argc` pointers, each null or to a C string.
unsafe fn arguments(argc: c_int, argv: *const *mut c_char) -> Vec<Vec<u8>> {
    let count = usize::try_from(argc).unwrap_or(0);
    if argv.is_null() {
        return Vec::new();
    }
    let mut args = Vec::with_capacity(count);
    for index in 0..count {
        // SAFETY: inside the list, as the caller says.
        let arg = unsafe { *argv.add(index) };
        if arg.is_null() {
            break;
        }
        // SAFETY: a C string, as the caller says.
        args.push(unsafe { CStr::from_ptr(arg) }.to_bytes().to_vec());
    }
    args
}

/// Tells standard error why the program ends.
fn report(message: &str) {
    use std::io::Write;
    // With standard error gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr(), "error: {message}");
}
