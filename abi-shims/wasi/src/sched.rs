//! Section `sched`.

use crate::memory::Call;
use crate::types::Errno;

/// Lets others run.
pub(crate) fn sched_yield(call: &mut Call<'_>) -> Result<(), Errno> {
    let _ = call;
    rustix::thread::sched_yield();
    Ok(())
}
