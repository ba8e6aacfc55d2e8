//! What concerns the whole process: the log.

use super::{ModuleBuffer, call};
use ahead_proxy_wasm::abi::LogLevel;

/// Writes a line to Envoy's log.
pub fn log(level: LogLevel, message: &[u8]) {
    call!(log(level.number(), ModuleBuffer::of(message)));
}

/// The least severe level that Envoy writes for dynamic modules.
pub fn log_level() -> LogLevel {
    if let Some(level) = call!(get_log_level()) {
        return LogLevel::from_number(level).unwrap_or(LogLevel::Critical);
    }
    let written = |level: &&LogLevel| call!(log_enabled(level.number())).unwrap_or(true);
    *LogLevel::ALL
        .iter()
        .find(written)
        .unwrap_or(&LogLevel::Critical)
}
