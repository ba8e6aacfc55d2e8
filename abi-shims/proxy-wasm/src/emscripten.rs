//! Two functions that old Emscripten builds of C++ filters import and that are of no consequence.

use ahead_runtime::{Caller, Linker};

/// The module that Emscripten's own imports come from, like the ABI's.
const MODULE: &str = "env";

pub(crate) fn define<T: 'static>(linker: &mut Linker<T>) {
    linker.func(
        MODULE,
        "emscripten_notify_memory_growth",
        |_: Caller<'_, T>, _memory: u32| (),
    );
    linker.func(
        MODULE,
        "pthread_equal",
        |_: Caller<'_, T>, left: u32, right: u32| u32::from(left == right),
    );
}
