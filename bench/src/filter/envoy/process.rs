//! An Envoy with one worker and, or not, a filter in it.

use super::Host;
use crate::filter::Mix;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// One that takes longer to serve is broken.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Envoy {
    child: Child,
    folder: TempDir,
    pub listener: SocketAddr,
}

impl Envoy {
    pub fn start(program: &Path, host: &Host, mix: &Mix, server: SocketAddr) -> Result<Envoy> {
        let folder = tempfile::tempdir()?;
        // Envoy does not tell where it listens without being asked over HTTP, so it is given a port that was free.
        let listener = free_port()?;
        let file = folder.path().join("envoy.json");
        let text = configuration(host, mix, listener, server).to_string();
        std::fs::write(&file, text)?;
        let log = File::create(folder.path().join("log"))?;
        let child = Command::new(program)
            .args(["--disable-hot-restart", "--concurrency", "1"])
            .args(["--log-level", "warning", "--config-path"])
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start `{}`", program.display()))?;
        let mut envoy = Envoy {
            child,
            folder,
            listener,
        };
        envoy.wait_until_it_serves()?;
        Ok(envoy)
    }

    fn wait_until_it_serves(&mut self) -> Result<()> {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                bail!("it ended before it served: {status}: {}", self.complaint());
            }
            if std::net::TcpStream::connect(self.listener).is_ok() {
                return Ok(());
            }
            ensure!(start.elapsed() < PATIENCE, "it does not come to serve");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The last line of its log, for a message.
    pub fn complaint(&self) -> String {
        let log = std::fs::read(self.folder.path().join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log).into_owned();
        let last = log.lines().rfind(|line| !line.trim().is_empty());
        let last = last.unwrap_or("it said nothing");
        last.replace(char::is_control, "\u{fffd}")
    }

    /// CPU time of the thread that serves, in nanoseconds.
    pub fn worker_cpu_ns(&self) -> Result<u64> {
        for thread in self.threads()? {
            let name = std::fs::read_to_string(thread.join("comm")).unwrap_or_default();
            if name.starts_with("wrk:worker_0") {
                return cpu_ns(&thread);
            }
        }
        bail!("it has no thread `wrk:worker_0`")
    }

    /// CPU time of all threads that there are.
    pub fn cpu_ns(&self) -> Result<u64> {
        let threads = self.threads()?;
        // One may be gone by now.
        Ok(threads
            .iter()
            .filter_map(|thread| cpu_ns(thread).ok())
            .sum())
    }

    fn threads(&self) -> Result<Vec<PathBuf>> {
        let entries = std::fs::read_dir(format!("/proc/{}/task", self.child.id()))?;
        Ok(entries.flatten().map(|entry| entry.path()).collect())
    }

    pub fn resident_bytes(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        Ok(kilobytes.context("no VmRSS")?.parse::<u64>()? * 1024)
    }
}

impl Drop for Envoy {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn cpu_ns(thread: &Path) -> Result<u64> {
    let text = std::fs::read_to_string(thread.join("schedstat"))?;
    let first = text.split_whitespace().next();
    Ok(first.context("no CPU time")?.parse()?)
}

fn free_port() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?)
}

fn any(kind: &str, mut value: Value) -> Value {
    value["@type"] = format!("type.googleapis.com/{kind}").into();
    value
}

fn text(value: &str) -> Value {
    any("google.protobuf.StringValue", json!({ "value": value }))
}

fn address(of: SocketAddr) -> Value {
    json!({ "socket_address": { "address": of.ip().to_string(), "port_value": of.port() } })
}

fn configuration(host: &Host, mix: &Mix, listener: SocketAddr, server: SocketAddr) -> Value {
    let router = any("envoy.extensions.filters.http.router.v3.Router", json!({}));
    let mut filters = Vec::from_iter(filter(host, mix));
    filters.push(json!({ "name": "envoy.filters.http.router", "typed_config": router }));
    let manager = any(
        "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        json!({
            "stat_prefix": "measured",
            "generate_request_id": false,
            "http_filters": filters,
            "route_config": { "virtual_hosts": [{
                "name": "host",
                "domains": ["*"],
                "routes": [{ "match": { "prefix": "/" }, "route": { "cluster": "server" } }],
            }] },
        }),
    );
    let chain = json!({ "filters": [{
        "name": "envoy.filters.network.http_connection_manager",
        "typed_config": manager,
    }] });
    let endpoint = json!({ "endpoint": { "address": address(server) } });
    json!({ "static_resources": {
        "listeners": [{
            "name": "measured",
            "address": address(listener),
            "filter_chains": [chain],
        }],
        "clusters": [{
            "name": "server",
            "type": "STATIC",
            "connect_timeout": "5s",
            "load_assignment": {
                "cluster_name": "server",
                "endpoints": [{ "lb_endpoints": [endpoint] }],
            },
        }],
    } })
}

fn filter(host: &Host, mix: &Mix) -> Option<Value> {
    match host {
        Host::Nothing => None,
        Host::V8 { module } => Some(json!({
            "name": "envoy.filters.http.wasm",
            "typed_config": any("envoy.extensions.filters.http.wasm.v3.Wasm", json!({ "config": {
                "name": "measured",
                "root_id": mix.root_id,
                "configuration": text(&mix.configuration),
                "vm_config": {
                    "runtime": "envoy.wasm.runtime.v8",
                    "code": { "local": { "filename": module } },
                    "configuration": text(&mix.vm_configuration),
                },
            } })),
        })),
        Host::Ahead { adapter, artefact } => {
            let configuration = json!({
                "name": "measured",
                "root_id": mix.root_id,
                "configuration": mix.configuration,
                "vm_configuration": mix.vm_configuration,
                "artifact": artefact,
            });
            Some(json!({
                "name": "envoy.filters.http.dynamic_modules",
                "typed_config": any(
                    "envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter",
                    json!({
                        "dynamic_module_config": {
                            "module": { "local": { "filename": adapter } },
                            "do_not_close": true,
                        },
                        "filter_name": "measured",
                        "filter_config": text(&configuration.to_string()),
                    }),
                ),
            }))
        }
    }
}
