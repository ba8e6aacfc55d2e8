//! What host functions throw.
//!
//! A guest further out may catch it, and wants the registers back that callees preserve. Where the host's frames keep
//! them nobody knows. So these return in the ordinary way, and so does the hostcall trampoline that called them: but its
//! frame's return address has been replaced by that of [`host::host_throws`], which finds the registers as the
//! guest would, and goes on as if that had thrown.
//!
//! ```text
//! guest -> hostcall trampoline -> host function    throws: its frames return ...
//! guest <- host_throws <- hostcall trampoline      ... to where the walk begins that finds a handler
//! ```
//! A host function that does not throw pays nothing for it.

use super::activation::{self, Activation};
use super::{backtrace, unwind};
use ahead_artifact::vmctx::VmException;
use ahead_targets::host::{self, HostThrow, Waiting};
use std::ptr::NonNull;

/// Something thrown that is on its way out of the host.
pub(super) struct Thrown {
    exception: NonNull<VmException>,
    /// What the trampoline's frame had as its return address.
    return_address: usize,
}

/// Throws `exception` as soon as the hostcall trampoline returns whose frame pointer this is. If nobody catches it, the
/// activation's guest ends with the trap that it has.
///
/// # Safety
/// The trampoline must be the innermost frame of the activation's guest, and the innermost activation's.
pub(super) unsafe fn prepare(
    activation: &mut Activation,
    exception: NonNull<VmException>,
    frame_pointer: usize,
) {
    let place = (frame_pointer + size_of::<usize>()) as *mut usize;
    // SAFETY: the frame's record, which nothing but the trampoline's last instructions reads from now on.
    let return_address =
        unsafe { place.replace(host::host_throws::<AfterReturn> as *const u8 as usize) };
    activation.thrown = Some(Thrown {
        exception,
        return_address,
    });
}

/// The trampoline has returned.
struct AfterReturn;

impl HostThrow for AfterReturn {
    unsafe extern "C" fn thrown(to: &mut Waiting) -> ! {
        let resume = {
            // SAFETY: the activation that `prepare` was given: no other has begun or ended since then.
            let activation = unsafe { &mut *activation::current() };
            let thrown = activation.thrown.take();
            let thrown = thrown.expect("`prepare` says what was thrown");
            to.program_counter = thrown.return_address;
            // SAFETY: the guest waits for the trampoline, and its frames are intact.
            if let Some(landing) = unsafe { unwind::landing(thrown.exception, to, activation) } {
                // It is caught, and nothing is left of the trap.
                drop(activation.trap.take());
                let exception = thrown.exception.as_ptr() as usize;
                // SAFETY: the landing is in a guest's frame that waits; here is nothing to drop.
                unsafe { host::land(&raw const landing, exception) }
            }
            let trap = activation.trap.take();
            let trap = trap.expect("`raise` says how the guest ends");
            // The trampoline's frame is gone, but its record is here again.
            let frame_pointer = &raw const to.frame_pointer as usize;
            // SAFETY: the guest's frames are intact.
            let backtrace = unsafe { backtrace::from_exit(activation, frame_pointer) };
            activation.trap = Some(trap.with_backtrace(backtrace));
            &raw const activation.resume
        };
        // SAFETY: the activation is on this thread's stack, and nothing here is left to drop.
        unsafe { host::resume(resume) }
    }
}
