//! Where `guest_memory.rs` looks for how shared memories are read.

#[allow(dead_code)]
#[path = "../../../../runtime-support/src/memory/racing.rs"]
pub(crate) mod racing;
