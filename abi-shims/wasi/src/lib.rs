//! WASI preview 1 for Ahead: `wasi_snapshot_preview1`, and the older `wasi_unstable`.
//!
//! One file per section of the specification; [`table`] lists the functions in its order. An embedder makes
//! a [`WasiCtx`] from a [`WasiConfig`], keeps it in its store's data, and adds the functions to its linker:
//!
//! ```no_run
//! use ahead_runtime::{Linker, Module, Store};
//! use ahead_wasi::{Access, Preopen, WasiConfig, WasiCtx};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // SAFETY: the file was made by the Ahead compiler and nobody changes it.
//! let module = unsafe { Module::open("hello.so".as_ref()) }?;
//! let mut config = WasiConfig::inherit_stdio();
//! config.args = vec![b"hello".to_vec()];
//! let data = Preopen::open("data".as_ref(), b"/data".to_vec(), Access::ReadOnly)?;
//! config.preopens.push(data);
//! let mut store = Store::new(WasiCtx::new(config)?);
//! let mut linker = Linker::new();
//! ahead_wasi::add_to_linker(&mut linker, |ctx| ctx);
//! let exit_code = ahead_wasi::run_command(&linker, &mut store, &module)?;
//! # Ok(()) }
//! ```
//!
//! A guest gets what the embedder gives it and nothing else: arguments, variables, streams, directories
//! ([`Preopen`]), listening sockets. What it opens lies below a directory that it was given, whatever the path
//! says and whatever is renamed meanwhile.
//!
//! Everything that a guest passes is checked before it is used: addresses (`fault`), numbers and flags
//! (`inval`), descriptors (`badf`) and their rights. Nothing that a guest passes traps, and the host
//! allocates less than 1 MiB for a call, whatever lengths it is given.

#![forbid(unsafe_code)]

mod args;
mod blocking;
mod clock;
mod command;
mod context;
mod descriptor;
mod descriptors;
mod directory;
mod end;
mod environ;
mod fd;
mod grant;
mod limits;
mod memory;
mod path;
mod poll;
mod proc;
mod quota;
mod random;
mod readdir;
mod sandbox;
mod sched;
mod sock;
pub mod table;
#[cfg(feature = "threads")]
mod threads;
mod trace;
pub mod types;

pub use blocking::Blocking;
pub use clock::{Clocks, HostClocks};
#[cfg(feature = "threads")]
pub use command::run_threaded_command;
pub use command::{RunError, initialize, run_command};
pub use context::{ConfigError, Preopen, Stdio, WasiConfig, WasiCtx};
pub use directory::Access;
pub use grant::{BakedGrants, Grant, GrantError};
pub use limits::Limits;
pub use sandbox::PathLookup;
#[cfg(feature = "threads")]
pub use threads::{Threads, uses_threads};
pub use trace::Trace;

use ahead_runtime::{Linker, Module};
use types::Version;

/// Defines every function of both versions in `linker`. `context` finds the guest's state in the store's
/// data.
pub fn add_to_linker<T: 'static>(linker: &mut Linker<T>, context: fn(&mut T) -> &mut WasiCtx) {
    for version in Version::ALL {
        table::define(linker, version, context, |_| true);
    }
}

/// Defines the functions that `module` imports, and no others: for a process that runs one module once and
/// is to start fast.
pub fn add_imports_to_linker<T: 'static>(
    linker: &mut Linker<T>,
    module: &Module,
    context: fn(&mut T) -> &mut WasiCtx,
) {
    let imports = &module.interface().imports;
    for version in Version::ALL {
        table::define(linker, version, context, |function| {
            imports
                .iter()
                .any(|import| import.module == version.module() && import.name == function.name)
        });
    }
}
