//! Section `log`: `proxy_log`, `proxy_get_log_level`. What a guest writes to its standard streams comes here too.

use crate::abi::{LogLevel, Status};
use crate::effect::Outcome;
use crate::host::{LogMessage, ProxyHost};
use crate::state::{Call, State};
use std::time::{Duration, Instant};

/// Logs the message. `BadArgument` for an unknown level.
///
/// A message below the proxy's level costs no more than a comparison; one that is longer than the limit is cut;
/// when there are too many in a second, the rest is counted and their number is logged later.
pub(crate) fn proxy_log<H: ProxyHost>(
    call: &mut Call<'_, H>,
    log_level: u32,
    message_data: u32,
    message_size: u32,
) -> Outcome {
    let level = LogLevel::from_number(log_level).ok_or(Status::BadArgument)?;
    let (memory, state) = call.parts();
    let message = memory.slice(message_data, message_size)?;
    write(state, level, message);
    Ok(())
}

/// Writes the least severe level that is logged to `return_log_level`.
pub(crate) fn proxy_get_log_level<H: ProxyHost>(
    call: &mut Call<'_, H>,
    return_log_level: u32,
) -> Outcome {
    let level = call.state().host.log_level();
    call.write_u32(return_log_level, level.number())
}

/// Logs in the name of the effective context's plugin.
pub(crate) fn write<H: ProxyHost>(state: &mut State<H>, level: LogLevel, text: &[u8]) {
    if level < state.host.log_level() {
        return;
    }
    let limits = &state.config.limits;
    let (text, per_second) = (
        &text[..text.len().min(limits.log_bytes_max)],
        limits.log_messages_per_second,
    );
    let Some(dropped) = state.log_budget.take(per_second) else {
        return;
    };
    if dropped > 0 {
        let notice =
            format!("{dropped} log messages of this filter were dropped: too many at once");
        send(state, LogLevel::Warn, notice.as_bytes());
    }
    send(state, level, text);
}

fn send<H: ProxyHost>(state: &mut State<H>, level: LogLevel, text: &[u8]) {
    let root = state.contexts.root_of(state.effective);
    let root = root.and_then(|root| state.contexts.root(root));
    let plugin = root.map_or(&state.config, |root| &root.plugin);
    state.host.log(LogMessage {
        level,
        plugin: &plugin.name,
        root_id: &plugin.root_id,
        vm_id: &plugin.vm_id,
        text,
    });
}

/// How many messages may still be logged in this second.
#[derive(Debug)]
pub(crate) struct LogBudget {
    left: u32,
    since: Option<Instant>,
    dropped: u64,
}

impl LogBudget {
    pub fn new() -> Self {
        LogBudget {
            left: 0,
            since: None,
            dropped: 0,
        }
    }

    /// Takes one message from the budget, and tells how many were dropped before it; `None` if there is none
    /// left. The clock is looked at only when the budget is used up.
    fn take(&mut self, per_second: u32) -> Option<u64> {
        if self.left == 0 {
            let now = Instant::now();
            let over = self
                .since
                .is_none_or(|since| now.duration_since(since) >= Duration::from_secs(1));
            if !over || per_second == 0 {
                self.dropped += 1;
                return None;
            }
            self.since = Some(now);
            self.left = per_second;
        }
        self.left -= 1;
        Some(std::mem::take(&mut self.dropped))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_ends_and_is_renewed() {
        let mut budget = LogBudget::new();
        assert_eq!(budget.take(2), Some(0));
        assert_eq!(budget.take(2), Some(0));
        assert_eq!(budget.take(2), None);
        assert_eq!(budget.take(2), None);
        budget.since = Instant::now().checked_sub(Duration::from_secs(2));
        assert_eq!(budget.take(2), Some(2));
        assert_eq!(LogBudget::new().take(0), None);
    }
}
