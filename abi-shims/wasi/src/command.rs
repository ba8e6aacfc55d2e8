//! Running a module by WASI's conventions: a command from `_start` to its exit code, a reactor's
//! `_initialize`.

#[cfg(feature = "threads")]
use crate::threads::Threads;
use ahead_runtime::{
    AsStoreMut, Error, ExportItem, FuncType, Instance, Linker, Module, Store, Trap, TrapReason,
};

/// Why a command did not come to an end with an exit code.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The module could not be instantiated.
    #[error(transparent)]
    Instantiate(Error),
    #[error("the module exports no function `_start`, so it is not a command")]
    NoStart,
    #[error("the module's `_start` has type {0}, and a command's takes and returns nothing")]
    StartType(FuncType),
    #[error(
        "the module's `wasi_thread_start` has type {0}, and takes two numbers of 32 bits and returns nothing"
    )]
    ThreadStartType(FuncType),
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
    /// The guest trapped.
    #[error(transparent)]
    Trap(Trap),
}

impl RunError {
    /// The guest's trap, if that is what it was: in `_start` or on the way there.
    pub fn trap(&self) -> Option<&Trap> {
        match self {
            RunError::Trap(trap) | RunError::Instantiate(Error::Trap(trap)) => Some(trap),
            _ => None,
        }
    }
}

/// Whether a module exports a function of this name.
pub(crate) fn exports_function(module: &Module, name: &str) -> bool {
    let mut exports = module.interface().exports.iter();
    exports.any(|export| export.name == name && matches!(export.item, ExportItem::Func(_)))
}

/// Instantiates `module`, calls its `_start`, and gives the exit code: the one passed to `proc_exit`, or 0
/// if `_start` returns.
pub fn run_command<T: 'static>(
    linker: &Linker<T>,
    store: &mut Store<T>,
    module: &Module,
) -> Result<i32, RunError> {
    // Before anything of the module runs.
    if !exports_function(module, "_start") {
        return Err(RunError::NoStart);
    }
    let instance = match linker.instantiate(store, module) {
        Ok(instance) => instance,
        // The start function may end the program as well.
        Err(Error::Trap(trap)) => return exit_code(trap),
        Err(error) => return Err(RunError::Instantiate(error)),
    };
    let start = instance.func(store, "_start").ok_or(RunError::NoStart)?;
    let ty = start.ty(store);
    if ty != FuncType::default() {
        return Err(RunError::StartType(ty));
    }
    match start.call(store, &[]) {
        Ok(_) => Ok(0),
        Err(trap) => exit_code(trap),
    }
}

/// As [`run_command`], for a module that [`uses_threads`](crate::uses_threads): `data` is that of its first store.
/// The exit code is that of the thread that ended the program.
#[cfg(feature = "threads")]
pub fn run_threaded_command<T: Clone + Send + 'static>(
    threads: Threads<T>,
    data: T,
) -> Result<i32, RunError> {
    let main = |linker: &Linker<T>, store: &mut Store<T>, module: &Module| {
        run_command(linker, store, module)
    };
    match threads.run(data, main) {
        Ok(ended) => ended,
        Err(RunError::Trap(trap)) => exit_code(trap),
        Err(error) => Err(error),
    }
}

/// Calls a reactor's `_initialize`, which is to happen once, before any other export is called. Nothing if
/// there is none.
pub fn initialize<S: AsStoreMut>(store: &mut S, instance: Instance) -> Result<(), Trap> {
    if let Some(initialize) = instance.func(store, "_initialize") {
        initialize.call(store, &[])?;
    }
    Ok(())
}

fn exit_code(trap: Trap) -> Result<i32, RunError> {
    match trap.kind() {
        TrapReason::Exit(code) => Ok(*code),
        _ => Err(RunError::Trap(trap)),
    }
}
