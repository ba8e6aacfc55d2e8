//! Signal handlers: faults of guest code become traps, everything else goes to whom it belonged before.
//!
//! A fault is the guest's if three things hold: this thread is inside an activation, the program counter is
//! in registered text, and exactly there a trap is recorded. Then, for a fault of memory, the address must
//! lie where a guest's access may go wrong: in the inaccessible part of one of the store's memories, or in
//! the null page, to which checked accesses are diverted. A recorded site that faults anywhere else means
//! that the sandbox is broken; the process ends with a report.
//!
//! Whatever is not the guest's goes to the handler that was there before ours, as if we were not there.
//! Everything here but [`install`], [`install_signal_handlers`] and [`prepare_thread`] runs in signal context: no locks, no allocation.

use super::activation::{self, Activation};
use super::{backtrace, code, stack};
use crate::error::Error;
use crate::store::StoreInner;
use ahead_artifact::TrapKind;
use ahead_targets::host;
use libc::{c_int, c_void, sigaction, siginfo_t, ucontext_t};
use std::cell::{Cell, UnsafeCell};
use std::io;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::{Mutex, PoisonError};

const SIGNALS: [c_int; 4] = [libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE];

/// Addresses that are never mapped. Accesses that fail an explicit check are made to hit address 0.
const NULL_PAGE_BYTES: usize = 4096;

/// How often we can be installed above others: once for ourselves, and again for each who came above us.
const LAYERS: usize = 4;

/// Our handlers. Each knows who was there when it was installed.
static HANDLERS: [unsafe extern "C" fn(c_int, *mut siginfo_t, *mut c_void); LAYERS] =
    [handle::<0>, handle::<1>, handle::<2>, handle::<3>];

/// What each of [`HANDLERS`] was installed above, for one signal.
type Layers = [UnsafeCell<MaybeUninit<sigaction>>; LAYERS];

/// The same for all of [`SIGNALS`].
struct Previous([Layers; SIGNALS.len()]);

// SAFETY: each is written once, before the handler that reads it is installed.
unsafe impl Sync for Previous {}

static PREVIOUS: Previous =
    Previous([const { [const { UnsafeCell::new(MaybeUninit::uninit()) }; LAYERS] }; SIGNALS.len()]);

/// Installs the handlers of faults, or puts them above those that somebody has installed since.
///
/// Making an instance does that, too, but once they are installed it looks at the handler of SIGSEGV alone. A host that
/// later sets handlers for SIGBUS, SIGILL or SIGFPE and not for SIGSEGV, which do not pass on what is not theirs, calls this
/// behind it, so that these faults of its guests are traps.
pub fn install_signal_handlers() -> Result<(), Error> {
    install(Look::Everywhere).map_err(Error::Signals)
}

/// For which signals it is asked whether somebody has come above us.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    /// For the first, and the others only if somebody has. Who comes above us does it for the sake of that one, and
    /// perhaps of others; asking for all of them would cost each instance four system calls.
    First,
    Everywhere,
}

/// Sees to it that our handlers are those that the kernel calls.
///
/// The first time it installs them. Later somebody may have come above us who gives up for good when a fault is
/// not his, as V8 does when he sees one of our guests': he would take his handler away, and the next fault of his own
/// would find none. So whoever makes an instance looks again, and goes above him.
pub(crate) fn install(look: Look) -> io::Result<()> {
    /// How many layers there are of each signal.
    static INSTALLED: Mutex<[usize; SIGNALS.len()]> = Mutex::new([0; SIGNALS.len()]);
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    let everywhere = installed.iter().all(|&layers| layers > 0);
    for (index, layers) in installed.iter_mut().enumerate() {
        let above = install_above(index, layers)?;
        if look == Look::First && index == 0 && everywhere && !above {
            break;
        }
    }
    Ok(())
}

