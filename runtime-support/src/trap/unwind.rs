//! Where an exception is caught: guest frames, asked from the inside out.
//!
//! The walk is that of a backtrace, along frame pointers. A frame whose return address stands in the artefact's
//! table of exceptions has handlers; which tags they catch is found through the vmctx that the frame keeps.
//! Nothing is unwound before a handler is known, so what nobody catches is reported from where it was thrown.

use super::{activation, code, stack};
use ahead_artifact::exceptions::{ANY_TAG, CallSite, Handler};
use ahead_artifact::vmctx::{VmException, VmTag};
use ahead_targets::host::{self, Landing};
use std::ptr::NonNull;

/// Goes on where an exception is caught, in a frame further out than `frame`. Returns if that is nowhere between
/// `frame` and the call that the host made.
///
/// # Safety
/// `frame` must be a frame of the innermost activation's guest, or 0, and no frame below it may have anything to
/// drop. `exception` must be a record of that guest's store.
pub(crate) unsafe fn throw(exception: NonNull<VmException>, frame: usize) {
    // SAFETY: as the caller says.
    if let Some(landing) = unsafe { landing(exception, frame) } {
        // SAFETY: the landing is in a frame that waits for its call; the caller promises the rest.
        unsafe { host::land(&raw const landing, exception.as_ptr() as usize) }
    }
}

/// Where [`throw`] would go on.
///
/// # Safety
/// As for [`throw`], but for what is to be dropped.
pub(super) unsafe fn landing(exception: NonNull<VmException>, frame: usize) -> Option<Landing> {
    // SAFETY: null, or an activation on this thread's stack, which `invoke` does not touch now.
    let end = unsafe { activation::current().as_ref() }?
        .resume
        .frame_pointer;
    // SAFETY: a live record.
    let tag = unsafe { exception.as_ref() }.tag;
    // SAFETY: the guest's frames are intact: this function runs below them.
    unsafe { find(tag, frame, end) }
}

/// The innermost handler for a tag.
///
/// # Safety
/// As for [`throw`]; `end` is the frame of the activation's `enter`.
unsafe fn find(tag: *const VmTag, mut frame: usize, end: usize) -> Option<Landing> {
    let bounds = stack::bounds();
    // On a stack that somebody switched to, `end` is the one bound that is known.
    let limit = match bounds.contains(&end) {
        true => bounds.start,
        false => 0,
    };
    while frame < end && frame >= limit && frame.is_multiple_of(8) && frame != 0 {
        let record = frame as *const [usize; 2];
        // SAFETY: aligned, on this thread's stack, below a frame that is in use, so mapped.
        let [caller, return_address] = unsafe { record.read() };
        // Frames lie one above the other; anything else is no frame.
        if caller <= frame {
            return None;
        }
        let landing = code::with_handlers(return_address, |text, site, handlers| {
            for handler in handlers {
                // SAFETY: the frame belongs to the function that made this call, and is intact.
                if unsafe { catches(handler, site, caller, tag) } {
                    return Some(Landing {
                        stack_pointer: caller - site.frame_bytes as usize,
                        frame_pointer: caller,
                        program_counter: text + handler.target as usize,
                    });
                }
            }
            None
        });
        if let Some(Some(landing)) = landing {
            return Some(landing);
        }
        frame = caller;
    }
    None
}

/// Whether a handler catches a tag.
///
/// # Safety
/// `frame` must be the frame pointer of a function that waits in the call of `site`, which has the handler.
unsafe fn catches(handler: Handler, site: CallSite, frame: usize, tag: *const VmTag) -> bool {
    if handler.tag == ANY_TAG {
        return true;
    }
    let stack_pointer = frame - site.frame_bytes as usize;
    let context = (stack_pointer + site.context as usize) as *const *const u8;
    // SAFETY: the compiler says that the frame keeps its vmctx there.
    let vmctx = unsafe { context.read() };
    let slot = vmctx
        .wrapping_add(handler.tag as usize)
        .cast::<*const VmTag>();
    // SAFETY: the compiler says that the vmctx has the pointer to the tag there.
    tag == unsafe { slot.read() }
}

/// Shows `root` every word that code between here and the outermost call into a guest may still use: of the
/// stack, and of registers. Returns `false` if part of that is out of reach.
pub(crate) fn scan_stack(root: &mut dyn FnMut(usize)) -> bool {
    let registers = host::preserved_registers();
    registers.iter().for_each(|&word| root(word));
    let mut outermost = 0;
    let mut activation = activation::current();
    // SAFETY: the chain's links are activations on this thread's stack.
    while let Some(this) = unsafe { activation.as_ref() } {
        outermost = this.resume.frame_pointer;
        activation = this.previous;
    }
    outermost == 0 || scan_up_to(outermost, root)
}

/// A frame of its own, so that all of its caller's lies above it.
#[inline(never)]
fn scan_up_to(end: usize, root: &mut dyn FnMut(usize)) -> bool {
    let here = 0usize;
    let start = std::hint::black_box(&raw const here) as usize;
    let bounds = stack::bounds();
    if !bounds.contains(&start) || !bounds.contains(&end) || end < start {
        return false;
    }
    for word in (start..end).step_by(size_of::<usize>()) {
        // SAFETY: aligned, and on this thread's stack between two frames that are in use.
        root(unsafe { (word as *const usize).read_volatile() });
    }
    true
}
