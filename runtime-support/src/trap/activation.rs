//! Going into the guest and coming back.
//!
//! Each call from host to guest leaves an *activation* on the host's stack: where to resume if the guest
//! traps, and room for what the trap was. Activations of one thread form a chain, because a host function
//! may call into a guest again:
//!
//! ```text
//! host -> invoke [activation 1] -> guest -> host function -> invoke [activation 2] -> guest
//! ```
//! A trap of the inner guest resumes at activation 2 only; the host function then sees an error and decides.
//! Frames are skipped by a resume in two places: guest frames by the signal handler, and guest frames with
//! the two frames of a host function's entry by [`raise`]. Neither has a destructor.

use super::backtrace::{self, Backtrace, FRAMES_MAX};
use super::host_throw::{self, Thrown};
use super::{Trap, signals, stack};
use crate::exception::Exception;
use crate::store::StoreInner;
use ahead_artifact::TrapKind;
use ahead_artifact::vmctx::{VmException, VmFuncRef, VmValue};
use ahead_targets::host::{self, FloatEnvironment, ResumePoint};
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

/// A call into the guest that has not come back.
pub(super) struct Activation {
    pub resume: ResumePoint,
    pub previous: *mut Activation,
    pub store: NonNull<StoreInner>,
    /// Frame pointer at which this activation's guest called the host, while a later activation runs.
    pub exit_frame: usize,
    /// What [`raise`] brings.
    pub trap: Option<Trap>,
    /// What a host function has thrown, while its frames return.
    pub thrown: Option<Thrown>,
    /// What the signal handler brings.
    fault: Option<TrapKind>,
    /// Written with `fault`. Not before: most calls into a guest come back without any.
    frames: MaybeUninit<FrameList>,
}

/// Program counters of guest frames, innermost first: filled by the signal handler, which cannot allocate,
/// while the frames are still there.
pub(super) struct FrameList {
    counters: [MaybeUninit<usize>; FRAMES_MAX],
    count: usize,
    /// Frames beyond the list.
    pub left: usize,
}

impl FrameList {
    pub const fn new() -> Self {
        FrameList {
            counters: [MaybeUninit::uninit(); FRAMES_MAX],
            count: 0,
            left: 0,
        }
    }

    pub fn push(&mut self, program_counter: usize) {
        match self.counters.get_mut(self.count) {
            Some(counter) => {
                counter.write(program_counter);
                self.count += 1;
            }
            None => self.left += 1,
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.counters[..self.count].iter().map(|counter| {
            // SAFETY: `push` writes a counter before it counts it.
            unsafe { counter.assume_init() }
        })
    }
}

thread_local! {
    /// The innermost activation. Without a destructor, so that a signal handler may read it at any time.
    static CURRENT: Cell<*mut Activation> = const { Cell::new(std::ptr::null_mut()) };
}

/// This thread's innermost activation, null outside any guest.
pub(super) fn current() -> *mut Activation {
    CURRENT.get()
}

/// Calls a function of a store with `values`, which hold the parameters before and the results after.
///
/// # Safety
/// The caller has exclusive use of the store. `func` is one of its records, with an entry trampoline.
/// `values` has room for the function's parameters and for its results, and the parameters are in it.
pub(crate) unsafe fn invoke(
    store: NonNull<StoreInner>,
    func: NonNull<VmFuncRef>,
    values: *mut VmValue,
) -> Result<(), Trap> {
    // SAFETY: a record of the store, which does not change while a guest runs.
    let func = unsafe { func.read() };
    debug_assert!(!func.entry.is_null());
    signals::prepare_thread();
    let previous = current();
    let mut activation = Activation {
        resume: ResumePoint::default(),
        previous,
        store,
        exit_frame: 0,
        trap: None,
        thrown: None,
        fault: None,
        frames: MaybeUninit::uninit(),
    };
    // Others write to the activation from here on, so it is touched through this pointer only.
    let activation = &raw mut activation;
    // SAFETY: the chain's links are activations further out on this thread's stack.
    if let Some(previous) = unsafe { previous.as_mut() } {
        // SAFETY: the previous activation's store is borrowed by it, and its guest waits for us.
        previous.exit_frame = unsafe { (*previous.store.as_ptr()).exit_frame };
    }
    // SAFETY: exclusive use.
    unsafe { begin(store) };
    CURRENT.set(activation);
    // A guest further out has it set already, and functions of the host keep it.
    let float_environment = previous.is_null().then(FloatEnvironment::enter);
    // SAFETY: the record's parts belong together; the resume point is this activation's own.
    let resumed = unsafe {
        host::enter(
            &raw mut (*activation).resume,
            func.entry,
            func.vmctx,
            func.code,
            values.cast(),
        )
    };
    if let Some(float_environment) = float_environment {
        float_environment.leave();
    }
    CURRENT.set(previous);
    // SAFETY: exclusive use, which the guest has given back.
    unsafe { (*store.as_ptr()).depth -= 1 };
    // SAFETY: as above.
    if let Some(previous) = unsafe { previous.as_mut() } {
        // SAFETY: as above.
        unsafe { (*previous.store.as_ptr()).exit_frame = previous.exit_frame };
    }
    if resumed == 0 {
        return Ok(());
    }
    // SAFETY: nobody else knows the activation any more.
    let activation = unsafe { &mut *activation };
    Err(activation.outcome())
}

/// Counts a call into the store's guests, and sets their stack limit if it is the outermost.
///
/// # Safety
/// The caller has exclusive use of the store.
unsafe fn begin(store: NonNull<StoreInner>) {
    // SAFETY: exclusive use.
    let store = unsafe { &mut *store.as_ptr() };
    if store.depth == 0 {
        store.set_stack_limit(stack::guest_limit(store.config.stack_bytes_max));
    }
    store.depth += 1;
}

impl Activation {
    /// Notes why the guest stopped; gives an empty list for its frames. In a signal handler.
    pub fn stop(&mut self, fault: TrapKind) -> &mut FrameList {
        self.fault = Some(fault);
        self.frames.write(FrameList::new())
    }

