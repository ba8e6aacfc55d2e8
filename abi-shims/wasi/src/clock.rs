//! Section `clock`: what time it is, and the clocks that an embedder may put in the host's place.

use crate::memory::Call;
use crate::types::{Clockid, Errno};
use rustix::time::{ClockId, Timespec};
use std::fmt::Debug;

/// Where a guest's time comes from. Times and resolutions in nanoseconds.
///
/// How long a guest sleeps in `poll_oneoff` is measured by the host whatever these say, so that a clock
/// that stands still stops nothing.
pub trait Clocks: Debug + Send + Sync {
    /// The smallest difference the clock shows; not 0.
    fn resolution_ns(&self, clock: Clockid) -> Result<u64, Errno>;

    /// The clock's time: since 1970 for `Realtime`, since any one moment for the others.
    fn now_ns(&self, clock: Clockid) -> Result<u64, Errno>;
}

/// The host's clocks as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct HostClocks;

impl Clocks for HostClocks {
    fn resolution_ns(&self, clock: Clockid) -> Result<u64, Errno> {
        Ok(nanoseconds(rustix::time::clock_getres(host_clock(clock))).max(1))
    }

    fn now_ns(&self, clock: Clockid) -> Result<u64, Errno> {
        Ok(nanoseconds(rustix::time::clock_gettime(host_clock(clock))))
    }
}

fn host_clock(clock: Clockid) -> ClockId {
    match clock {
        Clockid::Realtime => ClockId::Realtime,
        Clockid::Monotonic => ClockId::Monotonic,
        Clockid::ProcessCputimeId => ClockId::ProcessCPUTime,
        Clockid::ThreadCputimeId => ClockId::ThreadCPUTime,
    }
}

/// A moment of the host's clocks; before 1970 is 0.
fn nanoseconds(time: Timespec) -> u64 {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanoseconds = u64::try_from(time.tv_nsec).unwrap_or(0);
    seconds
        .saturating_mul(1_000_000_000)
        .saturating_add(nanoseconds)
}

/// The host's monotonic clock, by which sleeps are measured.
pub(crate) fn host_monotonic_ns() -> u64 {
    nanoseconds(rustix::time::clock_gettime(ClockId::Monotonic))
}

/// Writes the resolution of clock `id` to `resolution`, as a `u64` of nanoseconds.
///
/// `inval` for a clock that the specification does not know, `fault` if `resolution` is out of bounds.
pub(crate) fn clock_res_get(call: &mut Call<'_>, id: u32, resolution: u32) -> Result<(), Errno> {
    let clock = Clockid::parse(id)?;
    let nanoseconds = call.ctx.clocks.resolution_ns(clock)?;
    call.write_u64(resolution, nanoseconds)
}

/// Writes the time of clock `id` to `time`, as a `u64` of nanoseconds. `precision` is how far off the guest
/// lets it be; we never are.
///
/// `inval` for a clock that the specification does not know, `fault` if `time` is out of bounds.
pub(crate) fn clock_time_get(
    call: &mut Call<'_>,
    id: u32,
    precision: u64,
    time: u32,
) -> Result<(), Errno> {
    let _ = precision;
    let clock = Clockid::parse(id)?;
    let nanoseconds = call.ctx.clocks.now_ns(clock)?;
    call.write_u64(time, nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_s_clocks_go_forward() {
        for clock in Clockid::ALL {
            let before = HostClocks.now_ns(*clock).unwrap();
            let after = HostClocks.now_ns(*clock).unwrap();
            assert!(before <= after, "{clock:?}");
            assert!(HostClocks.resolution_ns(*clock).unwrap() > 0, "{clock:?}");
        }
    }

    #[test]
    fn times_out_of_range_are_the_nearest() {
        let at = |tv_sec, tv_nsec| nanoseconds(Timespec { tv_sec, tv_nsec });
        assert_eq!(at(1, 5), 1_000_000_005);
        assert_eq!(at(-1, 0), 0);
        assert_eq!(at(i64::MAX, 999_999_999), u64::MAX);
    }
}
