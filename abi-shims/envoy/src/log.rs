//! Envoy's log: what filters say, with the prefix that Envoy's own Wasm host gives it, and what the adapter has to say
//! itself.

use crate::sys;
use ahead_proxy_wasm::LogMessage;
use ahead_proxy_wasm::abi::LogLevel;

/// A filter's message: `wasm log PLUGIN ROOT_ID VM_ID: TEXT`.
pub fn filter(message: &LogMessage<'_>) {
    let mut line = Vec::with_capacity(message.text.len() + 64);
    line.extend_from_slice(b"wasm log");
    for part in [message.plugin, message.root_id, message.vm_id] {
        if !part.is_empty() {
            line.push(b' ');
            line.extend_from_slice(part.as_bytes());
        }
    }
    line.extend_from_slice(b": ");
    line.extend_from_slice(message.text);
    sys::log(message.level, &line);
}

pub fn error(message: &str) {
    sys::log(LogLevel::Error, format!("ahead: {message}").as_bytes());
}

pub fn warning(message: &str) {
    sys::log(LogLevel::Warn, format!("ahead: {message}").as_bytes());
}