    /// What a host function throws, as a record that this activation's guest can be given: if it is of the same
    /// store, and there is room.
    fn record(&mut self, exception: &Exception) -> Option<NonNull<VmException>> {
        // SAFETY: the guest that was entered with exclusive use of the store has called the host.
        let store = unsafe { self.store.as_mut() };
        (exception.store() == store.id)
            .then(|| exception.to_record(store))
            .flatten()
    }

    /// The trap that a resume brought.
    #[cold]
    fn outcome(&mut self) -> Trap {
        if let Some(trap) = self.trap.take() {
            return trap;
        }
        let kind = self.fault.take().expect("who resumes says why");
        // SAFETY: written with the fault.
        let frames = unsafe { self.frames.assume_init_ref() };
        let mut backtrace = Backtrace::of_counters(frames);
        // SAFETY: the activations further out are still waiting, with their guests' frames.
        unsafe { backtrace.append_outer(self.previous) };
        // SAFETY: the guest has given the store back.
        let store = unsafe { self.store.as_mut() };
        let uncaught = NonNull::new(std::mem::replace(&mut store.uncaught, std::ptr::null_mut()));
        let trap = match (kind, uncaught) {
            // SAFETY: a record of the store, kept for this.
            (TrapKind::UncaughtException, Some(exception)) => unsafe {
                Exception::read(store, exception).into()
            },
            _ => Trap::new(kind),
        };
        trap.with_backtrace(backtrace)
    }
}

/// Ends the innermost activation with a trap, unless it is an exception that its guests may catch: then this
/// returns, and so must all frames up to the hostcall trampoline's. `frame_pointer` is that of the trampoline.
///
/// # Safety
/// Called by a host function that the innermost activation's guest called, or the host through it; between
/// the two no frame has anything to drop.
pub(crate) unsafe fn raise(trap: Trap, frame_pointer: usize) {
    let activation = current();
    assert!(
        !activation.is_null(),
        "a host function runs in an activation"
    );
    let resume = {
        // SAFETY: not null, so an activation on this thread's stack, and `invoke` does not touch it now.
        let activation = unsafe { &mut *activation };
        if frame_pointer != 0
            && let Some(exception) = trap
                .exception()
                .and_then(|thrown| activation.record(thrown))
        {
            activation.trap = Some(trap);
            // SAFETY: as the caller says.
            return unsafe { host_throw::prepare(activation, exception, frame_pointer) };
        }
        // SAFETY: the guest's frames are intact: this function runs below them.
        let backtrace = unsafe { backtrace::from_exit(activation, frame_pointer) };
        activation.trap = Some(trap.with_backtrace(backtrace));
        &raw const activation.resume
    };
    // SAFETY: the activation is on this thread's stack; the caller promises the rest.
    unsafe { host::resume(resume) }
}