/// Says whether that was to be done.
fn install_above(index: usize, layers: &mut usize) -> io::Result<bool> {
    let check = |result: c_int| match result {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    };
    let signal = SIGNALS[index];
    let mut current = MaybeUninit::<sigaction>::uninit();
    // SAFETY: asks for the current handler.
    check(unsafe { sigaction(signal, ptr::null(), current.as_mut_ptr()) })?;
    // SAFETY: the call above has written it.
    let current = unsafe { current.assume_init() };
    // With so many others one of them is going above us again and again.
    if layer_of(&current).is_some() || *layers == LAYERS {
        return Ok(false);
    }
    // SAFETY: nothing reads the slot before the next call, and nobody else writes it: the caller holds the lock.
    unsafe { (*PREVIOUS.0[index][*layers].get()).write(current) };
    // SAFETY: plain data, all zero is a valid value.
    let mut ours: sigaction = unsafe { std::mem::zeroed() };
    ours.sa_sigaction = HANDLERS[*layers] as usize;
    // Not deferred: a fault inside the handler must reach a handler, too, and a handler that is left by a
    // jump must not leave the signal blocked.
    ours.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
    // SAFETY: the handler below keeps to what a signal handler may do.
    check(unsafe { sigaction(signal, &ours, ptr::null_mut()) })?;
    *layers += 1;
    Ok(true)
}

/// Which of [`HANDLERS`] it is.
fn layer_of(action: &sigaction) -> Option<usize> {
    HANDLERS
        .iter()
        .position(|handler| *handler as usize == action.sa_sigaction)
}

unsafe extern "C" fn handle<const LAYER: usize>(
    signal: c_int,
    info: *mut siginfo_t,
    context: *mut c_void,
) {
    // SAFETY: the kernel passes both to a handler with `SA_SIGINFO`.
    let (fault, registers) = unsafe { (&*info, &mut *context.cast::<ucontext_t>()) };
    if !become_trap(signal, fault, registers) {
        // SAFETY: as above.
        unsafe { chain(LAYER, signal, info, context) }
    }
}

/// If the fault is the guest's, notes the trap and makes the thread resume at its activation.
fn become_trap(signal: c_int, fault: &siginfo_t, registers: &mut ucontext_t) -> bool {
    let activation = activation::current();
    // A signal that somebody sent is not a fault of this instruction, wherever it arrives.
    if activation.is_null() || fault.si_code <= 0 {
        return false;
    }
    let program_counter = host::program_counter(registers);
    let Some(kind) = code::trap_at(program_counter) else {
        return false;
    };
    // SAFETY: the thread is in this activation's guest, which was interrupted; nobody else uses it.
    let activation = unsafe { &mut *activation };
    check_address(signal, fault, kind, program_counter, activation);
    let resume = activation.resume;
    let frames = activation.stop(kind);
    frames.push(program_counter);
    let frame = host::frame_pointer(registers);
    // SAFETY: the interrupted function keeps frame pointers and its frames are intact. The thread's bounds
    // were asked for when it entered the guest, so this only reads them.
    unsafe { backtrace::walk(frame, resume.frame_pointer, &stack::bounds(), frames) };
    host::set_resume(registers, &resume);
    true
}

/// Ends the process if a fault of memory is none that a guest in its sandbox can have.
fn check_address(
    signal: c_int,
    fault: &siginfo_t,
    kind: TrapKind,
    program_counter: usize,
    activation: &Activation,
) {
    if signal != libc::SIGSEGV && signal != libc::SIGBUS {
        return;
    }
    // SAFETY: the signal is one of those that have an address.
    let address = unsafe { fault.si_addr() } as usize;
    // Other codes, as for an address that is no address at all, come without one.
    let has_address = matches!(fault.si_code, SEGV_MAPERR | SEGV_ACCERR);
    // SAFETY: the guest was entered with exclusive use of the store, and only looks at it.
    let store = unsafe { activation.store.as_ref() };
    if !has_address || !may_fault(store, kind, address) {
        report_and_abort(program_counter, address);
    }
}

const SEGV_MAPERR: c_int = 1;
const SEGV_ACCERR: c_int = 2;

fn may_fault(store: &StoreInner, kind: TrapKind, address: usize) -> bool {
    let in_guard = || {
        store
            .memories
            .iter()
            .any(|memory| memory.is_guarded(address))
    };
    address < NULL_PAGE_BYTES || (kind == TrapKind::MemoryOutOfBounds && in_guard())
}

