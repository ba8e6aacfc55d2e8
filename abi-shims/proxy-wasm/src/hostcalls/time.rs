//! Section `time`: the clock, and ticks.

use crate::abi::Status;
use crate::context::Tick;
use crate::effect::Outcome;
use crate::host::ProxyHost;
use crate::state::Call;
use std::time::{Duration, Instant, SystemTime};

/// Writes the time, in nanoseconds since 1970, to `return_time` as a `u64`.
pub(crate) fn proxy_get_current_time_nanoseconds<H: ProxyHost>(
    call: &mut Call<'_, H>,
    return_time: u32,
) -> Outcome {
    let now = nanoseconds_since_1970(call.state().host.now());
    call.write_u64(return_time, now)
}

pub(crate) fn nanoseconds_since_1970(time: SystemTime) -> u64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    let nanoseconds = since.map_or(0, |since| since.as_nanos());
    u64::try_from(nanoseconds).unwrap_or(u64::MAX)
}

/// Makes the root context of the effective context tick every `tick_period` milliseconds; 0 ends it.
/// `BadArgument` while the VM starts and there is no root context.
pub(crate) fn proxy_set_tick_period_milliseconds<H: ProxyHost>(
    call: &mut Call<'_, H>,
    tick_period: u32,
) -> Outcome {
    let state = call.state();
    let root = state.root()?;
    let root = state.contexts.root_mut(root).ok_or(Status::BadArgument)?;
    let period = Duration::from_millis(u64::from(tick_period));
    root.tick = (tick_period > 0).then(|| Tick {
        period,
        due: Instant::now() + period,
    });
    state.host.ticks_changed();
    Ok(())
}
