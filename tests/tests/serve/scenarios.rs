//! Scenarios of `tests/filters` in `ahead serve`, on this machine and on aarch64 under qemu, compared with what
//! Envoy's own host did.
//!
//! What both proxies add to messages by themselves is left out first. Where filters see a difference, and why, is in
//! `tests/filters/differences-serve.txt`, and also which scenarios are for Envoy alone.

use crate::aarch64;
use ahead_tests::aarch64::Aarch64;
use ahead_tests::ahead;
use ahead_tests::envoy::configuration::Failure;
use ahead_tests::filters::{
    Built, Differences, LogScope, Outcome, Route, Scenario, folder, perform,
};
use ahead_tests::golden;
use ahead_tests::http::Message;
use ahead_tests::serve::Serve;
use ahead_tests::upstream::Upstream;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A proxy with the filter of one scenario.
struct Running(Serve);

impl Running {
    fn start(program: Command, scenario: &Scenario, filter: &Path, upstream: &Upstream) -> Running {
        let plugin = &scenario.plugin;
        let fail = match plugin.failure {
            Failure::Closed => "closed",
            Failure::Open => "open",
            Failure::Reload => "reload",
        };
        // What every worker does by itself is done as often as in Envoy.
        let workers = if scenario.alone { "2" } else { "1" };
        let mut args: Vec<String> = [
            "--workers",
            workers,
            "--log-level",
            "info",
            "--no-watch",
            "--no-forwarded-for",
            "--no-request-id",
            "--timeout",
            "10s",
            "--idle-timeout",
            "3s",
        ]
        .map(str::to_owned)
        .to_vec();
        let names = scenario.clusters.iter().map(String::as_str);
        for name in ["upstream"].into_iter().chain(names) {
            let url = format!("{name}=h2c://{}", upstream.address());
            args.extend(["--upstream".into(), url]);
        }
        args.extend(["--filter".into(), filter.to_str().unwrap().into()]);
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
        Running(Serve::start(program, args))
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
        let messages = logged(scenario, &log);
        messages.filter(|message| message.contains(text)).count()
    }

    fn wait_until_idle(&mut self) {
        self.0.wait_until_idle();
    }

    /// Clients have another authority than filters.
    fn is_forwarded(&self, message: &Message) -> bool {
        message.header(":authority") == Some("test")
    }
}

/// What the filter logged once the proxy served: `level message`.
fn logged<'a>(scenario: &Scenario, log: &'a [String]) -> impl Iterator<Item = String> + 'a {
    let plugin = &scenario.plugin;
    let mut who = plugin.name.clone();
    for id in [&plugin.root_id, &plugin.vm_id] {
        if !id.is_empty() {
            who += &format!(" {id}");
        }
    }
    let served = log.iter().skip_while(|line| !line.starts_with("workers "));
    served.filter_map(move |line| {
        let (level, text) = line.split_once("] ")?.1.split_once(' ')?;
        let text = text.trim_start().strip_prefix(&who)?.strip_prefix(": ")?;
        let level = if level == "warn" { "warning" } else { level };
        // What our log escapes and Envoy's does not.
        let text = text.replace("\\n", "\n").replace("\\u{0}", "\0");
        Some(format!("{level} {text}"))
    })
}

/// What of it belongs to the outcome.
fn messages(scenario: &Scenario, log: &[String]) -> Vec<String> {
    let omitted = |message: &String| scenario.omitted.iter().any(|text| message.contains(text));
    let mut messages: Vec<_> = logged(scenario, log).collect();
    messages.retain(|message| !omitted(message));
    if scenario.log == LogScope::Sorted {
        messages.sort();
    }
    messages
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

/// Where filters run.
enum Machine {
    Native,
    Aarch64(Aarch64),
}

impl Machine {
    fn outcome(&self, scenario: &Scenario, built: &Built) -> Outcome {
        let upstream = Upstream::start();
        let (program, filter) = match self {
            Machine::Native => (Command::new(ahead()), built.module(&scenario.source)),
            Machine::Aarch64(aarch64) => (aarch64.ahead(), built.artefact(&scenario.source)),
        };
        let filter = filter.expect("a filter that was built");
        let mut running = Running::start(program, scenario, filter, &upstream);
        let mut outcome = perform(scenario, &mut running, &upstream);
        outcome.log = messages(scenario, &running.0.stop().log);
        outcome
    }
}

/// Compares all scenarios that the list does not leave to Envoy.
fn compare(machine: &Machine) {
    let path = folder().join("differences-serve.txt");
    let list = std::fs::read_to_string(&path).unwrap();
    let differences = Differences::parse(&list);
    let mut scenarios = Scenario::all();
    scenarios.retain(|scenario| !differences.leaves_out(&scenario.name));
    let built = match machine {
        Machine::Native => Built::new(&scenarios),
        Machine::Aarch64(_) => {
            // There qemu has one thread for us.
            scenarios.retain(|scenario| !scenario.alone);
            let target = ["--target", "aarch64", "--bounds", "explicit"];
            Built::new(&scenarios).compiled(&target)
        }
    };
    scenarios.retain(|scenario| built.module(&scenario.source).is_some());
    // Most of their time, proxies and clients wait for each other.
    let next = AtomicUsize::new(0);
    let compared = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(scenario) = scenarios.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let ours = machine.outcome(scenario, &built).to_string();
                    let theirs = folder().join(format!("{}.expected", scenario.name));
                    let theirs = std::fs::read_to_string(theirs).unwrap();
                    let both = (comparable(&theirs), comparable(&ours));
                    compared.lock().unwrap().insert(scenario.name.clone(), both);
                }
            });
        }
    });
    let compared = compared.into_inner().unwrap();
    assert_eq!(compared.len(), scenarios.len());
    if golden::blessing() {
        std::fs::write(&path, differences.rewritten(&compared)).unwrap();
        return;
    }
    let judged = compared.iter().filter_map(|(name, (theirs, ours))| {
        let why = differences.judge(name, theirs, ours).err()?;
        Some(format!("{name}\n{why}"))
    });
    let failures: Vec<_> = judged.collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn filters_see_what_they_see_in_envoy() {
    compare(&Machine::Native);
}

#[test]
fn and_on_aarch64() {
    if let Some(aarch64) = aarch64::find_or_skip() {
        compare(&Machine::Aarch64(aarch64));
    }
}
