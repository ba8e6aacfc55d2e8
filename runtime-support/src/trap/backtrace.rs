//! Backtraces: the guest's frames, read by following frame pointers.
//!
//! All guest code and all trampolines keep frame pointers. A frame is two words, the caller's frame pointer
//! and the return address; a walk ends at the frame of the activation's `enter`, and every step is checked
//! to go up and to stay on the thread's stack, so that a walk over damaged frames ends early instead of
//! faulting.

use super::activation::{Activation, FrameList};
use super::{code, stack};
use crate::error::Escaped;
use ahead_artifact::FuncIndex;
use std::fmt;
use std::ops::Range;

/// Frames of one activation that a trap keeps.
pub(super) const FRAMES_MAX: usize = 64;

/// Frames of all activations together that a trap keeps.
const ALL_FRAMES_MAX: usize = 1024;

/// One guest function that was running.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The module's name, if it has one.
    pub module: Option<String>,
    pub func_index: FuncIndex,
    pub func_name: Option<String>,
    /// Where in the module's bytes the instruction stands.
    pub wasm_offset: Option<u32>,
}

impl fmt::Display for Frame {
    /// `0x1f3a filter!parse_header`; names cannot speak to the terminal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.wasm_offset {
            Some(offset) => write!(f, "{offset:#6x} ")?,
            None => f.write_str("     ? ")?,
        }
        write!(
            f,
            "{}!",
            Escaped(self.module.as_deref().unwrap_or("<module>"))
        )?;
        match &self.func_name {
            Some(name) => write!(f, "{}", Escaped(name)),
            None => write!(f, "<function {}>", self.func_index),
        }
    }
}

/// Frames, innermost first, and how many more there were.
#[derive(Debug, Default)]
pub(crate) struct Backtrace {
    pub frames: Vec<Frame>,
    pub left: usize,
}

impl Backtrace {
    /// Of the program counters that the signal handler collected.
    pub(super) fn of_counters(list: &FrameList) -> Self {
        let mut backtrace = Backtrace::default();
        backtrace.append(list, Innermost::Trapped);
        backtrace
    }

    fn append(&mut self, list: &FrameList, innermost: Innermost) {
        let mut trapped = matches!(innermost, Innermost::Trapped);
        for counter in list.iter() {
            if self.frames.len() >= ALL_FRAMES_MAX {
                self.left += 1;
                continue;
            }
            // A return address may be the first byte after its function: ask for the call before it.
            let address = match std::mem::take(&mut trapped) {
                true => counter,
                false => counter - 1,
            };
            self.frames.extend(describe(address));
        }
        self.left += list.left;
    }

    /// Appends the frames of activations further out.
    ///
    /// # Safety
    /// `activation` must be null or an activation of this thread whose guest has called the host.
    pub(super) unsafe fn append_outer(&mut self, mut activation: *const Activation) {
        // There may be hundreds, and little stack left: no recursion here.
        // SAFETY: as the caller says, and the chain's links are such activations, too.
        while let Some(outer) = unsafe { activation.as_ref() } {
            // SAFETY: its guest waits, so its frames are intact.
            let list = unsafe { walk_from_exit(outer, outer.exit_frame) };
            self.append(&list, Innermost::Called);
            activation = outer.previous;
        }
    }
}

/// What the first program counter of a list is.
enum Innermost {
    /// The instruction that trapped.
    Trapped,
    /// A return address like the others.
    Called,
}

/// The backtrace of a host function that was called at `frame_pointer`.
///
/// # Safety
/// `activation` must be the innermost one, `frame_pointer` the frame of the trampoline that its guest
/// called out through, or 0 if the host called the function itself.
pub(super) unsafe fn from_exit(activation: &Activation, frame_pointer: usize) -> Backtrace {
    // SAFETY: the guest's frames are intact.
    let list = unsafe { walk_from_exit(activation, frame_pointer) };
    let mut backtrace = Backtrace::default();
    backtrace.append(&list, Innermost::Called);
    // SAFETY: the chain's links are activations whose guests wait.
    unsafe { backtrace.append_outer(activation.previous) };
    backtrace
}

unsafe fn walk_from_exit(activation: &Activation, frame_pointer: usize) -> FrameList {
    let mut list = FrameList::new();
    // SAFETY: as the caller says.
    unsafe {
        walk(
            frame_pointer,
            activation.resume.frame_pointer,
            &stack::bounds(),
            &mut list,
        )
    };
    list
}

/// Pushes the return addresses found from `frame` up to `end`, which is not read. Allocates nothing.
///
/// # Safety
/// `frame` must be a frame pointer of this thread, or anything: what is read lies between the first frame
/// and `end`, inside `bounds` if the walk is on the thread's own stack.
pub(super) unsafe fn walk(
    mut frame: usize,
    end: usize,
    bounds: &Range<usize>,
    list: &mut FrameList,
) {
    // On a stack that somebody switched to, `end` is the one bound that is known.
    let limit = if bounds.contains(&end) {
        bounds.start
    } else {
        0
    };
    while frame < end && frame >= limit && frame.is_multiple_of(8) && frame != 0 {
        let record = frame as *const [usize; 2];
        // SAFETY: aligned, on this thread's stack, below a frame that is in use, so mapped.
        let [caller, return_address] = unsafe { record.read() };
        list.push(return_address);
        // Frames lie one above the other; anything else is no frame.
        if caller <= frame {
            return;
        }
        frame = caller;
    }
}

/// The guest function at an address of guest code; `None` for trampolines and for anything else.
fn describe(address: usize) -> Option<Frame> {
    let (module, offset) = code::module_at(address)?;
    let (func_index, wasm_offset) = module.locate(offset)?;
    Some(Frame {
        module: module.name().map(str::to_owned),
        func_index,
        func_name: module.function_name(func_index).map(str::to_owned),
        wasm_offset,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_ends_at_its_end_and_never_goes_down() {
        let mut words = [0usize; 12];
        let address = |index: usize, words: &[usize]| words.as_ptr() as usize + index * 8;
        words[0] = address(4, &words);
        words[1] = 111;
        words[4] = address(8, &words);
        words[5] = 222;
        words[8] = address(2, &words);
        words[9] = 333;
        let bounds = address(0, &words)..address(12, &words);
        let collect = |end| {
            let mut list = FrameList::new();
            // SAFETY: the frames are in the array.
            unsafe { walk(address(0, &words), end, &bounds, &mut list) };
            list.iter().collect::<Vec<_>>()
        };
        assert_eq!(collect(address(8, &words)), [111, 222]);
        assert_eq!(collect(address(11, &words)), [111, 222, 333]);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let mut list = FrameList::new();
        for counter in 0..FRAMES_MAX + 5 {
            list.push(counter);
        }
        assert_eq!((list.iter().count(), list.left), (FRAMES_MAX, 5));
    }

    #[test]
    fn frames_are_one_line_each() {
        let frame = Frame {
            module: Some("m".into()),
            func_index: FuncIndex(3),
            func_name: Some("a\nb".into()),
            wasm_offset: Some(0x1f3a),
        };
        assert_eq!(frame.to_string(), r"0x1f3a m!a\u{a}b");
        let nameless = Frame {
            module: None,
            func_index: FuncIndex(3),
            func_name: None,
            wasm_offset: None,
        };
        assert_eq!(nameless.to_string(), "     ? <module>!<function 3>");
    }
}