#[cold]
fn report_and_abort(program_counter: usize, address: usize) -> ! {
    let mut report = Report::default();
    report.text(b"ahead: guest code at ");
    report.address(program_counter);
    report.text(b" faulted at address ");
    report.address(address);
    report.text(
        b", which is in no memory of it. Its sandbox may be broken, so the process ends here.\n",
    );
    // SAFETY: writes bytes of a live buffer.
    unsafe {
        libc::write(
            libc::STDERR_FILENO,
            report.bytes.as_ptr().cast(),
            report.length,
        )
    };
    // SAFETY: does not return.
    unsafe { libc::abort() }
}

/// A message that is put together without allocation.
struct Report {
    bytes: [u8; 256],
    length: usize,
}

impl Default for Report {
    fn default() -> Self {
        Report {
            bytes: [0; 256],
            length: 0,
        }
    }
}

impl Report {
    fn text(&mut self, text: &[u8]) {
        for &byte in text {
            if let Some(place) = self.bytes.get_mut(self.length) {
                *place = byte;
                self.length += 1;
            }
        }
    }

    fn address(&mut self, address: usize) {
        self.text(b"0x");
        for shift in (0..16).rev() {
            self.text(&[b"0123456789abcdef"[address >> (shift * 4) & 15]]);
        }
    }
}

/// Does what would have been done without us.
///
/// # Safety
/// Called by a signal handler with its own arguments; `layer` is its own.
unsafe fn chain(mut layer: usize, signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    let Some(index) = SIGNALS.iter().position(|&known| known == signal) else {
        return;
    };
    loop {
        // SAFETY: written before the handler was installed.
        let previous = unsafe { (*PREVIOUS.0[index][layer].get()).assume_init_ref() };
        // SAFETY: as for this function.
        unsafe { call_previous(previous, signal, info, context) };
        if layer == 0 || !gave_up(signal, layer) {
            return;
        }
        layer -= 1;
    }
}

/// Whether who is below a layer of ours has put back what he had found: the layer below.
fn gave_up(signal: c_int, layer: usize) -> bool {
    let mut current = MaybeUninit::<sigaction>::uninit();
    // SAFETY: asks for the current handler, which may be done in a signal handler.
    if unsafe { sigaction(signal, ptr::null(), current.as_mut_ptr()) } != 0 {
        return false;
    }
    // SAFETY: the call above has written it.
    layer_of(unsafe { current.assume_init_ref() }).is_some_and(|found| found < layer)
}

/// Does what `previous` would have done.
///
/// # Safety
/// Called by a signal handler with its own arguments.
unsafe fn call_previous(
    previous: &sigaction,
    signal: c_int,
    info: *mut siginfo_t,
    context: *mut c_void,
) {
    // SAFETY: the kernel passes it.
    let was_sent = unsafe { (*info).si_code } <= 0;
    match previous.sa_sigaction {
        libc::SIG_IGN if was_sent => {}
        libc::SIG_DFL | libc::SIG_IGN => {
            // A fault happens again on return, now without us; what was sent has to be sent again.
            // SAFETY: restores what was there.
            unsafe { sigaction(signal, previous, ptr::null_mut()) };
            if was_sent {
                // SAFETY: the default action of a signal of this process's own.
                unsafe { libc::raise(signal) };
            }
        }
        handler => {
            if previous.sa_flags & libc::SA_RESETHAND != 0 {
                // SAFETY: plain data, all zero is the default action.
                let default: sigaction = unsafe { std::mem::zeroed() };
                // SAFETY: what the kernel would have done before it called this handler.
                unsafe { sigaction(signal, &default, ptr::null_mut()) };
            }
            // SAFETY: the handler's own flags say which form it has.
            unsafe { call_handler(handler, previous, signal, info, context) };
        }
    }
}

