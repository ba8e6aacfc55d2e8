//! Where an exception is caught: guest frames, asked from the inside out.
//!
//! The walk is that of a backtrace, along frame pointers. A frame whose return address stands in the artefact's
//! table of exceptions has handlers; which tags they catch is found through the vmctx that the function keeps. Nothing
//! is unwound before a handler is known, so what nobody catches is reported from where it was thrown.
//!
//! Code with handlers has values in registers that callees preserve, as other code has. None of the callees that are
//! left gives them back itself: the walk does, from where the artefact says that each of them keeps its caller's.

use super::activation::{self, Activation};
use super::{code, stack};
use ahead_artifact::exceptions::{ANY_TAG, CallSite, Context, Handler};
use ahead_artifact::saved_registers::Saved;
use ahead_artifact::vmctx::{VmException, VmTag};
use ahead_targets::host::{self, Landing, Waiting};
use std::ops::Range;
use std::ptr::NonNull;

/// Goes on where an exception is caught, in `thrower` or a frame further out. Returns if that is nowhere up to the
/// call that the host made.
///
/// # Safety
/// `thrower` must be a guest function of the innermost activation, and no frame below it may have anything to drop.
/// `exception` must be a record of that guest's store.
pub(crate) unsafe fn throw(exception: NonNull<VmException>, thrower: &Waiting) {
    // SAFETY: null, or an activation on this thread's stack, which `invoke` does not touch now.
    let Some(activation) = (unsafe { activation::current().as_ref() }) else {
        return;
    };
    // SAFETY: as the caller says.
    if let Some(landing) = unsafe { landing(exception, thrower, activation) } {
        // SAFETY: the landing is in a frame that waits for its call; the caller promises the rest.
        unsafe { host::land(&raw const landing, exception.as_ptr() as usize) }
    }
}

/// Where [`throw`] would go on.
///
/// # Safety
/// As for [`throw`], but for what is to be dropped; `activation` must be the innermost.
pub(super) unsafe fn landing(
    exception: NonNull<VmException>,
    thrower: &Waiting,
    activation: &Activation,
) -> Option<Landing> {
    // SAFETY: a live record.
    let tag = unsafe { exception.as_ref() }.tag;
    let end = activation.resume.frame_pointer;
    // On a stack that somebody switched to, `end` is the one bound that is known.
    let bounds = stack::bounds();
    let start = if bounds.contains(&end) {
        bounds.start
    } else {
        0
    };
    let mut walk = Walk {
        function: *thrower,
        frames: start..end,
    };
    loop {
        // SAFETY: the guest's frames are intact: this function runs below them.
        match unsafe { walk.step(tag) } {
            Step::Caught(landing) => return Some(landing),
            Step::Out => {}
            Step::End => return None,
        }
    }
}

enum Step {
    Caught(Landing),
    /// Not here: the walk is at the caller.
    Out,
    End,
}

/// A walk from function to caller.
struct Walk {
    function: Waiting,
    /// Where frames of the activation's guests can be.
    frames: Range<usize>,
}

impl Walk {
    /// Asks the function for a handler, and goes on to its caller if there is none.
    ///
    /// # Safety
    /// What the walk has for a function must be one that waits in a call, its frame and those further out intact.
    unsafe fn step(&mut self, tag: *const VmTag) -> Step {
        let frame = self.function.frame_pointer;
        if !self.frames.contains(&frame) || !frame.is_multiple_of(8) || frame == 0 {
            return Step::End;
        }
        let step = code::at_call(self.function.program_counter, |text, handlers, saved| {
            if let Some((site, handlers)) = handlers {
                for handler in handlers {
                    // SAFETY: the function waits in this call.
                    if unsafe { catches(handler, site, &self.function, tag) } {
                        return Step::Caught(self.landing(text, site, handler));
                    }
                }
            }
            // SAFETY: the function whose frame this is saves these.
            match unsafe { self.give_back(saved) } {
                Some(()) => Step::Out,
                None => Step::End,
            }
        });
        match step {
            Some(Step::Out) => {}
            Some(step) => return step,
            // Not a guest's.
            None => return Step::End,
        }
        let record = frame as *const [usize; 2];
        // SAFETY: aligned, on this thread's stack, below a frame that is in use, so mapped.
        let [caller, return_address] = unsafe { record.read() };
        // Frames lie one above the other; anything else is no frame.
        if caller <= frame {
            return Step::End;
        }
        self.function.frame_pointer = caller;
        self.function.program_counter = return_address;
        Step::Out
    }

    fn landing(&self, text: usize, site: CallSite, handler: Handler) -> Landing {
        Landing {
            function: Waiting {
                program_counter: text + handler.target as usize,
                ..self.function
            },
            stack_pointer: self.function.frame_pointer - site.frame_bytes as usize,
        }
    }

    /// Gives the caller's registers back as the function would. `None` if the table cannot be true.
    ///
    /// # Safety
    /// `saved` must be what the function saves, and its frame intact.
    unsafe fn give_back(&mut self, saved: &mut dyn Iterator<Item = Saved>) -> Option<()> {
        for saved in saved {
            let bytes_down = usize::from(saved.words_down) * size_of::<usize>();
            let place = self.function.frame_pointer.checked_sub(bytes_down)?;
            let register = self
                .function
                .preserved
                .get_mut(usize::from(saved.register))?;
            if place < self.frames.start {
                return None;
            }
            // SAFETY: a word of the function's frame, as the compiler says, and on this thread's stack.
            *register = unsafe { (place as *const usize).read() };
        }
        Some(())
    }
}

/// Whether a handler catches a tag.
///
/// # Safety
/// `function` must wait in the call of `site`, which has the handler.
unsafe fn catches(handler: Handler, site: CallSite, function: &Waiting, tag: *const VmTag) -> bool {
    if handler.tag == ANY_TAG {
        return true;
    }
    let vmctx = match site.context {
        Context::Stack(offset) => {
            let stack_pointer = function.frame_pointer - site.frame_bytes as usize;
            let context = (stack_pointer + offset as usize) as *const usize;
            // SAFETY: the compiler says that the frame keeps its vmctx there.
            unsafe { context.read() }
        }
        Context::Register(register) => match function.preserved.get(usize::from(register)) {
            Some(&vmctx) => vmctx,
            None => return false,
        },
    };
    let vmctx = vmctx as *const u8;
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
