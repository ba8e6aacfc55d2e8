//! Filters as people write them in Rust. The root id chooses one; each has its file.

mod authorize;
mod bodies;
mod connection;
mod counts;
mod fetch;
mod grpc;
mod headers;
mod panics;
mod quota;
mod work;

use proxy_wasm::hostcalls::get_property;
use proxy_wasm::traits::RootContext;
use proxy_wasm::types::LogLevel;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| root());
}}

fn root() -> Box<dyn RootContext> {
    let root_id = get_property(vec!["plugin_root_id"]).ok().flatten().unwrap_or_default();
    match root_id.as_slice() {
        b"authorize" => Box::new(authorize::Root::default()),
        b"bodies" => Box::new(bodies::Root),
        b"connection" => Box::new(connection::Root),
        b"counts" => Box::new(counts::Root::default()),
        b"fetch" => Box::new(fetch::Root::default()),
        b"grpc" => Box::new(grpc::Root),
        b"headers" => Box::new(headers::Root::default()),
        b"panics" => Box::new(panics::Root),
        b"quota" => Box::new(quota::Root::default()),
        b"work" => Box::new(work::Root::default()),
        other => panic!("no filter `{}`", String::from_utf8_lossy(other)),
    }
}
