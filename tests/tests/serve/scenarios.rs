//! Scenarios of `tests/filters` in `ahead serve`, compared with what Envoy's own host did.
//!
//! What both proxies add to messages by themselves is left out first. Where filters see a difference, and why, is in
//! `tests/filters/differences-serve.txt`.

use ahead_tests::ahead;
use ahead_tests::envoy::configuration::Failure;
use ahead_tests::filters::{Built, Differences, Outcome, Route, Scenario, folder, perform};
use ahead_tests::http::Message;
use ahead_tests::serve::Serve;
use ahead_tests::upstream::Upstream;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

/// Scenarios in which the proxy has the greater part; in others the ABI's own crate has.
const ABOUT_THE_PROXY: [&str; 21] = [
    "abi_0_1_0",
    "add_header_map_value",
    "close_stream",
    "continue_stream",
    "done",
    "get_log_level",
    "get_property",
    "grpc_call",
    "grpc_call_failures",
    "grpc_stream",
    "http_call",
    "http_call_failures",
    "log",
    "metrics",
    "remove_header_map_value",
    "replace_header_map_value",
    "set_effective_context",
    "set_property",
    "set_tick_period_milliseconds",
    "shared_data",
    "start",
];

/// A proxy with the filter of one scenario.
struct Running(Serve);

impl Running {
    fn start(scenario: &Scenario, module: &Path, upstream: &Upstream) -> Running {
        let url = format!("upstream=h2c://{}", upstream.address());
        let plugin = &scenario.plugin;
        let fail = match plugin.failure {
            Failure::Closed => "closed",
            Failure::Open => "open",
            Failure::Reload => "reload",
        };
        let mut args: Vec<String> = [
            "--workers",
            "1",
            "--log-level",
            "info",
            "--no-watch",
            "--no-forwarded-for",
            "--no-request-id",
            "--timeout",
            "10s",
        ]
        .map(str::to_owned)
        .to_vec();
        args.extend([
            "--upstream".into(),
            url,
            "--filter".into(),
            module.to_str().unwrap().into(),
        ]);
        for (option, value) in [
            ("--name", plugin.name.as_str()),
            ("--root-id", &plugin.root_id),
            ("--vm-id", &plugin.vm_id),
            ("--config", &plugin.configuration),
            ("--vm-config", &plugin.vm_configuration),
            ("--fail", fail),
        ] {
            args.extend([option.to_owned(), value.to_owned()]);
        }
        for (name, value) in &plugin.environment {
            args.extend(["--env".into(), format!("{name}={value}")]);
        }
        Running(Serve::start(Command::new(ahead()), args))
    }
}

impl Route for Running {
    fn address(&self, _: &Scenario) -> SocketAddr {
        self.0.address()
    }

    /// Filters' statistics under the names that Envoy gives them.
    fn stats(&mut self, pattern: &str) -> BTreeMap<String, String> {
        let stats = self.0.stats().into_iter();
        let own = stats.filter_map(|(name, value)| {
            let name = name.strip_prefix("wasmcustom_")?;
            // Envoy shows a histogram that is not flushed yet as empty.
            let histogram = ["_bucket{", "_sum", "_count"]
                .iter()
                .any(|part| name.contains(part));
            (!histogram).then(|| (format!("wasmcustom.{name}"), value))
        });
        own.filter(|(name, _)| name.contains(pattern.trim_matches(['^', '$'])))
            .collect()
    }

    fn messages(&mut self, scenario: &Scenario, text: &str) -> usize {
        let log = self.0.log();
        let messages = messages(scenario, &log);
        messages
            .iter()
            .filter(|message| message.contains(text))
            .count()
    }

    fn wait_until_idle(&mut self) {
        self.0.wait_until_idle();
    }

    /// Clients have another authority than filters.
    fn is_forwarded(&self, message: &Message) -> bool {
        message.header(":authority") == Some("test")
    }
}

/// What the filter logged once the proxy served: `level message`, as in an outcome.
fn messages(scenario: &Scenario, log: &[String]) -> Vec<String> {
    let plugin = &scenario.plugin;
    let mut who = plugin.name.clone();
    for id in [&plugin.root_id, &plugin.vm_id] {
        if !id.is_empty() {
            who += &format!(" {id}");
        }
    }
    let served = log.iter().skip_while(|line| !line.starts_with("workers "));
    let message = |line: &String| {
        let (level, text) = line.split_once("] ")?.1.split_once(' ')?;
        let text = text.trim_start().strip_prefix(&who)?.strip_prefix(": ")?;
        let level = if level == "warn" { "warning" } else { level };
        // What our log escapes and Envoy's does not.
        let text = text.replace("\\n", "\n").replace("\\u{0}", "\0");
        Some(format!("{level} {text}"))
    };
    served.filter_map(message).collect()
}

/// An outcome without what proxies add of their own accord.
fn comparable(outcome: &str) -> String {
    const ADDED: [&str; 8] = [
        "x-listener: ",
        "x-forwarded-for: ",
        "x-forwarded-proto: ",
        "x-request-id: ",
        "x-envoy-",
        "server: ",
        // Proxies count what they know the length of.
        "content-length: ",
        "via: ",
    ];
    let added = |line: &&str| {
        ADDED
            .iter()
            .any(|added| line.trim_start().starts_with(added))
    };
    let kept = outcome.lines().filter(|line| !added(line));
    kept.map(|line| format!("{line}\n")).collect()
}

fn outcome(scenario: &Scenario, module: &Path) -> Outcome {
    let upstream = Upstream::start();
    let mut running = Running::start(scenario, module, &upstream);
    let mut outcome = perform(scenario, &mut running, &upstream);
    outcome.log = messages(scenario, &running.0.stop().log);
    outcome
}

#[test]
fn filters_see_what_they_see_in_envoy() {
    let differences = folder().join("differences-serve.txt");
    let differences = Differences::parse(&std::fs::read_to_string(differences).unwrap());
    let mut scenarios = Scenario::all();
    let about = |name: &str| {
        let name = name.strip_prefix("hostcalls/");
        name.is_some_and(|name| ABOUT_THE_PROXY.contains(&name))
    };
    scenarios.retain(|scenario| about(&scenario.name));
    let built = Built::new(&scenarios);
    let (mut compared, mut failures) = (0, Vec::new());
    for scenario in &scenarios {
        let Some(module) = built.module(&scenario.source) else {
            continue;
        };
        let ours = outcome(scenario, module).to_string();
        let theirs = folder().join(format!("{}.expected", scenario.name));
        let theirs = std::fs::read_to_string(theirs).unwrap();
        let judged = differences.judge(&scenario.name, &comparable(&theirs), &comparable(&ours));
        failures.extend(judged.err().map(|why| format!("{}\n{why}", scenario.name)));
        compared += 1;
    }
    assert_eq!(compared, ABOUT_THE_PROXY.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
