//! What the runtime needs of the machine it runs on: `<isa>/host.rs` has the instructions, and here is what they have in
//! common.

#![allow(unsafe_code)]

#[cfg(target_arch = "aarch64")]
use crate::aarch64 as isa;
#[cfg(target_arch = "x86_64")]
use crate::x86_64 as isa;

pub use isa::host::*;

/// A guest function that waits in a call: what it will find in its registers, and where it goes on. The last two fields
/// are the record of the frame that its callee has or had, as a walk along frame pointers reads it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// By place in [`Isa::preserved`](crate::Isa::preserved).
    pub preserved: [usize; isa::PRESERVED.len()],
    pub frame_pointer: usize,
    pub program_counter: usize,
}

/// Who takes over when a guest throws.
pub trait GuestThrow {
    /// What [`guest_throws`] was called with, and by whom. If this returns, so does that.
    ///
    /// # Safety
    /// Called by [`guest_throws`] only.
    unsafe extern "C" fn thrown(vmctx: *mut u8, exception: *mut u8, by: &Waiting);
}

/// Who takes over when a host function has thrown.
pub trait HostThrow {
    /// Whom the host function's trampoline would have returned to; its program counter is yet to be filled in.
    ///
    /// # Safety
    /// Called by [`host_throws`] only.
    unsafe extern "C" fn thrown(to: &mut Waiting) -> !;
}

/// Where a guest function goes on when an exception is caught in it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landing {
    /// The function, its program counter that of the handler.
    pub function: Waiting,
    pub stack_pointer: usize,
}
