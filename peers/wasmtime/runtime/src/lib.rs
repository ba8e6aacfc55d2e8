//! As much of `ahead-runtime`'s interface as `ahead-wasi` and `ahead-proxy-wasm` need, over wasmtime: so that the very
//! sources of these two are compiled a second time and drive another engine. What is then measured beside ours differs
//! in the engine and in nothing else.
//!
//! The guest's memory is seen through the runtime's own checked view, whose source is compiled here too. Everything
//! else is as thin as an embedder of wasmtime would have it: functions and the memory are looked up once for each
//! instance, imports are resolved once for each module.
//!
//! Not here: what those two crates do not use. A missing name is an error of rustc's, in their sources.

mod func;
#[allow(dead_code)]
#[path = "../../../../runtime-support/src/host/guest_memory.rs"]
mod guest_memory;
mod linker;
mod memory;
mod module;
mod store;

pub use ahead_runtime::{
    Error, Export, ExportItem, FuncType, Import, ImportType, Interface, StoreConfig, Trap,
    TrapReason, Val, ValType, with_stack,
};
pub use func::{Func, TypedFunc, WasmValues};
pub use guest_memory::{GuestMemory, GuestSize, OutOfBounds};
pub use linker::{HostResults, IntoHostFunc, Linker};
pub use module::Module;
pub use store::{AsStore, AsStoreMut, Caller, Instance, Store};

use std::sync::OnceLock;

static ENGINE: OnceLock<wasmtime::Engine> = OnceLock::new();

/// The engine that everything here runs on. A process measures one: the first that is given.
pub fn run_on(engine: wasmtime::Engine) {
    ENGINE.get_or_init(|| engine);
}

fn engine() -> &'static wasmtime::Engine {
    ENGINE.get_or_init(wasmtime::Engine::default)
}

/// A host function's own trap comes back as it went; what the engine says becomes text.
fn trap_of(error: wasmtime::Error) -> Trap {
    match error.downcast::<Trap>() {
        Ok(trap) => trap,
        Err(error) => Trap::host(format!("{error:?}")),
    }
}
