//! A filter's ways into Envoy: Envoy's own host with V8, and our adapter. An Envoy has one listener for each scenario.

use ahead_tests::envoy::configuration::{Bootstrap, http_listener, v8_http};
use ahead_tests::envoy::{Envoy, LogLine};
use ahead_tests::filters::{Built, LogScope, Outcome, Route, Scenario, perform};
use ahead_tests::upstream::Upstream;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

/// Which host a filter runs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    V8,
}

impl Host {
    /// The filter in an Envoy's configuration.
    fn http_filter(self, scenario: &Scenario, module: &Path) -> Value {
        match self {
            Host::V8 => v8_http(&scenario.plugin, module),
        }
    }
}

/// What comes of each scenario, by name: of all whose modules could be built.
pub fn outcomes(program: &Path, host: Host, scenarios: &[Scenario]) -> BTreeMap<String, Outcome> {
    let built = Built::new(scenarios);
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
        let module = built.module(&scenario.source).expect("it was looked up");
        let filter = host.http_filter(scenario, module);
        let listener = http_listener(&scenario.name, &[filter]);
        bootstrap.listeners.push(listener);
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
        let messages = log.iter().filter_map(|line| message_of(scenario, line));
        messages.filter(|message| message.contains(text)).count()
    }

    fn log_tail(&self) -> String {
        self.envoy.log_tail()
    }

    fn wait_until_idle(&mut self) {
        self.envoy.wait_until_idle();
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
