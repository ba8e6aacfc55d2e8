//! One callback of a filter that tells what hostcalls answered: statuses as messages of level `Trace`, values as they
//! are.

use crate::host::{MemoryHost, MemoryStream, vm};
use ahead_proxy_wasm::abi::Status;
use ahead_proxy_wasm::{Filter, PluginConfig};
use std::sync::Arc;

/// The plugin of these filters.
pub fn plugin() -> PluginConfig {
    PluginConfig {
        name: "plugin".into(),
        root_id: "root".into(),
        vm_id: "vm".into(),
        vm_configuration: b"of the VM".into(),
        configuration: b"of the plugin".into(),
        ..PluginConfig::default()
    }
}

/// The request that they see.
pub fn request() -> MemoryStream {
    MemoryStream::request(&[
        (":method", "GET"),
        (":path", "/path"),
        (":authority", "example.com"),
        ("x-a", "b"),
        ("x-a", "second"),
        ("x-empty", ""),
    ])
}

/// What a filter told since the last time: statuses by name, values and numbers as they are.
pub fn told(host: &mut MemoryHost) -> Vec<String> {
    let log = std::mem::take(&mut host.log);
    log.iter()
        .map(|line| {
            let (level, text) = line.split_once(' ').expect("a level and a text");
            match (level, text.parse().ok().and_then(Status::from_number)) {
                ("Trace", Some(status)) => format!("{status:?}"),
                _ => text.to_owned(),
            }
        })
        .collect()
}

/// What a filter tells when a request's headers come, and then on a tick.
pub fn of(filter: &Filter<MemoryHost>) -> Vec<String> {
    let config = plugin();
    let mut vm = vm(filter, config.clone());
    let root = vm.start_root(&Arc::new(config)).expect("it starts");
    let stream = vm.open_stream(root, request()).expect("a stream");
    vm.on_request_headers(stream, 6, false).expect("no trap");
    vm.on_tick(root).expect("no trap");
    told(vm.host_mut())
}
