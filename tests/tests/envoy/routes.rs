//! A filter's ways into Envoy: Envoy's own host with V8, and our adapter. An Envoy has one listener for each scenario.

use ahead_tests::built::libraries;
use ahead_tests::envoy::configuration::{
    Adapter, Bootstrap, ahead_http, ahead_network, cluster, helper_cluster, http_listener,
    tcp_listener, v8_http, v8_network,
};
use ahead_tests::envoy::{Envoy, LogLine};
use ahead_tests::filters::{Built, LogScope, Outcome, Route, Scenario, perform};
use ahead_tests::http::{Message, Protocol};
use ahead_tests::upstream::Upstream;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Which host a filter runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    V8,
    Ahead,
}

impl Host {
    /// What the host runs of a scenario's filter.
    ///
    /// # Panics
    /// If it was not built.
    pub fn code(self, built: &Built, scenario: &Scenario) -> PathBuf {
        let code = match self {
            Host::V8 => built.module(&scenario.source),
            Host::Ahead => built.artefact(&scenario.source),
        };
        code.expect("a filter that was built").to_owned()
    }

    /// A listener with the filter of a scenario.
    pub fn listener(self, scenario: &Scenario, module: &Path) -> Value {
        let (name, plugin) = (&scenario.name, &scenario.plugin);
        let library = adapter();
        let adapter = Adapter {
            library: &library,
            artifact: Some(module),
        };
        match (self, scenario.tcp) {
            (Host::V8, false) => http_listener(name, &[v8_http(plugin, module)]),
            (Host::V8, true) => tcp_listener(name, &[v8_network(plugin, module)]),
            (Host::Ahead, false) => http_listener(name, &[ahead_http(plugin, adapter)]),
            (Host::Ahead, true) => tcp_listener(name, &[ahead_network(plugin, adapter)]),
        }
    }
}

pub fn adapter() -> PathBuf {
    libraries().join("libahead_envoy.so")
}

/// What comes of each scenario, by name: of all whose modules could be built.
pub fn outcomes(program: &Path, host: Host, scenarios: &[Scenario]) -> BTreeMap<String, Outcome> {
    let built = match host {
        Host::V8 => Built::new(scenarios),
        Host::Ahead => Built::new(scenarios).compiled(&[]),
    };
    let scenarios: Vec<_> = scenarios
        .iter()
        .filter(|scenario| built.module(&scenario.source).is_some())
        .collect();
    let (alone, together): (Vec<_>, Vec<_>) =
        scenarios.into_iter().partition(|scenario| scenario.alone);
    let mut outcomes = BTreeMap::new();
    for group in alone.chunks(1).chain([together.as_slice()]) {
        outcomes.extend(outcomes_in_one(program, host, group, &built));
    }
    outcomes
}

fn outcomes_in_one(
    program: &Path,
    host: Host,
    scenarios: &[&Scenario],
    built: &Built,
) -> Vec<(String, Outcome)> {
    let upstream = Upstream::start();
    let mut bootstrap = Bootstrap::new(upstream.address());
    for scenario in scenarios {
        let code = host.code(built, scenario);
        bootstrap.listeners.push(host.listener(scenario, &code));
        for name in &scenario.clusters {
            let cluster = cluster(name, upstream.address(), Protocol::Http2);
            bootstrap.clusters.push(cluster);
        }
    }
    if host == Host::Ahead {
        bootstrap.clusters.push(helper_cluster(&adapter()));
    }
    let mut running = Running {
        envoy: Envoy::start(program, &bootstrap),
    };
    let mut outcomes = Vec::new();
    for scenario in scenarios {
        let outcome = perform(scenario, &mut running, &upstream);
        outcomes.push((scenario.name.clone(), outcome));
    }
    let main_thread = running.envoy.pid();
    let log = running.envoy.stop();
    for (scenario, (_, outcome)) in scenarios.iter().zip(&mut outcomes) {
        outcome.log = messages_of(scenario, main_thread, &log);
    }
    outcomes
}

/// An Envoy with the filters of some scenarios.
struct Running {
    envoy: Envoy,
}

impl Route for Running {
    fn address(&self, scenario: &Scenario) -> SocketAddr {
        self.envoy.listener(&scenario.name)
    }

    fn stats(&mut self, pattern: &str) -> BTreeMap<String, String> {
        self.envoy.stats(pattern)
    }

    fn messages(&mut self, scenario: &Scenario, text: &str) -> usize {
        let log = self.envoy.log();
        let main_thread = self.envoy.pid();
        let messages = log
            .iter()
            .filter(|line| line.thread != main_thread)
            .filter_map(|line| message_of(scenario, line));
        messages.filter(|message| message.contains(text)).count()
    }

    fn wait_until_idle(&mut self) {
        self.envoy.wait_until_idle();
    }

    /// The listeners' routes add a header.
    fn is_forwarded(&self, message: &Message) -> bool {
        message.header("x-listener").is_some()
    }
}

/// What a line of the log says, if it is a message of the scenario's filter.
fn message_of<'a>(scenario: &Scenario, line: &'a LogLine) -> Option<&'a str> {
    if !["wasm", "dynamic_modules"].contains(&line.logger.as_str()) {
        return None;
    }
    let plugin = &scenario.plugin;
    let mut rest = line.text.strip_prefix("wasm log")?;
    // A root context does not give the plugin's name.
    let named = rest
        .strip_prefix(' ')
        .and_then(|rest| rest.strip_prefix(plugin.name.as_str()));
    rest = named.unwrap_or(rest);
    for part in [&plugin.root_id, &plugin.vm_id] {
        if !part.is_empty() {
            rest = rest.strip_prefix(' ')?.strip_prefix(part.as_str())?;
        }
    }
    rest.strip_prefix(": ")
}

/// The messages of a scenario's filter that belong to the outcome.
///
/// The main thread's do not: how many instances a host makes there to see whether a configuration is good, and when,
/// is its own affair.
fn messages_of(scenario: &Scenario, main_thread: u32, log: &[LogLine]) -> Vec<String> {
    let mut by_thread: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    for line in log.iter().filter(|line| line.thread != main_thread) {
        if let Some(message) = message_of(scenario, line) {
            let mut omitted = scenario.omitted.iter();
            if omitted.any(|text| message.contains(text.as_str())) {
                continue;
            }
            let message = format!("{} {message}", line.level.name());
            by_thread.entry(line.thread).or_default().push(message);
        }
    }
    match scenario.log {
        // All requests of a scenario take one connection, so one worker has them, and says more than the others.
        LogScope::Serving => by_thread
            .into_values()
            .max_by_key(Vec::len)
            .unwrap_or_default(),
        LogScope::Sorted => {
            let mut messages: Vec<_> = by_thread.into_values().flatten().collect();
            messages.sort();
            messages
        }
    }
}
