//! Builtins of the first version of WebAssembly.

use super::with_instance;
use ahead_artifact::MemoryIndex;

pub(super) unsafe extern "C" fn memory_grow(vmctx: *mut u8, memory: i32, delta: i64) -> i64 {
    // SAFETY: called by compiled code.
    unsafe {
        with_instance(vmctx, -1, |store, instance| {
            let memory = instance.memory(MemoryIndex(memory as u32));
            match store.memories[memory].grow(delta as u64) {
                Some(before) => before as i64,
                None => -1,
            }
        })
    }
}
