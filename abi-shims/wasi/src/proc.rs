//! Section `proc`: the end of the guest.

use crate::memory::Call;
use crate::types::{Errno, Signal};
use ahead_runtime::Trap;

/// Ends the guest with exit code `rval`. Does not return to the guest; the embedder sees
/// [`TrapReason::Exit`](ahead_runtime::TrapReason::Exit).
pub(crate) fn proc_exit(call: &mut Call<'_>, rval: u32) -> Result<(), Trap> {
    let _ = call;
    Err(Trap::exit(rval as i32))
}

/// Raises a signal in the guest, never in the host's process. A signal that by the specification ends the
/// process ends the guest, with the exit code that a shell shows for it (128 and the host's number); one
/// that is ignored does nothing; `notsup` for one that would stop the process; `inval` for a number that is
/// no signal.
pub(crate) fn proc_raise(call: &mut Call<'_>, sig: u32) -> Result<Errno, Trap> {
    let _ = call;
    let Ok(signal) = Signal::parse(sig) else {
        return Ok(Errno::Inval);
    };
    let host_number = match signal {
        Signal::None | Signal::Pipe | Signal::Chld | Signal::Cont | Signal::Urg | Signal::Winch => {
            return Ok(Errno::Success);
        }
        Signal::Stop | Signal::Tstp | Signal::Ttin | Signal::Ttou => return Ok(Errno::Notsup),
        Signal::Hup => 1,
        Signal::Int => 2,
        Signal::Quit => 3,
        Signal::Ill => 4,
        Signal::Trap => 5,
        Signal::Abrt => 6,
        Signal::Bus => 7,
        Signal::Fpe => 8,
        Signal::Kill => 9,
        Signal::Usr1 => 10,
        Signal::Segv => 11,
        Signal::Usr2 => 12,
        Signal::Alrm => 14,
        Signal::Term => 15,
        Signal::Xcpu => 24,
        Signal::Xfsz => 25,
        Signal::Vtalrm => 26,
        Signal::Prof => 27,
        Signal::Poll => 29,
        Signal::Pwr => 30,
        Signal::Sys => 31,
    };
    Err(Trap::exit(128 + host_number))
}
