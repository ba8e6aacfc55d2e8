//! The driver of filters and its proxy, compiled against our host on wasmtime: the same sources as in `ahead-bench`,
//! where `abi` is our host on our own runtime.

pub(crate) use ahead_bench::filter::{LoadedFilter, RunningFilter, mix};
pub(crate) use ahead_bench::fingerprint;
pub(crate) use ahead_proxy_wasm_on_wasmtime as abi;

#[path = "../../../../bench/src/filter/driver.rs"]
pub mod driver;
#[path = "../../../../bench/src/filter/proxy.rs"]
pub mod proxy;
