//! What a Proxy-Wasm filter costs, without a proxy: a VM, a call into it, a hostcall, a whole request. The proxy is a
//! list of headers in memory, so that what is measured is ours.

use super::progress;
use crate::report::{Row, Suite, Unit};
use ahead_bench::engines::ahead;
use ahead_bench::filter::proxy::{Proxy, Stream};
use ahead_bench::statistics::Times;
use ahead_proxy_wasm::{ContextId, Filter, PluginConfig, Shared, Vm};
use anyhow::{Context, Result};
use std::sync::Arc;
use std::time::Instant;

/// Hostcalls in one callback, where one is measured.
const CALLS: u32 = 1000;

/// VMs or requests in one measurement.
const REPEATED: u32 = 200;

pub fn measure_all(rounds: usize) -> Result<Suite> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("filter.so");
    let wasm = wat::parse_str(FILTER)?;
    std::fs::write(&path, ahead::compile(&wasm, ahead::Variant::Guard)?)?;
    let filter = Filter::new(ahead::load(&path)?)?;
    let mut bench = Bench::new(&filter)?;
    let mut rows = Vec::new();
    type Measured = (&'static str, u32, fn(&mut Bench) -> Result<()>);
    let measured: [Measured; 7] = [
        ("a VM with a plugin", REPEATED, Bench::vms),
        ("a call into the filter", CALLS, Bench::ticks),
        ("a hostcall that does nothing", CALLS, |bench| {
            bench.headers(1)
        }),
        ("a header that is not there", CALLS, |bench| {
            bench.headers(2)
        }),
        ("a header's value", CALLS, |bench| bench.headers(3)),
        ("a header replaced", CALLS, |bench| bench.headers(4)),
        ("a request with 27 hostcalls", REPEATED, Bench::requests),
    ];
    for (subject, count, measure) in measured {
        progress(&format!("filter: {subject}"));
        let mut times = Times::default();
        for _ in 0..rounds {
            let start = Instant::now();
            measure(&mut bench)?;
            times.push(start.elapsed());
        }
        let least = times.least().unwrap_or_default().as_secs_f64();
        rows.push(Row {
            subject: subject.into(),
            quantity: "each",
            unit: Unit::Seconds,
            ours: least / f64::from(count),
            theirs: None,
        });
    }
    Ok(Suite {
        name: "filter",
        title: format!("least of {rounds} times {CALLS} or {REPEATED} in a row"),
        ours: "ahead",
        theirs: "no peer".into(),
        rows,
        targets: Vec::new(),
    })
}

/// A filter whose `proxy_on_request_headers` does one of several things, by its number of headers.
const FILTER: &str = r#"(module
  (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_header_map_value"
    (func $get (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_replace_header_map_value"
    (func $replace (param i32 i32 i32 i32 i32) (result i32)))
  (import "env" "proxy_remove_header_map_value" (func $remove (param i32 i32 i32) (result i32)))
  (import "env" "proxy_get_property" (func $property (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 2)
  (data (i32.const 16) "x-measured" "x-missing!" "plugin_name")
  (func (export "proxy_abi_version_0_2_1"))
  (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
  (func (export "proxy_on_context_create") (param i32 i32))
  (func (export "proxy_on_tick") (param i32))
  (func $nothing (drop (call $log (i32.const 0) (i32.const 16) (i32.const 10))))
  (func $missing
    (drop (call $get (i32.const 0) (i32.const 26) (i32.const 10) (i32.const 0) (i32.const 4))))
  (func $value
    (drop (call $get (i32.const 0) (i32.const 16) (i32.const 10) (i32.const 0) (i32.const 4))))
  (func $change
    (drop (call $replace (i32.const 0) (i32.const 16) (i32.const 10) (i32.const 16) (i32.const 10))))
  (func (export "proxy_on_request_headers") (param $id i32) (param $what i32) (param i32) (result i32)
    (local $left i32)
    (if (i32.eq (local.get $what) (i32.const 5)) (then (call $request) (return (i32.const 0))))
    (local.set $left (i32.const 1000))
    (loop $again
      (block $done (block $4 (block $3 (block $2 (block $1
        (br_table $1 $1 $2 $3 $4 $1 (local.get $what)))
        (call $nothing) (br $done))
        (call $missing) (br $done))
        (call $value) (br $done))
        (call $change))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.const 0))
  (func $request (local $left i32)
    (local.set $left (i32.const 5))
    (loop $again
      (call $value) (call $value) (call $missing) (call $change)
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (drop (call $property (i32.const 36) (i32.const 11) (i32.const 0) (i32.const 4))))
  (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
    (call $value) (call $value) (call $missing) (call $change) (call $change) (i32.const 0))
  (func (export "proxy_on_log") (param i32) (call $nothing))
  (func (export "proxy_on_done") (param i32) (result i32) (i32.const 1))
  (func (export "proxy_on_delete") (param i32)))"#;

struct Bench {
    filter: Filter<Proxy>,
    config: Arc<PluginConfig>,
    shared: Arc<Shared>,
    vm: Vm<Proxy>,
    root: ContextId,
    stream: ContextId,
}

impl Bench {
    fn new(filter: &Filter<Proxy>) -> Result<Self> {
        let config = Arc::new(PluginConfig::default());
        let shared = Shared::new();
        let mut vm = Vm::new(filter, &config, &shared, || {}, Proxy::default())?;
        let root = vm.start_root(&config)?;
        let stream = vm.open_stream(root, some_headers())?;
        Ok(Bench {
            filter: filter.clone(),
            config,
            shared,
            vm,
            root,
            stream,
        })
    }

    fn vms(&mut self) -> Result<()> {
        for _ in 0..REPEATED {
            let mut vm = Vm::new(
                &self.filter,
                &self.config,
                &self.shared,
                || {},
                Proxy::default(),
            )?;
            vm.start_root(&self.config)?;
        }
        Ok(())
    }

    fn ticks(&mut self) -> Result<()> {
        for _ in 0..CALLS {
            self.vm.on_tick(self.root)?;
        }
        Ok(())
    }

    fn headers(&mut self, what: u32) -> Result<()> {
        self.vm.on_request_headers(self.stream, what, true)?;
        Ok(())
    }

    fn requests(&mut self) -> Result<()> {
        for _ in 0..REPEATED {
            let id = self.vm.open_stream(self.root, some_headers())?;
            self.vm.on_request_headers(id, 5, true)?;
            self.vm.on_response_headers(id, 0, true)?;
            self.vm.on_log(id)?;
            self.vm.close_stream(id).context("an open stream")?;
        }
        Ok(())
    }
}

/// A stream with six headers.
fn some_headers() -> Stream {
    let names = [
        ":method",
        ":path",
        ":authority",
        "user-agent",
        "accept",
        "x-measured",
    ];
    let header = |name: &&str| (name.as_bytes().to_vec(), b"a value of some bytes".to_vec());
    let mut stream = Stream::default();
    stream.maps[0] = names.iter().map(header).collect();
    stream
}

#[cfg(test)]
mod tests {
    #[test]
    fn everything_can_be_measured() {
        let suite = super::measure_all(1).unwrap();
        assert_eq!(suite.rows.len(), 7);
        assert!(suite.rows.iter().all(|row| row.ours > 0.0));
    }
}