/// Calls a handler under the signal mask it asked for.
///
/// # Safety
/// `handler` must be that of `previous`, which is neither the default nor to be ignored.
unsafe fn call_handler(
    handler: usize,
    previous: &sigaction,
    signal: c_int,
    info: *mut siginfo_t,
    context: *mut c_void,
) {
    let mut mask = previous.sa_mask;
    if previous.sa_flags & libc::SA_NODEFER == 0 {
        // SAFETY: adds to a copy of a valid set.
        unsafe { libc::sigaddset(&mut mask, signal) };
    }
    // SAFETY: plain data, filled by the next call.
    let mut before = unsafe { std::mem::zeroed() };
    // SAFETY: both sets are valid.
    unsafe { libc::pthread_sigmask(libc::SIG_BLOCK, &mask, &mut before) };
    if previous.sa_flags & libc::SA_SIGINFO != 0 {
        // SAFETY: a handler with `SA_SIGINFO` has this form.
        let handler: extern "C" fn(c_int, *mut siginfo_t, *mut c_void) =
            unsafe { std::mem::transmute(handler) };
        handler(signal, info, context);
    } else {
        // SAFETY: a handler without it has that form.
        let handler: extern "C" fn(c_int) = unsafe { std::mem::transmute(handler) };
        handler(signal);
    }
    // SAFETY: the mask of before.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &before, ptr::null_mut()) };
}

thread_local! {
    static PREPARED: Cell<bool> = const { Cell::new(false) };
    static SIGNAL_STACK: Cell<Option<SignalStack>> = const { Cell::new(None) };
}

/// Sees to it that this thread can handle a fault: a guest may fault with no stack left.
#[inline]
pub(super) fn prepare_thread() {
    if !PREPARED.get() {
        prepare_thread_once();
    }
}

#[cold]
fn prepare_thread_once() {
    PREPARED.set(true);
    stack::bounds();
    let needed = match current_signal_stack() {
        Some(current) => {
            current.ss_flags & libc::SS_DISABLE != 0 || current.ss_size < SIGNAL_STACK_BYTES
        }
        None => false,
    };
    if needed && let Some(ours) = SignalStack::install() {
        // In a thread that is ending already there is nobody to take it down again: leave it.
        let _ = SIGNAL_STACK.try_with(|stack| stack.set(Some(ours)));
    }
}

/// Enough for the kernel's frame with all vector registers, ours, and a chained handler's.
const SIGNAL_STACK_BYTES: usize = 64 * 1024;

fn current_signal_stack() -> Option<libc::stack_t> {
    // SAFETY: plain data, filled by the next call.
    let mut current = unsafe { std::mem::zeroed() };
    // SAFETY: only asks.
    (unsafe { libc::sigaltstack(ptr::null(), &mut current) } == 0).then_some(current)
}

/// A thread's signal stack with an inaccessible page below it.
struct SignalStack {
    mapping: crate::sys::Mapping,
    before: libc::stack_t,
}

impl SignalStack {
    fn install() -> Option<Self> {
        let guard = crate::sys::page_bytes();
        let mapping = crate::sys::Mapping::reserve(guard + SIGNAL_STACK_BYTES).ok()?;
        mapping.make_writable(guard, SIGNAL_STACK_BYTES).ok()?;
        let ours = libc::stack_t {
            ss_sp: mapping.base().wrapping_add(guard).cast(),
            ss_flags: 0,
            ss_size: SIGNAL_STACK_BYTES,
        };
        // SAFETY: plain data, filled by the next call.
        let mut before = unsafe { std::mem::zeroed() };
        // SAFETY: the range is mapped, writable, and ours until it is taken down again.
        let installed = unsafe { libc::sigaltstack(&ours, &mut before) } == 0;
        installed.then_some(SignalStack { mapping, before })
    }
}

impl Drop for SignalStack {
    fn drop(&mut self) {
        let ours = self.mapping.base().wrapping_add(crate::sys::page_bytes());
        match current_signal_stack() {
            // SAFETY: what was there before us.
            Some(current) if current.ss_sp == ours.cast() => unsafe {
                libc::sigaltstack(&self.before, ptr::null_mut());
            },
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_cut_rather_than_overrun() {
        let mut report = Report::default();
        report.address(0x1f3a);
        assert_eq!(&report.bytes[..report.length], b"0x0000000000001f3a");
        for _ in 0..100 {
            report.text(b"0123456789");
        }
        assert_eq!(report.length, report.bytes.len());
    }

    #[test]
    fn threads_get_and_lose_a_signal_stack() {
        let check = || {
            prepare_thread();
            let current = current_signal_stack().unwrap();
            assert!(
                current.ss_flags & libc::SS_DISABLE == 0 && current.ss_size >= SIGNAL_STACK_BYTES
            );
        };
        for _ in 0..3 {
            std::thread::spawn(check).join().unwrap();
        }
    }
}
