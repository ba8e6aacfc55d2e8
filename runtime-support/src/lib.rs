//! Opens artefacts and runs them: instances, memories, traps, host functions.
//!
//! A [`Module`] is an opened artefact. A [`Store`] owns what modules need at run time, together with the
//! embedder's own data of type `T`; a [`Linker`] knows what imports stand for and makes an [`Instance`] of a
//! module in a store. [`Func`], [`Memory`], [`Table`] and [`Global`] are handles: small, copyable, and of
//! use only together with their store.
//!
//! ```no_run
//! use ahead_runtime::{Caller, Linker, Module, Store, Val};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // SAFETY: the file was made by the Ahead compiler and nobody changes it.
//! let module = unsafe { Module::open("filter.so".as_ref()) }?;
//! let mut linker = Linker::new();
//! linker.func("env", "log", |caller: Caller<'_, u32>, level: i32| println!("{level} {}", caller.data()));
//! let mut store = Store::new(7);
//! let instance = linker.instantiate(&mut store, &module)?;
//! let run = instance.func(&store, "run").expect("an exported function");
//! let results = run.call(&mut store, &[Val::I32(1)])?;
//! # Ok(()) }
//! ```
//!
//! Not here: compilation (the compiler and this crate meet in the artefact only), WASI, the C API.
//!
//! Unsafe code lives in this crate and in `ahead-targets`' `host.rs` alone. Who may touch what:
//! the vmctx is read and written in `vmctx.rs`, a memory's bytes in `memory/` and `host/guest_memory.rs`,
//! mappings in `sys/`, frames and registers in `trap/`.

// The crate's purpose is what the lint warns of: mapped code, raw records shared with it, signals.
#![allow(unsafe_code)]

mod builtins;
mod error;
mod exception;
mod func;
mod global;
mod host;
mod instance;
mod linker;
mod memory;
mod module;
mod store;
mod sys;
mod table;
mod tag;
mod trap;
mod types;
mod value;
mod vmctx;

pub use ahead_artifact::interface::{Export, ExportItem, Import, ImportType, Interface};
pub use ahead_artifact::{
    AddressType, Bounds, FuncIndex, FuncType, GlobalType, HeapType, Hierarchy, Limits, MemoryType,
    PageSize, RefType, TableType, TrapKind, TypeIndex, ValType,
};
pub use error::Error;
pub use exception::{Exception, ExnRef};
pub use func::{Func, TypedFunc};
pub use global::Global;
pub use host::{
    Caller, GuestMemory, GuestSize, HostResults, IntoHostFunc, OutOfBounds, WasmValue, WasmValues,
};
pub use instance::Instance;
pub use linker::Linker;
pub use memory::{Memory, SharedMemory};
pub use module::Module;
pub use store::{AsStore, AsStoreMut, Store, StoreConfig};
pub use table::Table;
pub use tag::Tag;
pub use trap::{Frame, Trap, TrapReason, install_signal_handlers, with_stack};
pub use value::{Extern, ExternRef, Val};
