//! A small embedder for the tests of the runtime: WAT in, a module of this machine out, in both bounds modes.

use ahead_compiler::Config;
use ahead_runtime::{Bounds, Linker, Module, Store, Trap, Val};

#[allow(dead_code, reason = "not every matter depends on the mode")]
pub const MODES: [Bounds; 2] = [Bounds::Guard, Bounds::Explicit];

/// The artefact of a module, for this machine.
pub fn artefact(wat: &str, bounds: Bounds) -> Vec<u8> {
    let wasm = ahead_tests::samples::assemble(wat);
    let config = Config {
        bounds,
        verify_clif: true,
        ..Config::default()
    };
    let artefact = ahead_compiler::compile(&wasm, &config);
    artefact
        .unwrap_or_else(|error| panic!("{error}\n{wat}"))
        .shared_object()
}

/// Opens bytes that the compiler made, or that are damaged in what the runtime checks.
pub fn open(bytes: &[u8]) -> Result<Module, ahead_runtime::Error> {
    // SAFETY: the code in them is the compiler's own; tests damage other parts only.
    #[allow(unsafe_code)]
    unsafe {
        Module::from_bytes(bytes)
    }
}

/// The same for a file.
#[allow(dead_code, reason = "not every test file opens files")]
pub fn open_file(path: &std::path::Path) -> Result<Module, ahead_runtime::Error> {
    // SAFETY: as above.
    #[allow(unsafe_code)]
    unsafe {
        Module::open(path)
    }
}

#[allow(dead_code, reason = "not every test file needs a whole module")]
pub fn module(wat: &str, bounds: Bounds) -> Module {
    open(&artefact(wat, bounds)).unwrap()
}

/// Instantiates a module without imports and calls one of its exports.
#[allow(dead_code, reason = "not every test file calls something")]
pub fn call(wat: &str, bounds: Bounds, export: &str, params: &[Val]) -> Result<Vec<Val>, Trap> {
    let mut store = Store::new(());
    let instance = Linker::new()
        .instantiate(&mut store, &module(wat, bounds))
        .unwrap();
    let func = instance.func(&store, export).expect("an exported function");
    func.call(&mut store, params)
}
